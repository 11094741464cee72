using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>h = g sigmoid(g) u. Source: Shazeer (2020), GLU variants improve transformer.</summary>
internal static unsafe class SwiGlu
{
    /// <summary>gu of shape (rows, 2n): gate, then up; h (rows, n); n a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* gu, float* h, int rows, int n)
    {
        for (var r = 0; r < rows; r++, gu += 2 * n, h += n)
        {
            for (var i = 0; i < n; i += Wide.Count)
            {
                var g = Vector512.Load(gu + i);
                (g * Wide.Sigmoid(g) * Vector512.Load(gu + n + i)).Store(h + i);
            }
        }
    }

    /// <summary>
    /// dgu (rows, 2n) from dh (rows, n): dg = dh u s (1 + g (1 - s)), du = dh g s, with s = sigmoid(g).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gu, float* dh, float* dgu, int rows, int n)
    {
        for (var r = 0; r < rows; r++, gu += 2 * n, dgu += 2 * n, dh += n)
        {
            for (var i = 0; i < n; i += Wide.Count)
            {
                var (g, u, d) = (Vector512.Load(gu + i), Vector512.Load(gu + n + i), Vector512.Load(dh + i));
                var s = Wide.Sigmoid(g);
                var slope = s * Vector512.FusedMultiplyAdd(g, Vector512<float>.One - s, Vector512<float>.One);
                (d * u * slope).Store(dgu + i);
                (d * g * s).Store(dgu + n + i);
            }
        }
    }
}
