using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Matrices;

/// <summary>An axis of a matrix: a setting and its values.</summary>
/// <param name="Key">The setting with its section, such as <c>train.anchor.fraction</c>.</param>
/// <param name="At">The place of the key.</param>
/// <param name="Values">In the order of the file, at least one.</param>
internal sealed record SettingAxis(string Key, Place At, ImmutableArray<YamlNode> Values)
{
    /// <summary>Whether the axes set the same: the key of one is the beginning of the other's.</summary>
    public bool Overlaps(SettingAxis other) => BeginsWith(Key, other.Key) || BeginsWith(other.Key, Key);

    /// <summary>
    /// Whether the values have an order: numbers must rise or fall, and other values are in the order of the file.
    /// </summary>
    public bool IsOrdered()
    {
        decimal?[] numbers = [.. Values.Select(MatrixNames.Number)];
        if (numbers.Any(n => n is null))
            return true;
        var steps = numbers.Zip(numbers.Skip(1), (a, b) => Math.Sign(b!.Value - a!.Value)).Distinct().ToArray();
        return steps is [] or [not 0];
    }

    private static bool BeginsWith(string key, string part) => key == part || key.StartsWith($"{part}.", StringComparison.Ordinal);
}
