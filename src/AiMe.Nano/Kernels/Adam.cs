using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>AdamW and the sums that it needs, element by element. Source: Loshchilov and Hutter (2019).</summary>
internal static unsafe class Adam
{
    /// <summary>
    /// One step's constants: rate with bias correction, decay, and the clipping factor of the gradient.
    /// </summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Constants(
        float Rate, float Beta1, float Beta2, float MeanCorrection, float SquareCorrection, float Epsilon, float Decay,
            float GradientScale);

    /// <summary>y += x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float* y, int n)
    {
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
            (Vector512.Load(y + i) + Vector512.Load(x + i)).Store(y + i);
        for (; i < n; i++)
            y[i] += x[i];
    }

    /// <summary>Sum of squares, in float lanes over runs of 1024 and in double over the runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(float* x, int n)
    {
        double total = 0;
        for (var start = 0; start < n; start += 1024)
        {
            var end = Math.Min(start + 1024, n);
            var sum = Vector512<float>.Zero;
            var i = start;
            for (; i + Wide.Count <= end; i += Wide.Count)
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(x + i), sum);
            if (i < end)
            {
                var rest = Wide.LoadPart(x + i, end - i, 0);
                sum = Vector512.FusedMultiplyAdd(rest, rest, sum);
            }

            total += Wide.Sum(sum);
        }

        return total;
    }

    /// <summary>Updates weights w, means m and mean squares v, each (n), from a gradient g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(float* w, float* g, float* m, float* v, int n, in Constants k)
    {
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
        {
            var (wi, mi, vi) = Next(Vector512.Load(w + i), Vector512.Load(g + i), Vector512.Load(m + i), Vector512.Load(v + i), k);
            wi.Store(w + i);
            mi.Store(m + i);
            vi.Store(v + i);
        }

        if (i == n)
            return;
        var rest = n - i;
        var (wr, mr, vr) = Next(
            Wide.LoadPart(w + i, rest, 0), Wide.LoadPart(g + i, rest, 0), Wide.LoadPart(m + i, rest, 0), Wide.LoadPart(v + i, rest,
                0), k);
        Wide.StorePart(wr, w + i, rest);
        Wide.StorePart(mr, m + i, rest);
        Wide.StorePart(vr, v + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> W, Vector512<float> M, Vector512<float> V) Next(
        Vector512<float> w, Vector512<float> g, Vector512<float> m, Vector512<float> v, in Constants k)
    {
        g *= k.GradientScale;
        m = m * k.Beta1 + g * (1 - k.Beta1);
        v = v * k.Beta2 + g * g * (1 - k.Beta2);
        var direction = m * k.MeanCorrection / (Vector512.Sqrt(v * k.SquareCorrection) + Vector512.Create(k.Epsilon));
        return (w - (direction + w * k.Decay) * k.Rate, m, v);
    }
}
