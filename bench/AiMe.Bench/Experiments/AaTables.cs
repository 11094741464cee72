using System.Collections.Immutable;
using AiMe.Bench.Statistics;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using MathNet.Numerics.Distributions;

namespace AiMe.Bench.Experiments;

/// <summary>How often A/A experiments reject.</summary>
internal sealed class AaTables(IReadOnlyList<AaResult> results)
{
    // Issue 17: at most 16 of 200. Binomial with .05, this is exceeded in 2.4 of 100 tests.
    private const int MostRejected = 16;
    private const int OfExperiments = 200;

    /// <summary>The most rejections that are not flagged.</summary>
    public int Most { get; } = results.Count * MostRejected / OfExperiments;

    /// <summary>How many there were.</summary>
    public int Experiments => results.Count;

    /// <summary>Each test by itself, uncorrected.</summary>
    public MarkdownTable Unadjusted() =>
        new(
            $"A/A: unadjusted tests at a nominal {AaFamilies.Alpha}, {results.Count} experiments of {Replicates} replicates",
            ["test", "rejected", "attainable size", "limits at that size", "size given the values", "flag"],
            [.. Places().Select(Row)]
        );

    /// <summary>Families with a rejection after Holm's correction.</summary>
    public MarkdownTable Families() =>
        new(
            $"A/A: families with any rejection after Holm's correction at {AaFamilies.Alpha}, {results.Count} experiments",
            ["family", "tests", "rejected", $"limits at {AaFamilies.Alpha}", "size given the values", "flag"],
            [
                .. AaFamilies.All.Select(
                    (family, f) =>
                        (string[])
                            [
                                family.Name,
                                $"{results[0].Tests[f].Length}",
                                $"{results.Count(r => r.Tests[f].Any(IsCorrectedRejected))}",
                                Limits(AaFamilies.Alpha),
                                Share(results.SelectMany(r => r.Relabelled).Select(t => t[f].Any(IsCorrectedRejected))),
                                Flag(results.Count(r => r.Tests[f].Any(IsCorrectedRejected))),
                            ]
                ),
            ]
        );

    /// <summary>How many of the tests would be flagged by chance, if each had its attainable size.</summary>
    public double FlaggedByChance() => Places().Sum(p => 1 - Binomial.CDF(Attainable(p), results.Count, Most));

    /// <summary>How many are flagged.</summary>
    public int Flagged() => Places().Count(p => Rejected(p) > Most);

    private int Replicates => results[0].Tests.Max(f => f.Max(t => t.N));

    // The default family and that of one pair share a test.
    private IEnumerable<(int Family, int Test)> Places() =>
        results[0]
            .Tests.SelectMany((family, f) => family.Select((_, t) => (Family: f, Test: t)))
            .DistinctBy(p => NameOf(results[0].Tests[p.Family][p.Test]));

    private string[] Row((int Family, int Test) place) =>
        [
            NameOf(results[0].Tests[place.Family][place.Test]),
            $"{Rejected(place)}",
            MarkdownTable.Number(Attainable(place), 4),
            Limits(Attainable(place)),
            Share(results.SelectMany(r => r.Relabelled).Select(t => IsRejected(t[place.Family][place.Test]))),
            Flag(Rejected(place)),
        ];

    private int Rejected((int Family, int Test) place) => results.Count(r => IsRejected(r.Tests[place.Family][place.Test]));

    // A replicate without the outcome lowers it: the mean over the experiments. Without any replicate nothing is rejected.
    private double Attainable((int Family, int Test) place) =>
        results.Select(r => r.Tests[place.Family][place.Test].AttainableSize).Average(size => double.IsNaN(size) ? 0 : size);

    private string Limits(double size)
    {
        var n = results.Count;
        return $"{Quantile(0.025)} to {Quantile(0.975)}";

        int Quantile(double share) => Enumerable.Range(0, n + 1).First(k => Binomial.CDF(size, n, k) >= share);
    }

    private string Flag(int rejected) => rejected > Most ? $"more than {Most}" : "";

    private static bool IsRejected(DeclaredTest test) => test.P <= AaFamilies.Alpha;

    private static bool IsCorrectedRejected(DeclaredTest test) => test.CorrectedP <= AaFamilies.Alpha;

    private static string Share(IEnumerable<bool> held)
    {
        bool[] all = [.. held];
        return all.Length == 0 ? "-" : MarkdownTable.Number(all.Average(h => h ? 1.0 : 0), 4);
    }

    private static string NameOf(DeclaredTest test)
    {
        var outcome = test.Outcome is DeclaredOutcome.Survival s
            ? $"survival, {s.Measure} {(s.Above ? "above" : "below")} {s.Bound}"
            : test.Measure.Key;
        var method = test.Method switch
        {
            TestMethod.SignFlip => "sign flips",
            TestMethod.Page => "Page",
            TestMethod.LogRank => "log-rank",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var direction = test.Direction == EffectDirection.Either ? "two-sided" : "directed";
        return $"{method}, {direction}, {string.Join(", ", test.Variants)}: {outcome}";
    }
}
