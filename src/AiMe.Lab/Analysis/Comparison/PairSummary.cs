using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A comparison of two variants by one measure, replicate by replicate.</summary>
/// <param name="Difference">First minus second, over the units that have both, with a 95% Student interval.</param>
public sealed record PairSummary(string First, string Second, Measure Measure, Estimate Difference)
{
    // Of the drawn signs of the exploratory test.
    private ulong Seed { get; init; }

    /// <summary>First minus second, one per unit that has both: a replicate, or the mean over the replicates of a charter.</summary>
    public ImmutableArray<double> Differences { get; init; } = [];

    /// <summary>The test of this difference that was declared beforehand; null if it is exploratory.</summary>
    public DeclaredTest? Test { get; init; }

    /// <summary>
    /// The declared test's; else of an exploratory two-sided sign-flip test, computed on each call. In (0, 1]; NaN without a
    /// pair, or if the difference is fixed.
    /// </summary>
    public double P =>
        Test is not null ? Test.P
        : IsFixed ? double.NaN
        : SignFlip.PValue(Differences.AsSpan(), Seed);

    /// <summary>Whether it was declared beforehand; otherwise it is exploratory.</summary>
    public bool Declared => Test is not null;

    /// <summary>After Holm's correction over the declared family; NaN if not declared.</summary>
    public double CorrectedP => Test?.CorrectedP ?? double.NaN;

    /// <summary>Whether it is declared, but no result with so many pairs could be significant.</summary>
    public bool CannotReach => Test?.CannotReach == true;

    /// <summary>Whether the difference may be claimed: the declared test supports it.</summary>
    public bool IsClaim => Test?.Verdict == TestVerdict.Supported;

    /// <summary>Variants that could not change by this measure, because their weights did not.</summary>
    public ImmutableArray<string> Still { get; init; } = [];

    /// <summary>
    /// Whether one side could not change, so that there is nothing to test: all differences have the same sign.
    /// </summary>
    public bool IsFixed => !Still.IsEmpty;

    /// <summary>The mean of each variant over the units that have both; NaN without any.</summary>
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

    /// <summary>The minimum number of pairs for significance in a family of default comparisons.</summary>
    /// <returns>2 or more; null if no number suffices.</returns>
    public static int? PairsNeeded(int comparisons) => SignFlip.FewestPairs(DefaultAnalysis.Alpha / comparisons, Direction.Either);

    /// <summary>Computes every pair of variants by every measure.</summary>
    /// <param name="tests">The declared tests at this generation.</param>
    /// <param name="units">What counts once.</param>
    /// <param name="seed">For the sampled signs beyond <see cref="SignFlip.ExactUpTo"/> pairs.</param>
    public static ImmutableArray<PairSummary> All(
        ImmutableArray<VariantSummary> variants,
        IReadOnlyList<InstanceSummary> instances,
        int generation,
        int budget,
        ImmutableArray<DeclaredTest> tests,
        AnalysisUnits units,
        Seed seed
    ) =>
        [
            .. variants
                .SelectMany((a, i) => variants.Skip(i + 1).Select(b => (A: a, B: b)))
                .SelectMany(p => Measure.All.Select(m => Of(p.A, p.B, m, instances, generation, budget, tests, units, seed))),
        ];

    private static PairSummary Of(
        VariantSummary a,
        VariantSummary b,
        Measure measure,
        IReadOnlyList<InstanceSummary> instances,
        int generation,
        int budget,
        ImmutableArray<DeclaredTest> tests,
        AnalysisUnits units,
        Seed seed
    )
    {
        double[][] both = UnitMeans.Of(
            instances
                .Where(l => l.Variant == a.Name)
                .OrderBy(l => l.Replicate)
                .Select(l => (l.Replicate, new[] { measure.Of(l, generation, budget), ValueIn(b.Name, l.Replicate) }))
                .Where(v => !double.IsNaN(v.Item2[0] - v.Item2[1])),
            units
        );
        double[] differences = [.. both.Select(v => v[0] - v[1])];
        var test = tests.FirstOrDefault(t =>
            t.Method == TestMethod.SignFlip && t.Measure.Key == measure.Key && t.Variants.Contains(a.Name) && t.Variants.Contains(b.Name)
        );
        ImmutableArray<string> still = [.. new[] { a, b }.Where(v => v.IsFixed(measure)).Select(v => v.Name)];
        return new PairSummary(
            a.Name,
            b.Name,
            measure,
            Estimate.Of(differences, measure.Least - measure.Most, measure.Most - measure.Least)
        )
        {
            Seed = seed.Derive("sign-flip", a.Name, b.Name, measure.Key).Value,
            Test = test,
            Differences = [.. differences],
            Means = (Mean.Of([.. both.Select(v => v[0])]), Mean.Of([.. both.Select(v => v[1])])),
            Still = still,
        };

        double ValueIn(string variant, int replicate) =>
            instances.FirstOrDefault(l => l.Variant == variant && l.Replicate == replicate) is { } instance
                ? measure.Of(instance, generation, budget)
                : double.NaN;
    }
}
