using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>
/// Rows of probabilities. The maximum is subtracted first; the sum runs over 16 lanes in the order of the index.
/// </summary>
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

    /// <summary>
    /// One row of attention in place: softmax of scale x over the first n, 0 from n to <paramref name="padded"/>, a
    /// multiple of 16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Causal(float* x, int n, int padded, float scale)
    {
        var whole = n / Wide.Count * Wide.Count;
        if (whole < n)
            Wide.KeepFirst(Vector512.Load(x + whole), n - whole,
                float.NegativeInfinity).Store(x + whole); // of which the exponential is 0
        var end = Packing.PaddedTo(n, Wide.Count);
        var sum = Exponentials(x, x, end, Max(x, end), scale);
        Scale(x, end, 1 / sum);
        new Span<float>(x + end, padded - end).Clear();
    }

    /// <summary>
    /// The gradient of that softmax, in place: with p the row's probabilities, d becomes scale p_i (d_i - sum_j p_j d_j),
    /// and 0 from n to <paramref name="padded"/>, a multiple of 16. Both rows have that length.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CausalBackward(float* p, float* d, int n, int padded, float scale)
    {
        var (whole, end) = (n / Wide.Count * Wide.Count, Packing.PaddedTo(n, Wide.Count));
        if (whole < n)
            Wide.KeepFirst(Vector512.Load(d + whole), n - whole, 0).Store(d + whole);
        var dot = Vector512<float>.Zero;
        for (var i = 0; i < end; i += Wide.Count)
            dot = Vector512.FusedMultiplyAdd(Vector512.Load(p + i), Vector512.Load(d + i), dot);
        var (m, s) = (Vector512.Create(Wide.Sum(dot)), Vector512.Create(scale));
        for (var i = 0; i < end; i += Wide.Count)
            (Vector512.Load(p + i) * s * (Vector512.Load(d + i) - m)).Store(d + i);
        if (whole < n)
            Wide.KeepFirst(Vector512.Load(d + whole), n - whole, 0).Store(d + whole); // p is 0 there, but 0 times a negative number is -0
        new Span<float>(d + end, padded - end).Clear();
    }
}
