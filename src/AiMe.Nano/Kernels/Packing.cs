using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>
/// Copies a matrix into panels of <see cref="Gemm.Panel"/> columns, each contiguous from top to bottom.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>Floats for n columns of k rows: whole panels.</summary>
    public static int Size(int k, int n) => PaddedTo(n, Gemm.Panel) * k;

    /// <summary>n rounded up to a multiple of a step.</summary>
    public static int PaddedTo(int n, int step) => (n + step - 1) / step * step;

    /// <summary>
    /// Packs the transpose of a row-major w (n, k): panel element (p, j) = w[j, p]; columns beyond n are 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transposed(float* w, nint wRow, int n, int k, float* panels)
    {
        for (var j = 0; j < n; j += Gemm.Panel, panels += k * Gemm.Panel)
        {
            var columns = Math.Min(Gemm.Panel, n - j);
            for (var p = 0; p < k; p++)
            {
                var to = panels + p * Gemm.Panel;
                var from = w + j * wRow + p;
                for (var q = 0; q < columns; q++)
                    to[q] = from[q * wRow];
                for (var q = columns; q < Gemm.Panel; q++)
                    to[q] = 0;
            }
        }
    }

    /// <summary>Copies rows of w (rows, k) into panels that hold its transpose, from row <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PutRows(ReadOnlySpan<float> w, int k, float* panels, int first)
    {
        fixed (float* rows = w)
        {
            for (var r = 0; r < w.Length / k; r++)
            {
                float* from = rows + (nint)r * k,
                    to = Place(panels, k, first + r);
                for (var p = 0; p < k; p++)
                    to[(nint)p * Gemm.Panel] = from[p];
            }
        }
    }

    /// <summary>Copies row j of w (n, k) out of panels that hold its transpose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowOf(float* panels, int k, int j, float* row)
    {
        var from = Place(panels, k, j);
        for (var p = 0; p < k; p++)
            row[p] = from[(nint)p * Gemm.Panel];
    }

    /// <summary>
    /// Packs w (n, k), k a multiple of 16, in panels of its columns, from panels that hold its transpose: what
    /// <see cref="Straight"/> gives of the rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StraightOfTransposed(float* transposed, int n, int k, float* panels)
    {
        for (var p = 0; p < k; p += Gemm.Panel, panels += (nint)n * Gemm.Panel)
        {
            var columns = Math.Min(Gemm.Panel, k - p);
            for (var j = 0; j < n; j++)
            {
                var from = Place(transposed, k, j) + (nint)p * Gemm.Panel;
                var to = panels + (nint)j * Gemm.Panel;
                for (var q = 0; q < columns; q++)
                    to[q] = from[(nint)q * Gemm.Panel];
                for (var q = columns; q < Gemm.Panel; q++)
                    to[q] = 0;
            }
        }
    }

    // Element (0, j) of panels of k rows; the next rows follow at distances of a panel.
    private static float* Place(float* panels, int k, int j) => panels + (nint)(j / Gemm.Panel) * k * Gemm.Panel + j % Gemm.Panel;

    /// <summary>
    /// Packs a row-major b (k, n), n a multiple of 16, without transposing: panel element (p, j) = b[p, j]; columns
    /// beyond n are 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Straight(float* b, nint bRow, int k, int n, float* panels)
    {
        for (var j = 0; j < n; j += Gemm.Panel, panels += (nint)k * Gemm.Panel)
        {
            var whole = n - j >= Gemm.Panel;
            float* from = b + j, to = panels;
            for (var p = 0; p < k; p++, from += bRow, to += Gemm.Panel)
            {
                Vector512.Load(from).Store(to);
                (whole ? Vector512.Load(from + Wide.Count) : Vector512<float>.Zero).Store(to + Wide.Count);
            }
        }
    }
}
