using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>
/// The matrix product c (m, n) = a (m, k) b (k, n), or c += a b. Each element of c is one chain of fused multiply-adds in the order
/// of k, whatever the vector's width and however many rows there are: a row gives the same bits alone and in a batch.
/// </summary>
/// <remarks>
/// Element (i, p) of a lies at a[i * aRow + p * aColumn], so a transposed operand costs nothing. b is read in panels of
/// <see cref="Panel"/> columns: element (p, j) lies at b[j / Panel * bPanel + p * bRow + j % Panel]. A row-major b has bRow = its row length and
/// bPanel = Panel; a packed one (<see cref="Packing"/>) has bRow = Panel and bPanel = k * Panel. n is a multiple of 16; pad the rest.
/// </remarks>
internal static unsafe class Gemm
{
    public const int Panel = 32;
    private const int DepthBlock = 96; // rows of b in flight: 12 kB of a panel beside a's lines stay in the first-level cache

    public static void Multiply(
        float* a, nint aRow, nint aColumn, float* b, nint bRow, nint bPanel, float* c, nint cRow, int m, int n, int k, bool add)
    {
        if (Vector512.IsHardwareAccelerated)
            Run<Lanes16>(a, aRow, aColumn, b, bRow, bPanel, c, cRow, m, n, k, add);
        else if (Vector256.IsHardwareAccelerated)
            Run<Lanes8>(a, aRow, aColumn, b, bRow, bPanel, c, cRow, m, n, k, add);
        else
            Run<Lanes4>(a, aRow, aColumn, b, bRow, bPanel, c, cRow, m, n, k, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        float* a, nint aRow, nint aColumn, float* b, nint bRow, nint bPanel, float* c, nint cRow, int m, int n, int k, bool add)
        where T : struct, ILanes<T>
    {
        // The chain is only cut in depth where a is read across its rows: there each step touches a cache line of its own.
        var block = aColumn == 1 || k <= DepthBlock * 3 / 2 ? Math.Max(k, 1) : DepthBlock;
        for (var p = 0; p < Math.Max(k, 1); p += block)
        {
            var depth = Math.Min(block, k - p);
            for (var j = 0; j < n; j += 2 * T.Count)
            {
                var bj = b + j / Panel * bPanel + j % Panel + p * bRow;
                var ap = a + p * aColumn;
                var cj = c + j;
                var pair = n - j >= 2 * T.Count;
                var i = 0;
                if (pair)
                {
                    for (; i + 4 <= m; i += 4, ap += 4 * aRow, cj += 4 * cRow)
                        FourRows<T>(ap, aRow, aColumn, bj, bRow, cj, cRow, depth, add || p > 0);
                }

                for (; i < m; i++, ap += aRow, cj += cRow)
                    OneRow<T>(ap, aColumn, bj, bRow, cj, depth, add || p > 0, pair);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        if (add)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + cRow), T.Load(c + cRow + T.Count));
            (c20, c21) = (T.Load(c + 2 * cRow), T.Load(c + 2 * cRow + T.Count));
            (c30, c31) = (T.Load(c + 3 * cRow), T.Load(c + 3 * cRow + T.Count));
        }

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        for (var p = 0; p < k; p++)
        {
            var b0 = T.Load(b);
            var b1 = T.Load(b + T.Count);
            c00 = T.MultiplyAdd(*a, b0, c00);
            c01 = T.MultiplyAdd(*a, b1, c01);
            c10 = T.MultiplyAdd(*a1, b0, c10);
            c11 = T.MultiplyAdd(*a1, b1, c11);
            c20 = T.MultiplyAdd(*a2, b0, c20);
            c21 = T.MultiplyAdd(*a2, b1, c21);
            c30 = T.MultiplyAdd(*a3, b0, c30);
            c31 = T.MultiplyAdd(*a3, b1, c31);
            a += aColumn;
            a1 += aColumn;
            a2 += aColumn;
            a3 += aColumn;
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        T.Store(c10, c + cRow);
        T.Store(c11, c + cRow + T.Count);
        T.Store(c20, c + 2 * cRow);
        T.Store(c21, c + 2 * cRow + T.Count);
        T.Store(c30, c + 3 * cRow);
        T.Store(c31, c + 3 * cRow + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<T>(float* a, nint aColumn, float* b, nint bRow, float* c, int k, bool add, bool pair)
        where T : struct, ILanes<T>
    {
        var c0 = add ? T.Load(c) : default;
        if (!pair)
        {
            for (var p = 0; p < k; p++)
                c0 = T.MultiplyAdd(a[p * aColumn], T.Load(b + p * bRow), c0);
            T.Store(c0, c);
            return;
        }

        var c1 = add ? T.Load(c + T.Count) : default;
        for (var p = 0; p < k; p++, a += aColumn, b += bRow)
        {
            c0 = T.MultiplyAdd(*a, T.Load(b), c0);
            c1 = T.MultiplyAdd(*a, T.Load(b + T.Count), c1);
        }

        T.Store(c0, c);
        T.Store(c1, c + T.Count);
    }
}
