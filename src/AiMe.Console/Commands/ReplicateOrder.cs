using System.Collections.Immutable;
using AiMe.Lab.Experiments;

namespace AiMe.Console.Commands;

/// <summary>What <c>aime replicate</c> is asked for.</summary>
/// <param name="Names">Shipped replications, or files; empty for a list.</param>
/// <param name="All">Whether they are all shipped ones.</param>
/// <param name="Quick">Whether the small form is run, on a development seed.</param>
/// <param name="Seed">Another seed in place of those of the file; null for those.</param>
/// <param name="Page">The Markdown page to write; null for none.</param>
/// <param name="Reports">The folder of the reports; null for none.</param>
internal sealed record ReplicateOrder(
    ImmutableArray<string> Names,
    bool All,
    bool Quick,
    long? Seed,
    string? Page,
    string? Reports,
    bool Json
)
{
    /// <summary>Whether the runs are not those that a verdict is of.</summary>
    public bool IsLook => Quick || Seed is not null;

    /// <summary>Refuses what cannot be done, before anything is run.</summary>
    /// <exception cref="UsageException">Options contradict each other, or a file cannot be written.</exception>
    public void Check()
    {
        if (Names.Length == 0 && (Quick || Seed is not null || Page is not null || Reports is not null))
            throw new UsageException("found options and no replication, expected a name, a file or --all; without any a list is printed");
        if (Page is not null && (!All || IsLook))
            throw new UsageException("--out: the page holds the verdicts of all replications; expected --all without --quick and --seed");
        if (Page is not null)
            ExportTarget.Check(Page, force: true);
        if (Reports is not null && File.Exists(Reports))
            throw new UsageException($"--reports: {Reports} is a file, expected a folder");
    }

    /// <summary>The seeds to run: those of a verdict are not spent on a look.</summary>
    public IEnumerable<long> SeedsOf(Replication about) =>
        Seed is { } one ? [one]
        : !Quick ? about.Seeds
        : about.DevelopedOn.IsEmpty ? about.Seeds.Take(1)
        : about.DevelopedOn.Take(1);
}
