using System.Runtime.InteropServices;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A mean over instances with its interval: Student's of 95%, unless its owner says otherwise.</summary>
/// <param name="Mean">NaN if no instance has the figure.</param>
/// <param name="Low">Lower bound, cut at the minimum of the measure; NaN below two instances.</param>
/// <param name="High">Upper bound, cut at the maximum of the measure.</param>
/// <param name="N">Number of instances with the figure; the others are excluded.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Estimate(double Mean, double Low, double High, int N)
{
    /// <summary>An estimate without instances.</summary>
    public static readonly Estimate None = new(double.NaN, double.NaN, double.NaN, 0);

    /// <summary>Coverage of an interval, unless another is asked for.</summary>
    public const double Level = 0.95;

    private const double RoundingNoise = 1e-9;

    /// <summary>Whether there is an interval: it needs two instances.</summary>
    public bool HasInterval => !double.IsNaN(Low);

    /// <summary>
    /// Whether the interval was cut at a bound of the measure, so that half its width is no margin of the mean.
    /// </summary>
    public bool IsCut => HasInterval && Math.Abs(High - Mean - (Mean - Low)) > RoundingNoise * Math.Max(1, Math.Abs(Mean));

    /// <summary>Estimates from one value per instance; NaN values are excluded.</summary>
    /// <param name="least">Minimum of the measure. An interval cut at it has the same coverage.</param>
    /// <param name="most">Maximum of the measure.</param>
    /// <param name="level">Coverage, in (0, 1).</param>
    public static Estimate Of(
        IEnumerable<double> perInstance,
        double least = double.NegativeInfinity,
        double most = double.PositiveInfinity,
        double level = Level
    ) => Of(StudentT.Interval([.. perInstance.Where(v => !double.IsNaN(v))], level), least, most);

    /// <summary>An interval, cut at the bounds of the measure.</summary>
    public static Estimate Of(Interval interval, double least, double most) =>
        new(interval.Mean, Math.Max(interval.Low, least), Math.Min(interval.High, most), interval.N);

    /// <summary>Whether the whole interval lies above a value; false without an interval.</summary>
    public bool IsAbove(double value) => Low > value;

    /// <summary>Whether the whole interval lies below a value; false without an interval.</summary>
    public bool IsBelow(double value) => High < value;
}
