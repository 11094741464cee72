using System.Runtime.InteropServices;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A mean over lives with its 95% Student interval.</summary>
/// <param name="Mean">NaN where no life has the figure.</param>
/// <param name="Low">Lower bound, cut at the least value that the measure can take; NaN below two lives.</param>
/// <param name="High">Upper bound, cut likewise at the greatest.</param>
/// <param name="N">Lives that have the figure; the others are left out.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Estimate(double Mean, double Low, double High, int N)
{
    /// <summary>Of no life.</summary>
    public static readonly Estimate None = new(double.NaN, double.NaN, double.NaN, 0);

    /// <summary>Coverage of every interval.</summary>
    public const double Level = 0.95;

    private const double RoundingNoise = 1e-9;

    /// <summary>Whether there is an interval: two lives or more.</summary>
    public bool HasInterval => !double.IsNaN(Low);

    /// <summary>Whether a bound of the measure cut the interval, so that half of its width is no margin of the mean.</summary>
    public bool IsCut => HasInterval && Math.Abs(High - Mean - (Mean - Low)) > RoundingNoise * Math.Max(1, Math.Abs(Mean));

    /// <summary>The estimate from one value a life; NaN values are left out.</summary>
    /// <param name="least">Least value that the measure can take. An interval cut at it covers as much as before.</param>
    /// <param name="most">Greatest value that the measure can take.</param>
    public static Estimate Of(
        IEnumerable<double> perInstance,
        double least = double.NegativeInfinity,
        double most = double.PositiveInfinity
    )
    {
        var interval = StudentT.Interval([.. perInstance.Where(v => !double.IsNaN(v))], Level);
        return new Estimate(interval.Mean, Math.Max(interval.Low, least), Math.Min(interval.High, most), interval.N);
    }

    /// <summary>Whether the whole interval lies above a value; false without an interval.</summary>
    public bool IsAbove(double value) => Low > value;

    /// <summary>Whether the whole interval lies below a value; false without an interval.</summary>
    public bool IsBelow(double value) => High < value;
}
