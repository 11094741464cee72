using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>Rows of probabilities. The maximum is subtracted first; the sum runs over 16 lanes in the order of the index.</summary>
internal static unsafe class Softmax
{
    /// <summary>The largest of n values, negative infinity for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int n)
    {
        var max = Vector512.Create(float.NegativeInfinity);
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
            max = Wide.Max(Vector512.Load(x + i), max);
        if (i < n)
            max = Wide.Max(Wide.LoadPart(x + i, n - i, float.NegativeInfinity), max);
        return Wide.Max(max);
    }

    /// <summary>y_i = e^((x_i - max) scale); returns the sum. x and y may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* x, float* y, int n, float max, float scale)
    {
        var sum = Vector512<float>.Zero;
        var (top, factor) = (Vector512.Create(max), Vector512.Create(scale));
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
        {
            var e = Wide.Exp((Vector512.Load(x + i) - top) * factor);
            e.Store(y + i);
            sum += e;
        }

        if (i < n)
        {
            var e = Wide.Exp((Wide.LoadPart(x + i, n - i, float.NegativeInfinity) - top) * factor);
            Wide.StorePart(e, y + i, n - i);
            sum += e;
        }

        return Wide.Sum(sum);
    }

    /// <summary>y_i = x_i factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, int n, float factor)
    {
        var f = Vector512.Create(factor);
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
            (Vector512.Load(x + i) * f).Store(x + i);
        for (; i < n; i++)
            x[i] *= factor;
    }

    /// <summary>One row of attention in place: softmax of scale x over the first n, 0 from n to <paramref name="padded"/>.</summary>
    public static void Causal(float* x, int n, int padded, float scale)
    {
        var sum = Exponentials(x, x, n, Max(x, n), scale);
        Scale(x, n, 1 / sum);
        new Span<float>(x + n, padded - n).Clear();
    }

    /// <summary>
    /// Its gradient in place: with p the row's probabilities, d becomes scale p_i (d_i - sum_j p_j d_j), and 0 from n to
    /// <paramref name="padded"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CausalBackward(float* p, float* d, int n, int padded, float scale)
    {
        var dot = Vector512<float>.Zero;
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
            dot = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), Vector512.Load(d + i), dot);
        if (i < n)
            dot = Vector512.FusedMultiplyAdd(Wide.LoadPart(p + i, n - i, 0), Wide.LoadPart(d + i, n - i, 0), dot);
        var mean = Wide.Sum(dot);
        var (m, s) = (Vector512.Create(mean), Vector512.Create(scale));
        for (i = 0; i + Wide.Count <= n; i += Wide.Count)
            (Vector512.Load(p + i) * s * (Vector512.Load(d + i) - m)).Store(d + i);
        for (; i < n; i++)
            d[i] = p[i] * scale * (d[i] - mean);
        new Span<float>(d + n, padded - n).Clear();
    }
}
