using AiMe.EventSourcing;

namespace AiMe.Simulation.Machine;

/// <summary>
/// A pseudorandom stream from one seed (SplitMix64). The same seed gives the same draws in the same order.
/// </summary>
/// <remarks>
/// Source: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators". A draw costs a few
/// nanoseconds. Only the simulator uses it; no instance does.
/// </remarks>
public sealed class Dice(Seed seed)
{
    private ulong _state = seed.Value;

    /// <summary>Number of draws.</summary>
    public long Draws { get; private set; }

    /// <summary>A whole number in [0, n).</summary>
    /// <param name="n">1 or more.</param>
    public int Below(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return (int)Math.BigMul(Next(), (ulong)n, out _);
    }

    /// <summary>True with this probability; makes a draw only if it is neither 0 nor 1.</summary>
    public bool Chance(double probability) => probability > 0 && (probability >= 1 || (Next() >> 11) * (1.0 / (1UL << 53)) < probability);

    /// <summary>A time span in [0, most], in whole ticks.</summary>
    public TimeSpan UpTo(TimeSpan most) => TimeSpan.FromTicks((long)Math.BigMul(Next(), (ulong)most.Ticks + 1, out _));

    private ulong Next()
    {
        Draws++;
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
