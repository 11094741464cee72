using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>The shown part of a comparison, and its order. It changes no figure, no p and no family.</summary>
/// <param name="Variants">Patterns of names, one of which must match; empty for all.</param>
/// <param name="Filters">All must match.</param>
/// <param name="Measures">In the order of the output; empty for the default ones.</param>
/// <param name="Sort">
/// Sort order, undefined last, ties in the order of the file; null for the order of the file.
/// </param>
/// <param name="Baseline">The variant that the others are compared with, or null. It is always shown.</param>
public sealed record Selection(
    ImmutableArray<string> Variants,
    ImmutableArray<RunFilter> Filters,
    ImmutableArray<Measure> Measures,
    Measure? Sort,
    bool Descending,
    string? Baseline
)
{
    /// <summary>Everything, in the order of the plan.</summary>
    public static readonly Selection All = new([], [], [], null, false, null);

    /// <summary>Whether variants are selected.</summary>
    public bool Chooses => Variants.Length + Filters.Length > 0;

    /// <summary>Whether a variant is shown.</summary>
    public bool Admits(VariantSummary variant) =>
        variant.Name == Baseline
        || ((Variants.IsEmpty || Variants.Any(p => Glob.Fits(p, variant.Name))) && Filters.All(f => f.Admits(variant)));

    /// <summary>Sorts variants for the output.</summary>
    public IEnumerable<VariantSummary> Ordered(IEnumerable<VariantSummary> variants)
    {
        if (Sort is not { } by)
            return variants;
        var defined = variants.OrderBy(v => double.IsNaN(v.Last(by).Mean)); // stable: ties keep their order
        return Descending ? defined.ThenByDescending(v => v.Last(by).Mean) : defined.ThenBy(v => v.Last(by).Mean);
    }
}
