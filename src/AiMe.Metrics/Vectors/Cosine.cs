using System.Numerics;

namespace AiMe.Metrics.Vectors;

/// <summary>Cosine of the angle between two embeddings, a.b / sqrt(a.a b.b).</summary>
/// <remarks>
/// In [-1, 1]. NaN if either is empty, all zero (without direction) or holds a NaN. Different lengths are refused.
/// </remarks>
public static class Cosine
{
    /// <summary>
    /// Up to this length a 32-bit lane cannot overflow: each of its n / 4 products (vectors have at least 16 bytes, and
    /// a lane takes 4 products of them) is at most 2^14.
    /// </summary>
    private const int LongestVectorised = 1 << 18;

    /// <summary>
    /// Cosine of two 8-bit embeddings, shape (d). Integer sums, so exact up to the last division and square root.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        SameLength(a.Length, b.Length);
        return Dot(a, b) / Math.Sqrt((double)Dot(a, a) * Dot(b, b));
    }

    /// <summary>Cosine of two single-precision embeddings, shape (d), summed in double precision in order.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        SameLength(a.Length, b.Length);
        double dot = 0,
            aa = 0,
            bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return Math.Clamp(dot / (Math.Sqrt(aa) * Math.Sqrt(bb)), -1, 1); // rounding may overshoot by one unit; NaN passes
    }

    /// <summary>Exact dot product, by vectors with a scalar remainder.</summary>
    internal static long Dot(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        var width = Vector<sbyte>.Count;
        if (a.Length < width || a.Length > LongestVectorised)
            return DotScalar(a, b);

        var sums = Vector<int>.Zero;
        var i = 0;
        for (; i + width <= a.Length; i += width)
        {
            Vector.Widen(new Vector<sbyte>(a[i..]), out var aLow, out var aHigh);
            Vector.Widen(new Vector<sbyte>(b[i..]), out var bLow, out var bHigh);
            Vector.Widen(aLow * bLow, out var p0, out var p1); // a product is at most 2^14 and fits 16 bits
            Vector.Widen(aHigh * bHigh, out var p2, out var p3);
            sums += p0 + p1 + (p2 + p3);
        }

        long total = 0;
        for (var lane = 0; lane < Vector<int>.Count; lane++)
            total += sums[lane];
        return total + DotScalar(a[i..], b[i..]);
    }

    /// <summary>The plain twin of <see cref="Dot"/>; equal to it at every length, as integers are.</summary>
    internal static long DotScalar(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        long sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void SameLength(int a, int b)
    {
        if (a != b)
            throw new ArgumentException($"Embeddings of {a} and {b} dimensions have no cosine.");
    }
}
