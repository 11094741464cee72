using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A comparison of two variants by one measure, replicate by replicate.</summary>
/// <param name="Difference">First minus second, over the replicates that have both.</param>
/// <param name="P">Two-sided sign-flip test, in (0, 1]; NaN without a pair, or if the difference is fixed.</param>
/// <param name="CorrectedP">After Holm's correction over the declared family; NaN if not declared.</param>
/// <param name="Declared">Whether it belongs to the family declared beforehand; otherwise it is exploratory.</param>
/// <param name="CannotReach">Whether it is declared, but no result with so many pairs could be significant.</param>
public sealed record PairSummary(
    string First,
    string Second,
    Measure Measure,
    Estimate Difference,
    double P,
    double CorrectedP,
    bool Declared,
    bool CannotReach
)
{
    /// <summary>First minus second, one per replicate that has both.</summary>
    public ImmutableArray<double> Differences { get; init; } = [];

    /// <summary>Variants that could not change by this measure, because their weights did not.</summary>
    public ImmutableArray<string> Still { get; init; } = [];

    /// <summary>
    /// Whether one side could not change, so that there is nothing to test: all differences have the same sign.
    /// </summary>
    public bool IsFixed => !Still.IsEmpty;

    /// <summary>The mean of each variant over the replicates that have both; NaN without any.</summary>
    public (double First, double Second) Means { get; init; } = (double.NaN, double.NaN);

    /// <summary>Effect sizes; undefined if the difference is fixed. Computed on each call.</summary>
    public EffectSize Effect => IsFixed ? EffectSize.None : EffectSize.Of(Differences.AsSpan());

    /// <summary>The same pair in reverse order; the p of the two-sided test is unchanged.</summary>
    public PairSummary Reversed =>
        this with
        {
            First = Second,
            Second = First,
            Difference = new Estimate(-Difference.Mean, -Difference.High, -Difference.Low, Difference.N),
            Differences = [.. Differences.Select(d => -d)],
            Means = (Means.Second, Means.First),
        };

    /// <summary>Significance level of the declared family.</summary>
    public const double Alpha = 0.05;

    /// <summary>
    /// Whether the difference may be claimed: declared, significant after correction, interval excludes 0.
    /// </summary>
    public bool IsClaim => CorrectedP <= Alpha && (Difference.IsAbove(0) || Difference.IsBelow(0));

    /// <summary>The minimum number of pairs for significance in a family of comparisons.</summary>
    /// <returns>2 or more; null if no number suffices.</returns>
    public static int? PairsNeeded(int comparisons) =>
        Enumerable
            .Range(2, SignFlip.ExactUpTo)
            .Select(n => (int?)n)
            .FirstOrDefault(n => SignFlip.SmallestPossibleP(n!.Value) * comparisons <= Alpha);

    /// <summary>Computes every pair of variants by every measure.</summary>
    /// <remarks>
    /// Declared: bare drift, each pair of variants that the plan trains. A variant that is never trained has a bare
    /// drift of 0 by construction, and drift is never negative: a test against a constant 0 would be meaningless. If
    /// the gate promoted nothing, the same holds, but this is known only afterwards: such a pair is not tested but
    /// still counts in the family.
    /// </remarks>
    /// <param name="family">
    /// Whether there is a declared family at this generation: not at one selected afterwards.
    /// </param>
    /// <param name="seed">For the sampled signs beyond <see cref="SignFlip.ExactUpTo"/> pairs.</param>
    public static ImmutableArray<PairSummary> All(
        ImmutableArray<VariantSummary> variants,
        IReadOnlyList<InstanceSummary> instances,
        int generation,
        int budget,
        bool family,
        Seed seed
    )
    {
        var pairs = variants
            .SelectMany((a, i) => variants.Skip(i + 1).Select(b => (A: a, B: b)))
            .SelectMany(p => Measure.All.Select(m => Of(p.A, p.B, m, instances, generation, budget, family, seed)))
            .ToArray();
        var declared = Enumerable.Range(0, pairs.Length).Where(i => pairs[i].Declared).ToArray();
        var corrected = Holm.Adjust([.. declared.Select(i => pairs[i].P)]);
        var best = Holm.Adjust([.. declared.Select(i => SignFlip.SmallestPossibleP(pairs[i].Difference.N))]);
        for (var k = 0; k < declared.Length; k++)
            pairs[declared[k]] = pairs[declared[k]] with { CorrectedP = corrected[k], CannotReach = !(best[k] <= Alpha) };
        return [.. pairs];
    }

    private static PairSummary Of(
        VariantSummary a,
        VariantSummary b,
        Measure measure,
        IReadOnlyList<InstanceSummary> instances,
        int generation,
        int budget,
        bool family,
        Seed seed
    )
    {
        (double A, double B)[] both =
        [
            .. instances
                .Where(l => l.Variant == a.Name)
                .OrderBy(l => l.Replicate)
                .Select(l => (measure.Of(l, generation, budget), ValueIn(b.Name, l.Replicate)))
                .Where(v => !double.IsNaN(v.Item1 - v.Item2)),
        ];
        double[] differences = [.. both.Select(v => v.A - v.B)];
        var eitherNeverTrained = a.Weights == Weighting.NeverTrained || b.Weights == Weighting.NeverTrained;
        ImmutableArray<string> still = [.. new[] { a, b }.Where(v => v.IsFixed(measure)).Select(v => v.Name)];
        return new PairSummary(
            a.Name,
            b.Name,
            measure,
            Estimate.Of(differences, measure.Least - measure.Most, measure.Most - measure.Least),
            !still.IsEmpty ? double.NaN : SignFlip.PValue(differences, seed.Derive("sign-flip", a.Name, b.Name, measure.Key).Value),
            double.NaN,
            family && measure.Key == Measure.BareDrift.Key && !eitherNeverTrained,
            CannotReach: false
        )
        {
            Differences = [.. differences],
            Means = (Mean.Of([.. both.Select(v => v.A)]), Mean.Of([.. both.Select(v => v.B)])),
            Still = still,
        };

        double ValueIn(string variant, int replicate) =>
            instances.FirstOrDefault(l => l.Variant == variant && l.Replicate == replicate) is { } instance
                ? measure.Of(instance, generation, budget)
                : double.NaN;
    }
}
