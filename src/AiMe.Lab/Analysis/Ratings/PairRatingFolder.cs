using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>The ratings that are kept beside a store: a file <c>ratings/RUN.NAME.jsonl</c> for each run and rater.</summary>
/// <remarks>The terminal and the live view use the same files, so each resumes where the other stopped.</remarks>
public static class PairRatingFolder
{
    /// <summary>Name of the folder in the store's root.</summary>
    public const string Name = "ratings";

    private const string Suffix = ".jsonl";

    /// <summary>The file of a rater.</summary>
    /// <param name="root">The store's root.</param>
    /// <param name="run">Id of the run.</param>
    /// <param name="rater">A name without fault (<see cref="RaterName"/>), so that it has neither dot nor slash.</param>
    public static string FileOf(string root, string run, string rater) => Path.Combine(root, Name, $"{run}.{rater}{Suffix}");

    /// <summary>The files of all raters of a run, by name; empty if nobody has rated it.</summary>
    public static ImmutableArray<string> FilesOf(string root, string run)
    {
        var folder = Path.Combine(root, Name);
        if (!Directory.Exists(folder))
            return [];
        return
        [
            .. Directory
                .EnumerateFiles(folder, $"*{Suffix}")
                .Where(f => IsOf(Path.GetFileNameWithoutExtension(f), run))
                .Order(StringComparer.Ordinal),
        ];
    }

    // The name of a run may have dots; that of a rater has none.
    private static bool IsOf(string name, string run) =>
        name.LastIndexOf('.') is > 0 and var dot && name[..dot] == run && RaterName.FaultOf(name[(dot + 1)..]) is null;
}
