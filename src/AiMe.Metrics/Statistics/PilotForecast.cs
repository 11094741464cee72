using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;

namespace AiMe.Metrics.Statistics;

/// <summary>What a pilot says of a later run, with the pilot's own uncertainty carried through.</summary>
/// <remarks>
/// The standard deviation of m differences has the chi-squared interval s sqrt((m - 1) / q), exact for normal
/// differences. Power is monotonic in it, so its bounds carry over to what follows from it. The difference itself is not
/// taken from the pilot: it is the smallest one of interest, declared beforehand. Source: Browne (1995), "On the use of
/// a pilot sample for sample size determination".
/// </remarks>
/// <param name="Replicates">Pairs of the pilot.</param>
/// <param name="StandardDeviation">Of the paired differences.</param>
public sealed record PilotForecast(int Replicates, PilotEstimate<double> StandardDeviation)
{
    /// <summary>The standard deviation of a pilot with its interval.</summary>
    /// <param name="differences">One per pair, see <see cref="PairedDifference.Differences"/>.</param>
    /// <param name="level">Coverage in (0, 1), for instance .95.</param>
    /// <returns>All NaN below two pairs, and if a difference is not finite. Equal differences give 0 throughout.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside (0, 1).</exception>
    public static PilotForecast Of(ReadOnlySpan<double> differences, double level)
    {
        Level.Check(level, nameof(level));
        var sd = Statistics.StandardDeviation.Of(differences);
        if (!double.IsFinite(sd))
            return new(differences.Length, new(double.NaN, double.NaN, double.NaN));
        var degrees = differences.Length - 1;
        return new(differences.Length, new(Bound(0.5 + level / 2), sd, Bound(0.5 - level / 2)));

        double Bound(double p) => sd * Math.Sqrt(degrees / ChiSquared.InvCDF(degrees, p));
    }

    /// <summary>See <see cref="PairedPower.DetectableDifference"/>; low for the lower bound of the standard deviation.</summary>
    public PilotEstimate<double> DetectableDifference(int replicates, double alpha, Direction direction, double power = 0.8) =>
        StandardDeviation.Select(sd => PairedPower.DetectableDifference(sd, replicates, alpha, direction, power));

    /// <summary>See <see cref="PairedPower.NeededReplicates"/>; low for the lower bound of the standard deviation.</summary>
    public PilotEstimate<int?> NeededReplicates(double difference, double alpha, Direction direction, double power = 0.8) =>
        StandardDeviation.Select(sd => PairedPower.NeededReplicates(difference, sd, alpha, direction, power));

    /// <summary>See <see cref="PairedPower.Of"/>; low is the least power, of the upper bound of the standard deviation.</summary>
    public PilotEstimate<double> Power(double difference, int replicates, double alpha, Direction direction)
    {
        var power = StandardDeviation.Select(sd => PairedPower.Of(difference, sd, replicates, alpha, direction));
        return power.Low <= power.High ? power : new(power.High, power.Estimate, power.Low);
    }
}

/// <summary>A quantity that follows from a pilot, with its interval.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PilotEstimate<T>(T Low, T Estimate, T High)
{
    internal PilotEstimate<TOther> Select<TOther>(Func<T, TOther> follow) => new(follow(Low), follow(Estimate), follow(High));
}
