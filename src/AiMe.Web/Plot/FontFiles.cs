using System.Collections.Immutable;

namespace AiMe.Web.Plot;

/// <summary>Finds a font file on the machine, without fontconfig. No font is shipped with AiMe.</summary>
public static class FontFiles
{
    // Sans serif families that are common and have Latin, Greek and Cyrillic letters; the regular file, then the bold one.
    private static readonly ImmutableArray<(string Regular, string Bold)> s_known =
    [
        ("Inter-Regular.ttf", "Inter-Bold.ttf"),
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
        ("SourceSans3-Regular.ttf", "SourceSans3-Bold.ttf"),
        ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
        ("Arial.ttf", "Arial Bold.ttf"),
        ("arial.ttf", "arialbd.ttf"),
        ("segoeui.ttf", "segoeuib.ttf"),
        ("Helvetica.ttc", "Helvetica.ttc"),
        ("FreeSans.ttf", "FreeSansBold.ttf"),
    ];

    /// <summary>The folders in which fonts are searched.</summary>
    public static ImmutableArray<string> Folders { get; } =
    [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".fonts"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "fonts"),
        "/System/Library/Fonts",
        "/Library/Fonts",
        Environment.GetFolderPath(Environment.SpecialFolder.Fonts) is { Length: > 0 } own ? own : @"C:\Windows\Fonts",
    ];

    /// <summary>The regular and the bold file of the first known family that is found.</summary>
    /// <param name="chosen">A file to use instead; null for none.</param>
    /// <param name="folders">Where to search.</param>
    /// <exception cref="PlotException">No font was found.</exception>
    public static (string Regular, string Bold) Find(string? chosen, ImmutableArray<string> folders)
    {
        if (chosen is not null)
            return File.Exists(chosen)
                ? (chosen, chosen)
                : throw new PlotException($"--font: there is no file {chosen}, expected a font file (.ttf, .otf or .ttc)");
        var found = folders
            .Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.tt?", s_everywhere))
            .Order(StringComparer.Ordinal)
            .GroupBy(f => Path.GetFileName(f), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var (regular, bold) in s_known)
        {
            if (found.TryGetValue(regular, out var file))
                return (file, found.GetValueOrDefault(bold, file));
        }

        throw new PlotException(
            $"found no known font in {string.Join(", ", folders)}: name a font file with --font, or install one, such as the Debian "
                + "package fonts-dejavu-core"
        );
    }

    private static readonly EnumerationOptions s_everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
}
