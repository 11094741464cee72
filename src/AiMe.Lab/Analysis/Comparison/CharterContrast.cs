using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A difference of two variants, charter by charter.</summary>
/// <param name="First">A variant.</param>
/// <param name="Second">The variant that is subtracted.</param>
/// <param name="Charters">Those with a replicate that has both, in the order of the plan.</param>
/// <param name="Scatter">Of the replicates' differences, between charters and within them.</param>
public sealed record CharterContrast(
    string First,
    string Second,
    Measure Measure,
    ImmutableArray<CharterDifference> Charters,
    VarianceComponents Scatter
)
{
    private const int Most = 3;

    /// <summary>The mean of the charters' differences with its interval: that of the declared test, else of the pair.</summary>
    public Estimate Estimate { get; init; } = Estimate.None;

    /// <summary>The declared test of this difference; null if it is exploratory.</summary>
    public DeclaredTest? Test { get; init; }

    /// <summary>Number of charters whose difference has the sign of the mean over charters.</summary>
    public int SameSign => Charters.Length == 0 ? 0 : Charters.Count(c => c.Difference * Charters.Average(o => o.Difference) > 0);

    /// <summary>
    /// The contrasts of the declared tests of pairs, at most three; without such a test that of bare drift between the first pair. Empty
    /// unless charters are compared.
    /// </summary>
    public static ImmutableArray<CharterContrast> All(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (!comparison.Plan.Units.AreCharters || comparison.Generation == 0)
            return [];
        var data = ContrastData.Of(comparison);
        DeclaredTest[] declared =
        [
            .. comparison
                .Tests.Where(t => t.Outcome is DeclaredOutcome.Value && t.Variants.Length == 2 && t.Still.IsEmpty)
                .DistinctBy(t => (t.Variants[0], t.Variants[1], t.Measure))
                .Take(Most),
        ];
        return declared.Length > 0
            ?
            [
                .. declared.Select(t =>
                    Of(t.Variants[0], t.Variants[1], t.Measure, comparison.Plan, data) with
                    {
                        Estimate = t.Estimate,
                        Test = t,
                    }
                ),
            ]
            :
            [
                .. comparison
                    .Pairs.Where(p => p.Measure.Key == Measure.BareDrift.Key)
                    .Take(1)
                    .Select(p => Of(p.First, p.Second, p.Measure, comparison.Plan, data) with { Estimate = p.Difference }),
            ];
    }

    private static CharterContrast Of(string first, string second, Measure measure, RunPlan plan, ContrastData data)
    {
        var charters = plan.Charters!.Value;
        (string Charter, double[] Differences)[] all =
        [
            .. charters.Index().Select(c => (c.Item.Charter.Name, data.DifferencesOf(c.Index + 1, measure, first, second))),
        ];
        return new(
            first,
            second,
            measure,
            [
                .. all.Where(a => a.Differences.Length > 0)
                    .Select(a => new CharterDifference(a.Charter, Mean.Of(a.Differences), a.Differences.Length)),
            ],
            VarianceComponents.Of(all.Select(a => a.Differences))
        );
    }
}

/// <summary>The mean difference of one charter.</summary>
/// <param name="Charter">Its name.</param>
/// <param name="Difference">First minus second, the mean over its replicates that have both.</param>
/// <param name="Replicates">Number of such replicates.</param>
public sealed record CharterDifference(string Charter, double Difference, int Replicates);
