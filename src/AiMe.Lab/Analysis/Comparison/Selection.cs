using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What of a comparison is shown, and in which order. It changes no figure, no p and no family: these are the plan's.</summary>
/// <param name="Variants">Patterns of names, of which a variant must fit one; none for all.</param>
/// <param name="Filters">All of which a variant must pass.</param>
/// <param name="Measures">In the order in which they are shown; none for the usual ones.</param>
/// <param name="Sort">By which variants are sorted, undefined last, ties in the order of the file; null for the order of the file.</param>
/// <param name="Baseline">The variant that every other is compared with, or null. It is always shown, whatever the filters.</param>
public sealed record Selection(
    ImmutableArray<string> Variants,
    ImmutableArray<RunFilter> Filters,
    ImmutableArray<Measure> Measures,
    Measure? Sort,
    bool Descending,
    string? Baseline
)
{
    /// <summary>Everything, as the plan has it.</summary>
    public static readonly Selection All = new([], [], [], null, false, null);

    /// <summary>Whether variants are chosen.</summary>
    public bool Chooses => Variants.Length + Filters.Length > 0;

    /// <summary>Whether a variant is shown.</summary>
    public bool Admits(VariantSummary variant) =>
        variant.Name == Baseline
        || ((Variants.IsEmpty || Variants.Any(p => Glob.Fits(p, variant.Name))) && Filters.All(f => f.Admits(variant)));

    /// <summary>Variants in the order in which they are shown.</summary>
    public IEnumerable<VariantSummary> Ordered(IEnumerable<VariantSummary> variants)
    {
        if (Sort is not { } by)
            return variants;
        var defined = variants.OrderBy(v => double.IsNaN(v.Last(by).Mean)); // stable, so ties stay as they are
        return Descending ? defined.ThenByDescending(v => v.Last(by).Mean) : defined.ThenBy(v => v.Last(by).Mean);
    }
}
