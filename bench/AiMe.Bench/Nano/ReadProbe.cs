using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Bench.Nano;

/// <summary>How fast memory can be read at most: sums over an array, each thread over its own part, front to back.</summary>
/// <remarks>
/// Reading alone, since that is what a forward pass does with weights; a triad, which also writes, moves a little less. The array of the
/// memory probe is several times the last-level cache of a large server; the small one has the size of small's weights and stays in a cache.
/// </remarks>
internal static unsafe class ReadProbe
{
    /// <summary>Far beyond any cache here: 256 MiB.</summary>
    public const long Memory = 256L << 20;

    /// <summary>As much as small's weights: beyond the second-level cache, within the last-level one.</summary>
    public const long Cache = 4L << 20;

    private static float[]? _array; // of the last size asked for, so that filling it is not measured

    /// <summary>So many times over an array; a small one is gone over as often as makes the same number of bytes.</summary>
    /// <returns>Bytes read.</returns>
    public static long Run(int threads, long bytes, int times)
    {
        var passes = times * (Memory / bytes);
        var array = Filled(bytes);
        var part = array.Length / threads / 64 * 64;
        var sums = new float[threads];
        fixed (float* start = array)
        {
            var first = start;
            InParallel.Run(threads, t =>
            {
                for (long p = 0; p < passes; p++)
                    sums[t] += Sum(first + (long)t * part, part);
            });
        }

        if (!sums.All(s => s > 0))
            throw new InvalidOperationException("the probe's sums must be positive, or it reads something else");
        return (long)part * threads * sizeof(float) * passes;
    }

    /// <summary>Lets go of the array, so that it is in nobody's peak memory.</summary>
    public static void Release() => _array = null;

    private static float[] Filled(long bytes)
    {
        if (_array is null || _array.Length != bytes / sizeof(float))
        {
            _array = GC.AllocateUninitializedArray<float>((int)(bytes / sizeof(float)), pinned: true);
            _array.AsSpan().Fill(0.5f); // so that every page is there
        }

        return _array;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Sum(float* x, long n)
    {
        Vector512<float> a = default,
            b = default,
            c = default,
            d = default;
        for (long i = 0; i < n; i += 64)
        {
            a += Vector512.Load(x + i);
            b += Vector512.Load(x + i + 16);
            c += Vector512.Load(x + i + 32);
            d += Vector512.Load(x + i + 48);
        }

        return Vector512.Sum(a + b + c + d);
    }
}
