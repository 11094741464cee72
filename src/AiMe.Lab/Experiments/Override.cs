using AiMe.Corpora;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>
/// A <c>--set path=value</c> of the command line, which replaces one value of the file; a list of values makes an axis of
/// the matrix.
/// </summary>
internal static class Override
{
    /// <summary>The root with every override applied in order; the last one for a path wins.</summary>
    public static MappingNode Apply(MappingNode root, IEnumerable<string> sets, Problems problems)
    {
        HashSet<string> swept = new(StringComparer.Ordinal);
        foreach (var set in sets)
            root = Apply(root, set, swept, problems);
        return root;
    }

    /// <param name="swept">The keys that earlier overrides made axes of the matrix.</param>
    private static MappingNode Apply(MappingNode root, string set, HashSet<string> swept, Problems problems)
    {
        var at = Place.OfSet(set);
        var equals = set.IndexOf('=', StringComparison.Ordinal);
        var path = equals < 0 ? set : set[..equals].Trim();
        var keys = path.Split('.');
        if (equals < 0 || Array.Exists(keys, k => k.Length == 0))
        {
            problems.Fail(at, "", "expected path=value with a dotted path, such as train.every=12");
            return root;
        }

        if (YamlText.ReadSet(at, path, set[(equals + 1)..], problems) is not { } value || NamesNoVariant(root, keys, at, problems))
            return root;
        if (keys is ["matrix", _, _, ..])
            keys = ["matrix", string.Join('.', keys[1..])]; // the key of an axis is written with points
        else if (value is SequenceNode && IsSweep(keys))
        {
            swept.Add(path);
            keys = ["matrix", path];
        }
        else if (swept.Remove(path))
            root = WithoutAxis(root, path);
        return With(root, "", keys, value, problems);
    }

    // A list of values for a setting that takes one value makes an axis of the matrix. A setting that takes a list, such as
    // curate, keeps its meaning.
    private static bool IsSweep(string[] keys) =>
        VariantReader.Sections.Contains(keys[0], StringComparer.Ordinal)
        && (keys is not ["model", ..] || keys is [_, var key] && VariantModelReader.Keys.Contains(key, StringComparer.Ordinal))
        && !ExperimentSchema.TakesList(keys);

    private static MappingNode WithoutAxis(MappingNode root, string axis)
    {
        var entry = root.Entries.First(e => e.Key == "matrix");
        var matrix = (MappingNode)entry.Value;
        var left = matrix with { Entries = [.. matrix.Entries.Where(e => e.Key != axis)] };
        return left.Entries.IsEmpty ? root with { Entries = root.Entries.Remove(entry) } : root.With(entry with { Value = left });
    }

    // Without this check, a misspelt variant would add a variant.
    private static bool NamesNoVariant(MappingNode root, string[] keys, Place at, Problems problems)
    {
        if (
            keys is not ["variants", var name, _, ..]
            || root.Entries.FirstOrDefault(e => e.Key == "variants")?.Value is not MappingNode variants
        )
            return false;
        if (variants.Entries.Any(e => e.Key == name))
            return false;
        var names = variants.Entries.Select(e => e.Key);
        problems.Fail(
            at,
            $"variants.{name}",
            $"there is no such variant, expected one of {string.Join(", ", names)}, or all of variants.{name} to "
                + $"add one{Nearest.Hint(name, names)}"
        );
        return true;
    }

    /// <param name="name">Key of the root itself.</param>
    private static MappingNode With(MappingNode root, string name, ReadOnlySpan<string> keys, YamlNode value, Problems problems)
    {
        var key = keys[0];
        if (keys.Length == 1)
            return (name is "train" or "identity" ? LengthReader.Replacing(root, key) : root).With(new(value.At, key, value));

        var inner = root.Entries.FirstOrDefault(e => e.Key == key);
        switch (inner?.Value)
        {
            case null or ScalarNode { IsNothing: true }:
                return root.With(new(value.At, key, With(new(value.At, []), key, keys[1..], value, problems)));
            case MappingNode mapping:
                return root.With(inner with { Value = With(mapping, key, keys[1..], value, problems) });
            case var other:
                problems.Fail(value.At, key, $"found {other.Found} at {other.At}, which has no '{keys[1]}'; set '{key}' as a whole");
                return root;
        }
    }
}
