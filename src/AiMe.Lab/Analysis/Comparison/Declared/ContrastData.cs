using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>What declared tests are computed from: the instances that count, at one generation.</summary>
/// <param name="Budget">Words for distinct-2.</param>
/// <param name="Seed">The run's; for drawn permutations and resamples.</param>
internal sealed record ContrastData(
    ImmutableArray<VariantSummary> Variants,
    IReadOnlyList<InstanceSummary> Instances,
    AnalysisUnits Units,
    int Generation,
    int Budget,
    Seed Seed
)
{
    /// <summary>The instances that count in a comparison, at its generation.</summary>
    public static ContrastData Of(RunComparison comparison) =>
        new(
            comparison.Variants,
            [.. comparison.Counted],
            comparison.Plan.Units,
            comparison.Generation,
            comparison.WordBudget,
            comparison.Plan.Seed
        );

    /// <summary>
    /// The values of a measure in the units that have it in every variant, in their order: of a charter, the means over its replicates
    /// that have it in every variant.
    /// </summary>
    /// <returns>Shape (units, variants).</returns>
    public double[][] Blocks(Measure measure, ImmutableArray<string> variants) =>
        UnitMeans.Of(Replicates.Select(r => (r, variants.Select(v => ValueIn(v, r, measure)).ToArray())), Units);

    /// <summary>The replicates of all units, from 1.</summary>
    public IEnumerable<int> Replicates => Enumerable.Range(1, Units.Count * Units.PerUnit);

    /// <summary>Second subtracted from first, in the units that have both.</summary>
    public double[] Differences(Measure measure, string first, string second) =>
        [.. Blocks(measure, [first, second]).Select(b => b[0] - b[1])];

    /// <summary>The same for each replicate of one unit that has both.</summary>
    /// <param name="unit">From 1.</param>
    public double[] DifferencesOf(int unit, Measure measure, string first, string second) =>
        [.. Units.ReplicatesOf(unit).Select(r => ValueIn(first, r, measure) - ValueIn(second, r, measure)).Where(d => !double.IsNaN(d))];

    /// <summary>When an instance crossed a bound; the time is NaN if it is missing or the measure is undefined throughout.</summary>
    public SurvivalTime TimeIn(string variant, int replicate, DeclaredOutcome.Survival outcome, Measure measure) =>
        Instance(variant, replicate) is { } instance
            ? SurvivalCurve.TimeOf(instance, outcome, measure, Generation, Budget)
            : new SurvivalTime(double.NaN, Happened: false);

    /// <summary>
    /// The instances of a variant that went on to the end of what is compared, and whose measure is undefined there. Such
    /// values are not missing at random: a measure of words is undefined if no answer has a word.
    /// </summary>
    public InstanceSummary[] UndefinedIn(string variant, DeclaredOutcome outcome, Measure measure) =>
        [
            .. Instances
                .Where(i => i.Variant == variant)
                .Where(i =>
                    outcome is DeclaredOutcome.Survival survival
                        ? SurvivalCurve.IsLost(i, survival, measure, Generation, Budget)
                        : i.Reached >= Generation && double.IsNaN(measure.Of(i, Generation, Budget))
                ),
        ];

    private double ValueIn(string variant, int replicate, Measure measure) =>
        Instance(variant, replicate) is { } instance ? measure.Of(instance, Generation, Budget) : double.NaN;

    private InstanceSummary? Instance(string variant, int replicate) =>
        Instances.FirstOrDefault(i => i.Variant == variant && i.Replicate == replicate);
}
