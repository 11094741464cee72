using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>A form of a declared contrast.</summary>
/// <param name="Says">Description for editors.</param>
/// <param name="NoDirection">Why it has no direction; null if it may have one.</param>
internal sealed record ContrastForm(
    string Key,
    string Example,
    string Says,
    string? NoDirection,
    Func<VariantNames, FieldReader, EffectDirection, ImmutableArray<DeclaredContrast>> Read
)
{
    public const string AllPairs = "all-pairs";

    /// <summary>Every form by its key. To add a form, add a line.</summary>
    public static ImmutableArray<ContrastForm> Table { get; } =
    [
        new("pair", "{pair: [a, b]}", "two variants: the first minus the second", null, (names, f, direction) =>
            names.Pair(f) is var (a, b) ? [new DeclaredContrast.Pair(a, b, direction)] : []
        ),
        new("against", "{against: a}", "a variant: every other one minus this one", null, (names, f, direction) =>
            names.Against(f, direction)
        ),
        new(
            "ordered",
            "{ordered: [a, b, c]}",
            "three variants or more, in order; or a setting of the matrix: its values in order, for each combination of the others",
            null,
            (names, f, direction) => names.Ordered(f, direction)
        ),
        new(
            "equivalent",
            "{equivalent: [a, b]}",
            "two variants that are claimed to differ by less than the smallest effect",
            "an equivalence has no direction; remove the key",
            (names, f, _) => names.Pair(f) is var (a, b) ? [new DeclaredContrast.Equivalent(a, b)] : []
        ),
        new(
            AllPairs,
            AllPairs,
            "trained: all pairs of trained variants, in the order of the file; also as one word, all-pairs",
            "the pairs have the order of the file, so no direction fits all; declare a pair with its direction",
            (names, f, _) => names.AllPairs(f)
        ),
    ];

    /// <summary>All forms, for messages.</summary>
    public static string Examples => string.Join(", ", Table.Select(f => f.Example));
}
