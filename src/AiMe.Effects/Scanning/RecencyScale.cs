using System.Numerics;
using System.Runtime.Intrinsics;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>The ends of the recency, from few of the memories.</summary>
/// <remarks>
/// Recency falls with the age, so its ends are those of the youngest and of the oldest memory. But two ages may be so close that rounding
/// turns their order round. So every memory is computed whose age is near an end; the others are beyond any rounding.
/// </remarks>
internal static class RecencyScale
{
    /// <summary>Relative difference beyond which rounding cannot turn an order round: 250 times the error of StrictMath.Pow.</summary>
    private const double Guard = 1e-12;

    /// <summary>Below this, results are near the subnormal numbers, whose relative error has no bound.</summary>
    private const double Tiny = 1e-290;

    /// <summary>The least and the greatest recency of at least one memory.</summary>
    public static Scale Of(PackedMemories packed, double decay, long at)
    {
        var (earliest, latest) = (long.MaxValue, long.MinValue);
        foreach (var chunk in packed.Chunks)
            (earliest, latest) = (Math.Min(earliest, chunk.Uses.Earliest), Math.Max(latest, chunk.Uses.Latest));
        var (youngest, oldest) = (Math.Max(0, at - latest), Math.Max(0, at - earliest));
        var scale = Scale.Empty.Including(Ranking.Recency(youngest, decay)).Including(Ranking.Recency(oldest, decay));
        if (decay == 1 || youngest == oldest)
            return scale;

        scale = Including(scale, packed, decay, at, 0, youngest + Ticks(Guard, decay));
        if (scale.Least == 0)
            return scale;
        var near = scale.Least < Tiny ? Ticks(-StrictMath.Log(2 * Tiny), decay) : oldest - Ticks(Guard, decay);
        return Including(scale, packed, decay, at, near, long.MaxValue / 2);
    }

    // Includes the recency of every memory whose age is between the two. A use after the recall has the age 0: that of the youngest,
    // which is included already.
    private static Scale Including(Scale scale, PackedMemories packed, double decay, long at, long least, long greatest)
    {
        var (from, to) = (at - greatest, least == 0 ? long.MaxValue : at - least);
        var known = long.MinValue;
        foreach (var chunk in packed.Chunks)
        {
            if (chunk.Uses.Latest < from || chunk.Uses.Earliest > to)
                continue;
            var used = chunk.Used;
            for (var i = Next(used, 0, from, to); i < used.Length; i = Next(used, i + 1, from, to))
            {
                if (used[i] == known)
                    continue;
                known = used[i];
                scale = scale.Including(Ranking.Recency(at - known, decay));
            }
        }

        return scale;
    }

    // The first index from a start on whose value is in the range, or the length.
    private static int Next(ReadOnlySpan<long> used, int start, long from, long to)
    {
        var (lower, upper, i) = (Vector256.Create(from), Vector256.Create(to), start);
        while (i <= used.Length - Vector256<long>.Count)
        {
            var some = Vector256.Create(used[i..]);
            var within = Vector256.GreaterThanOrEqual(some, lower) & Vector256.LessThanOrEqual(some, upper);
            if (within != Vector256<long>.Zero)
                return i + BitOperations.TrailingZeroCount(within.ExtractMostSignificantBits());
            i += Vector256<long>.Count;
        }

        while (i < used.Length && (used[i] < from || used[i] > to))
            i++;
        return i;
    }

    // Ticks in which a recency falls by the factor e^-fall, rounded up; at most a quarter of all ticks, so that sums do not overflow.
    private static long Ticks(double fall, double decay) =>
        (long)Math.Min(fall / -StrictMath.Log(decay) * TimeSpan.TicksPerHour + 1, long.MaxValue / 4d);
}
