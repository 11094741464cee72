using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>
/// The matrix product c (m, n) = a (m, k) b (k, n), or c += a b. Each element of c is one chain of fused multiply-adds
/// in the order of k, for any vector width and any number of rows: a row gives the same bits alone and in a batch.
/// </summary>
/// <remarks>
/// Element (i, p) of a is at a[i * aRow + p * aColumn], so a transposed operand costs nothing. b is read in panels of
/// <see cref="Panel"/> columns: element (p, j) is at b[j / Panel * bPanel + p * bRow + j % Panel]. A row-major b has
/// bRow = its row length and bPanel = Panel; a packed one (<see cref="Packing"/>) has bRow = Panel and bPanel = k *
/// Panel. n is a multiple of 16; pad the rest. Pack b for a long product: rows a power of two apart share a few sets of
/// the first-level cache and evict each other.
/// </remarks>
internal static unsafe class Gemm
{
    public const int Panel = 32;
    private const int DepthBlock = 128; // rows of b in flight: 32 kB of two panels beside a's lines stay in the first-level cache

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

    /// <summary>
    /// c (m, n) += or = a^T b, with a (k, m) packed in panels and b (k, n) too, by <see cref="Packing.Straight"/>.
    /// </summary>
    public static void MultiplyTransposed(float* aPanels, float* bPanels, float* c, nint cRow, int m, int n, int k, bool add)
    {
        for (var i = 0; i < m; i += Panel)
            Multiply(aPanels + (nint)i * k, 1, Panel, bPanels, Panel, k * Panel, c + i * cRow, cRow, Math.Min(Panel, m - i), n, k, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        float* a, nint aRow, nint aColumn, float* b, nint bRow, nint bPanel, float* c, nint cRow, int m, int n, int k, bool add)
        where T : struct, ILanes<T>
    {
        // The chain is cut in depth, into equal parts, if b would not stay in the cache for all rows of a.
        var parts = k <= DepthBlock * 5 / 4 ? 1 : (k + DepthBlock - 1) / DepthBlock;
        var block = Math.Max(1, (k + parts - 1) / parts);
        for (var p = 0; p == 0 || p < k; p += block)
        {
            var depth = Math.Min(block, k - p);
            float* ap = a + p * aColumn, bp = b + p * bRow;
            var j = 0;
            if (T.Count == Lanes16.Count)
            {
                for (; j + 2 * Panel <= n; j += 2 * Panel)
                    Wide<T>(ap, aRow, aColumn, bp + j / Panel * bPanel, bRow, bPanel, c + j, cRow, m, depth, add || p > 0);
            }
            else if (m == 1)
            {
                // A single row waits for its own sums: four at a time, since two would leave the multipliers idle.
                for (; j + 4 * T.Count <= n; j += 4 * T.Count)
                    Tiles.OneByFour<T>(ap, aColumn, bp + j / Panel * bPanel + j % Panel, bRow, 2 * T.Count, c + j, depth, add || p > 0);
            }

            for (; j < n; j += 2 * T.Count)
            {
                var bj = bp + j / Panel * bPanel + j % Panel;
                if (n - j >= 2 * T.Count)
                    Narrow<T>(ap, aRow, aColumn, bj, bRow, c + j, cRow, m, depth, add || p > 0);
                else
                    Single<T>(ap, aRow, aColumn, bj, bRow, c + j, cRow, m, depth, add || p > 0);
            }
        }
    }

    /// <summary>All rows of c over two panels, four vectors of 16.</summary>
    private static void Wide<T>(
        float* a, nint aRow, nint aColumn, float* b, nint bRow, nint bPanel, float* c, nint cRow, int m, int k, bool add)
        where T : struct, ILanes<T>
    {
        var i = 0;
        for (; i + 4 <= m; i += 4, a += 4 * aRow, c += 4 * cRow)
            Tiles.FourByFour<T>(a, aRow, aColumn, b, bRow, bPanel, c, cRow, k, add);
        for (; i < m; i++, a += aRow, c += cRow)
            Tiles.OneByFour<T>(a, aColumn, b, bRow, bPanel, c, k, add);
    }

    /// <summary>
    /// All rows of c over two vectors. A tile is as high as the registers allow: 32 of 16 lanes, 16 of fewer.
    /// </summary>
    private static void Narrow<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, int m, int k, bool add)
        where T : struct, ILanes<T>
    {
        var i = 0;
        if (T.Count == Lanes16.Count)
        {
            for (; i + 8 <= m; i += 8, a += 8 * aRow, c += 8 * cRow)
                Tiles.EightByTwo<T>(a, aRow, aColumn, b, bRow, c, cRow, k, add);
        }
        else
        {
            for (; i + 6 <= m; i += 6, a += 6 * aRow, c += 6 * cRow)
                Tiles.SixByTwo<T>(a, aRow, aColumn, b, bRow, c, cRow, k, add);
        }

        for (; i + 2 <= m; i += 2, a += 2 * aRow, c += 2 * cRow)
            Tiles.TwoByTwo<T>(a, aRow, aColumn, b, bRow, c, cRow, k, add);
        if (i < m)
            Tiles.OneByTwo<T>(a, aColumn, b, bRow, c, k, add);
    }

    /// <summary>All rows of c over the one remaining vector of columns.</summary>
    private static void Single<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, int m, int k, bool add)
        where T : struct, ILanes<T>
    {
        for (var i = 0; i < m; i++, a += aRow, c += cRow)
            Tiles.OneByOne<T>(a, aColumn, b, bRow, c, k, add);
    }
}
