using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Bench.Nano;

/// <summary>What the processor can do at most: fused multiply-adds that wait for nothing.</summary>
internal static class PeakProbe
{
    private const int Chains = 12; // four cycles of latency on two units need eight in flight
    private const long Rounds = 1_000_000;

    /// <summary>Lanes of the widest vector that the runtime uses, which is what the kernels use.</summary>
    public static int Lanes { get; } =
        Vector512.IsHardwareAccelerated ? 16
        : Vector256.IsHardwareAccelerated ? 8
        : 4;

    /// <summary>So many millions of rounds on each of so many threads at once.</summary>
    /// <returns>Floating-point operations: a fused multiply-add of one lane is two.</returns>
    public static long Run(int threads, int millions)
    {
        var rounds = Rounds * millions;
        var sums = new float[threads];
        InParallel.Run(threads, t => sums[t] =
                Lanes == 16 ? Wide(rounds)
                : Lanes == 8 ? Half(rounds)
                : Quarter(rounds));
        if (!sums.All(float.IsFinite))
            throw new InvalidOperationException("the probe's sums must stay finite, or it measures something else");
        return rounds * Chains * Lanes * 2 * threads;
    }

    // Twelve chains x = x a + b, each waiting for itself alone; they tend to b / (1 - a), so no value is subnormal or infinite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Wide(long rounds)
    {
        var (a, b) = (Vector512.Create(0.999f), Vector512.Create(0.5f));
        Vector512<float> x0 = b,
            x1 = b,
            x2 = b,
            x3 = b,
            x4 = b,
            x5 = b,
            x6 = b,
            x7 = b,
            x8 = b,
            x9 = b,
            x10 = b,
            x11 = b;
        for (long i = 0; i < rounds; i++)
        {
            x0 = Vector512.FusedMultiplyAdd(x0, a, b);
            x1 = Vector512.FusedMultiplyAdd(x1, a, b);
            x2 = Vector512.FusedMultiplyAdd(x2, a, b);
            x3 = Vector512.FusedMultiplyAdd(x3, a, b);
            x4 = Vector512.FusedMultiplyAdd(x4, a, b);
            x5 = Vector512.FusedMultiplyAdd(x5, a, b);
            x6 = Vector512.FusedMultiplyAdd(x6, a, b);
            x7 = Vector512.FusedMultiplyAdd(x7, a, b);
            x8 = Vector512.FusedMultiplyAdd(x8, a, b);
            x9 = Vector512.FusedMultiplyAdd(x9, a, b);
            x10 = Vector512.FusedMultiplyAdd(x10, a, b);
            x11 = Vector512.FusedMultiplyAdd(x11, a, b);
        }

        return Vector512.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Half(long rounds)
    {
        var (a, b) = (Vector256.Create(0.999f), Vector256.Create(0.5f));
        Vector256<float> x0 = b,
            x1 = b,
            x2 = b,
            x3 = b,
            x4 = b,
            x5 = b,
            x6 = b,
            x7 = b,
            x8 = b,
            x9 = b,
            x10 = b,
            x11 = b;
        for (long i = 0; i < rounds; i++)
        {
            x0 = Vector256.FusedMultiplyAdd(x0, a, b);
            x1 = Vector256.FusedMultiplyAdd(x1, a, b);
            x2 = Vector256.FusedMultiplyAdd(x2, a, b);
            x3 = Vector256.FusedMultiplyAdd(x3, a, b);
            x4 = Vector256.FusedMultiplyAdd(x4, a, b);
            x5 = Vector256.FusedMultiplyAdd(x5, a, b);
            x6 = Vector256.FusedMultiplyAdd(x6, a, b);
            x7 = Vector256.FusedMultiplyAdd(x7, a, b);
            x8 = Vector256.FusedMultiplyAdd(x8, a, b);
            x9 = Vector256.FusedMultiplyAdd(x9, a, b);
            x10 = Vector256.FusedMultiplyAdd(x10, a, b);
            x11 = Vector256.FusedMultiplyAdd(x11, a, b);
        }

        return Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Quarter(long rounds)
    {
        var (a, b) = (Vector128.Create(0.999f), Vector128.Create(0.5f));
        Vector128<float> x0 = b,
            x1 = b,
            x2 = b,
            x3 = b,
            x4 = b,
            x5 = b,
            x6 = b,
            x7 = b,
            x8 = b,
            x9 = b,
            x10 = b,
            x11 = b;
        for (long i = 0; i < rounds; i++)
        {
            x0 = Vector128.FusedMultiplyAdd(x0, a, b);
            x1 = Vector128.FusedMultiplyAdd(x1, a, b);
            x2 = Vector128.FusedMultiplyAdd(x2, a, b);
            x3 = Vector128.FusedMultiplyAdd(x3, a, b);
            x4 = Vector128.FusedMultiplyAdd(x4, a, b);
            x5 = Vector128.FusedMultiplyAdd(x5, a, b);
            x6 = Vector128.FusedMultiplyAdd(x6, a, b);
            x7 = Vector128.FusedMultiplyAdd(x7, a, b);
            x8 = Vector128.FusedMultiplyAdd(x8, a, b);
            x9 = Vector128.FusedMultiplyAdd(x9, a, b);
            x10 = Vector128.FusedMultiplyAdd(x10, a, b);
            x11 = Vector128.FusedMultiplyAdd(x11, a, b);
        }

        return Vector128.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }
}
