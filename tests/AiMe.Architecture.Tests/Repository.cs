using System.Runtime.CompilerServices;

namespace AiMe.Architecture.Tests;

/// <summary>The source tree, as these tests read it.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    // Read once: two dozen tests go through all of them.
    private static readonly Lazy<(string Path, string Text)[]> s_sources = new(() => Files("*.cs"));

    /// <summary>Source files below a folder of src, by path relative to src, with their text.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string folder = "") =>
        folder == "" ? s_sources.Value : s_sources.Value.Where(s => s.Path.StartsWith($"{folder}/", StringComparison.Ordinal));

    /// <summary>Files below src whose names match, by path relative to src, with their text.</summary>
    public static (string Path, string Text)[] Files(params string[] patterns)
    {
        var src = Path.Combine(Root, "src");
        return
        [
            .. patterns
                .SelectMany(p => Directory.EnumerateFiles(src, p, SearchOption.AllDirectories))
                .Select(f => Path.GetRelativePath(src, f).Replace('\\', '/'))
                .Where(f => !f.Split('/').Any(part => part is "obj" or "bin"))
                .Order(StringComparer.Ordinal)
                .Select(f => (f, File.ReadAllText(Path.Combine(src, f)))),
        ];
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
