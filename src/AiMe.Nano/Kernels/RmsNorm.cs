using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>y = x w / sqrt(mean(x^2) + epsilon), row by row. Source: Zhang and Sennrich (2019).</summary>
internal static unsafe class RmsNorm
{
    /// <summary>
    /// x, y of shape (rows, n), w (n); n a multiple of 16. inverse (rows) receives 1 / root for the backward pass.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, float* w, float* y, float* inverse, int rows, int n, float epsilon)
    {
        for (var r = 0; r < rows; r++, x += n, y += n)
        {
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < n; i += Wide.Count)
            {
                var v = Vector512.Load(x + i);
                sum = Vector512.FusedMultiplyAdd(v, v, sum);
            }

            inverse[r] = 1 / MathF.Sqrt(Wide.Sum(sum) / n + epsilon);
            var scale = Vector512.Create(inverse[r]);
            for (var i = 0; i < n; i += Wide.Count)
                (Vector512.Load(x + i) * scale * Vector512.Load(w + i)).Store(y + i);
        }
    }

    /// <summary>dx += gradient by x, dw += gradient by w; dy (rows, n) is the gradient by y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* x, float* w, float* inverse, float* dy, float* dx, float* dw, int rows, int n)
    {
        for (var r = 0; r < rows; r++, x += n, dy += n, dx += n)
        {
            var dot = Vector512<float>.Zero; // sum of x w dy
            for (var i = 0; i < n; i += Wide.Count)
                dot = Vector512.FusedMultiplyAdd(Vector512.Load(x + i) * Vector512.Load(w + i), Vector512.Load(dy + i), dot);
            var s = inverse[r];
            var scale = Vector512.Create(s);
            var pull = Vector512.Create(-s * s * s * (Wide.Sum(dot) / n));
            for (var i = 0; i < n; i += Wide.Count)
            {
                var (xi, gi) = (Vector512.Load(x + i), Vector512.Load(dy + i) * scale);
                var d = Vector512.FusedMultiplyAdd(gi, Vector512.Load(w + i), Vector512.Load(dx + i));
                Vector512.FusedMultiplyAdd(pull, xi, d).Store(dx + i);
                Vector512.FusedMultiplyAdd(gi, xi, Vector512.Load(dw + i)).Store(dw + i);
            }
        }
    }
}
