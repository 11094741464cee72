using System.Numerics;
using System.Runtime.InteropServices;

namespace AiMe.Nano;

/// <summary>
/// xoshiro256** seeded by splitmix64: one seed gives one sequence, on every platform. A mutable struct: pass it by
/// reference.
/// </summary>
/// <remarks>
/// Source: Blackman and Vigna (2018), Scrambled linear pseudorandom number generators; public domain.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public struct Rng
{
    private ulong _a,
        _b,
        _c,
        _d;

    /// <summary>The generator of a seed. Every seed is good, 0 too.</summary>
    public Rng(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, bound), without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var product = (NextBits() >> 32) * (ulong)bound;
        var threshold = (uint)-bound % (uint)bound;
        while ((uint)product < threshold)
            product = (NextBits() >> 32) * (ulong)bound;
        return (int)(product >> 32);
    }

    /// <summary>
    /// Standard normal by the Box-Muller transform; two uniforms a call, the second normal is thrown away.
    /// </summary>
    public double NextNormal()
    {
        var radius = Math.Sqrt(-2 * StrictMath.Log(1 - NextDouble()));
        return radius * StrictMath.Cos(2 * 3.141592653589793 * NextDouble());
    }

    /// <summary>Permutes in place, uniformly (Fisher-Yates from the end).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
