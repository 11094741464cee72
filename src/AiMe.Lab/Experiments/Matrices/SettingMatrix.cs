using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Matrices;

/// <summary>The product of axes: one variant for each combination of values; the last axis changes fastest.</summary>
/// <param name="Names">Names of the variants, in the order of the product.</param>
internal sealed record SettingMatrix(ImmutableArray<SettingAxis> Axes, ImmutableArray<string> Names)
{
    /// <summary>No axes, and no variants.</summary>
    public static SettingMatrix None { get; } = new([], []);

    /// <summary>The value of each axis in a variant, as indices from 0.</summary>
    public static ImmutableArray<int> ValuesOf(ImmutableArray<SettingAxis> axes, int variant)
    {
        var indices = new int[axes.Length];
        for (var a = axes.Length - 1; a >= 0; a--)
            (variant, indices[a]) = Math.DivRem(variant, axes[a].Values.Length);
        return [.. indices];
    }

    /// <summary>What a variant sets, in the form of a variant of the file.</summary>
    public MappingNode SettingsOf(int variant)
    {
        MappingNode settings = new(Axes[0].At, []);
        foreach (var (axis, value) in Axes.Zip(ValuesOf(Axes, variant)))
            settings = With(settings, axis.Key.Split('.'), axis.Values[value], axis.At);
        return settings;
    }

    /// <summary>
    /// For each combination of the other axes: the variants in the order of this axis.
    /// </summary>
    public IEnumerable<ImmutableArray<string>> Along(SettingAxis axis)
    {
        var a = Axes.IndexOf(axis);
        return Names
            .Select((name, i) => (name, others: ValuesOf(Axes, i).SetItem(a, 0)))
            .GroupBy(v => string.Join(' ', v.others), StringComparer.Ordinal)
            .Select(g => g.Select(v => v.name).ToImmutableArray());
    }

    private static MappingNode With(MappingNode settings, ReadOnlySpan<string> keys, YamlNode value, Place at)
    {
        var key = keys[0];
        if (keys.Length == 1)
            return settings.With(new(at, key, value));
        var inner = settings.Entries.FirstOrDefault(e => e.Key == key)?.Value as MappingNode ?? new MappingNode(at, []);
        return settings.With(new(at, key, With(inner, keys[1..], value, at)));
    }
}
