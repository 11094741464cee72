using AiMe.Corpora;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>A <c>--set path=value</c> of the command line, which replaces one value of the file.</summary>
internal static class Override
{
    /// <summary>The root with every override applied in order; the last one for a path wins.</summary>
    public static MappingNode Apply(MappingNode root, IEnumerable<string> sets, Problems problems)
    {
        foreach (var set in sets)
            root = Apply(root, set, problems);
        return root;
    }

    private static MappingNode Apply(MappingNode root, string set, Problems problems)
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
        return With(root, "", keys, value, problems);
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
            return (name == "train" ? LengthReader.Replacing(root, key) : root).With(new(value.At, key, value));

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
