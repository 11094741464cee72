using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Experiments;

/// <summary>How well a measure tells two variants apart, over experiments that differ in their seeds alone.</summary>
/// <param name="Mean">Over seeds of the mean paired difference, with a 95% Student interval; seeds without a pair are left out.</param>
/// <param name="Noise">Standard deviation over seeds of the mean paired difference of two variants with equal settings.</param>
/// <param name="Scatter">Standard deviation of paired differences within an experiment, pooled over seeds.</param>
/// <param name="Rejected">Share of the seeds with a pair whose two-sided sign-flip test rejects.</param>
internal sealed record Signal(Estimate Mean, double Noise, double Scatter, double Rejected)
{
    /// <summary>Beyond so many replicates a number is not told.</summary>
    public const int MostReplicates = 128;

    private const double Alpha = 0.05;

    /// <summary>Mean over noise, of either sign; NaN if the measure has no noise.</summary>
    public double OverNoise => Noise > 0 ? Mean.Mean / Noise : double.NaN;

    /// <summary>Whether the interval of the mean excludes 0.</summary>
    public bool Exists => Mean.Low > 0 || Mean.High < 0;

    /// <summary>
    /// The fewest replicates with which the paired t test, two-sided, finds the mean with a power of 80%; null if more than
    /// 10,000 are needed.
    /// </summary>
    public int? Needed => PairedPower.NeededReplicates(Mean.Mean, Scatter, Alpha, Direction.Either);

    /// <summary>The needed replicates in a cell: "none" if the mean cannot be told from 0, "-" if it is undefined.</summary>
    public string Replicates =>
        double.IsNaN(OverNoise) || !Mean.HasInterval ? "-"
        : !Exists ? "none"
        : Needed is { } n and <= MostReplicates ? $"{n}"
        : $">{MostReplicates}";

    /// <summary>Computes the signal from paired differences, one array a seed; a replicate that lacks a value has none.</summary>
    /// <param name="differences">Of the contrast.</param>
    /// <param name="equal">Of two variants with equal settings.</param>
    public static Signal Of(IReadOnlyList<double[]> differences, IReadOnlyList<double[]> equal)
    {
        double[][] seeds = [.. differences.Where(d => d.Length > 0)];
        return new(
            Estimate.Of(Means(seeds)),
            StandardDeviation.Of([.. Means(equal)]),
            Pooled(seeds),
            seeds.Length == 0 ? double.NaN : seeds.Average(d => SignFlip.PValue(d, seed: 1) <= Alpha ? 1.0 : 0)
        );
    }

    private static IEnumerable<double> Means(IEnumerable<double[]> seeds) =>
        seeds.Where(d => d.Length > 0).Select(d => Metrics.Statistics.Mean.Of(d));

    // Each variance weighs as much as its degrees of freedom.
    private static double Pooled(IEnumerable<double[]> seeds)
    {
        double[][] scattered = [.. seeds.Where(d => d.Length > 1)];
        var squares = scattered.Sum(d => (d.Length - 1) * Math.Pow(StandardDeviation.Of(d), 2));
        return Math.Sqrt(squares / scattered.Sum(d => d.Length - 1));
    }
}
