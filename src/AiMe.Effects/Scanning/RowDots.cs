using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AiMe.Effects.Scanning;

/// <summary>Dot products of one query with many rows of signed bytes.</summary>
/// <remarks>
/// Integers, so the order of additions and the width of the vectors do not matter: all paths give the same numbers. A million rows are
/// read from memory, which sets the pace, so there is no path for vectors of 512 bits.
/// </remarks>
internal static class RowDots
{
    /// <summary>Greatest number of components whose sums fit an int: 128 x 128 x 65,536 = 2^30.</summary>
    public const int GreatestWidth = 65_536;

    /// <summary>dots_i = sum_j rows_ij query_j.</summary>
    /// <param name="rows">Shape (n, m), row by row, n the number of dots.</param>
    /// <param name="query">Shape (m), m at most <see cref="GreatestWidth"/>; each a signed byte, widened.</param>
    /// <param name="dots">Shape (n).</param>
    /// <exception cref="ArgumentException">The shapes do not agree.</exception>
    public static void Of(ReadOnlySpan<sbyte> rows, ReadOnlySpan<short> query, Span<int> dots)
    {
        if (query.Length > GreatestWidth || rows.Length != (long)query.Length * dots.Length)
            throw new ArgumentException(
                $"{dots.Length} rows of {query.Length} components, at most {GreatestWidth}, were expected, "
                    + $"but there are {rows.Length} bytes."
            );
        if (Avx2.IsSupported)
            Wide(rows, query, dots);
        else if (Vector128.IsHardwareAccelerated)
            Narrow(rows, query, dots);
        else
            Scalar(rows, query, dots);
    }

    /// <summary>The same, one component at a time.</summary>
    internal static void Scalar(ReadOnlySpan<sbyte> rows, ReadOnlySpan<short> query, Span<int> dots)
    {
        for (var i = 0; i < dots.Length; i++)
            dots[i] = Rest(rows.Slice(i * query.Length, query.Length), query, 0);
    }

    /// <summary>The same, 16 components at a time in vectors of 256 bits, of four rows, one of each quarter.</summary>
    /// <remarks>Four distant places are read at once, since the processor fetches each ahead only up to the end of a page.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide(ReadOnlySpan<sbyte> rows, ReadOnlySpan<short> query, Span<int> dots)
    {
        var (quarter, width) = (dots.Length / 4, (nuint)query.Length);
        var stride = (nuint)quarter * width;
        ref var q = ref MemoryMarshal.GetReference(query);
        ref var first = ref MemoryMarshal.GetReference(rows);
        for (var i = 0; i < quarter; i++)
        {
            ref var r = ref Unsafe.Add(ref first, (nuint)i * width);
            var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
            for (nuint j = 0; j + 16 <= width; j += 16)
            {
                var part = Vector256.LoadUnsafe(ref q, j);
                a += Products(ref r, j, part);
                b += Products(ref r, j + stride, part);
                c += Products(ref r, j + 2 * stride, part);
                d += Products(ref r, j + 3 * stride, part);
            }

            var halves = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
            var sums = halves.GetLower() + halves.GetUpper();
            (dots[i], dots[i + quarter]) = (sums[0], sums[1]);
            (dots[i + 2 * quarter], dots[i + 3 * quarter]) = (sums[2], sums[3]);
        }

        for (var row = 0; row < 4 * quarter && width % 16 > 0; row++)
            dots[row] += Rest(rows.Slice(row * query.Length, query.Length), query, query.Length / 16 * 16);
        Narrow(rows[(int)(4 * stride)..], query, dots[(4 * quarter)..]);
    }

    /// <summary>The same, 16 components at a time in vectors of 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Narrow(ReadOnlySpan<sbyte> rows, ReadOnlySpan<short> query, Span<int> dots)
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        for (var i = 0; i < dots.Length; i++)
        {
            var row = rows.Slice(i * query.Length, query.Length);
            ref var r = ref MemoryMarshal.GetReference(row);
            var (a, b) = (Vector128<int>.Zero, Vector128<int>.Zero);
            nuint j = 0;
            for (; j + 16 <= (nuint)row.Length; j += 16)
            {
                // A product of two bytes fits a short.
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref r, j));
                var (lowLow, lowHigh) = Vector128.Widen(low * Vector128.LoadUnsafe(ref q, j));
                var (highLow, highHigh) = Vector128.Widen(high * Vector128.LoadUnsafe(ref q, j + 8));
                a += lowLow + lowHigh;
                b += highLow + highHigh;
            }

            dots[i] = Vector128.Sum(a + b) + Rest(row, query, (int)j);
        }
    }

    // 16 products, added in pairs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(ref sbyte row, nuint at, Vector256<short> query) =>
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, at)), query);

    private static int Rest(ReadOnlySpan<sbyte> row, ReadOnlySpan<short> query, int from)
    {
        var sum = 0;
        for (var j = from; j < row.Length; j++)
            sum += row[j] * query[j];
        return sum;
    }
}
