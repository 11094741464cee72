using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Matrices;

/// <summary>Finds the axis that sets a value of a matrix's variant.</summary>
internal static class MatrixPlace
{
    /// <summary>The entry of the axis; null if a listed variant has this name, or if no axis sets the value.</summary>
    /// <param name="path">The value: a section, or a section and a key.</param>
    public static MappingEntry? Of(MappingNode root, string variant, string path)
    {
        if (Child(root, "matrix") is not MappingNode matrix || (Child(root, "variants") as MappingNode)?.Entries.Any(IsIt) == true)
            return null;
        return matrix.Entries.FirstOrDefault(a => a.Key == path || IsWithin(a.Key, path) || IsWithin(path, a.Key));

        bool IsIt(MappingEntry entry) => entry.Key == variant;
    }

    private static bool IsWithin(string inner, string outer) => inner.StartsWith($"{outer}.", StringComparison.Ordinal);

    private static YamlNode? Child(MappingNode mapping, string key) => mapping.Entries.FirstOrDefault(e => e.Key == key)?.Value;
}
