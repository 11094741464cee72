namespace AiMe.Nano.Kernels;

/// <summary>
/// Scalar twin of every kernel, for reading and for tests: the same operations in the same order, so the same bits.
/// </summary>
internal static class Scalar
{
    /// <summary>c (m, n) = or += a (m, k) b (k, n), all row-major.</summary>
    public static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k, bool add)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = add ? c[i * n + j] : 0;
                for (var p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(a[i * k + p], b[p * n + j], sum);
                c[i * n + j] = sum;
            }
        }
    }

    public static float Exp(float x)
    {
        if (x < -87.3f)
            return 0;
        x = x > 88 ? 88 : x;
        var k = MathF.Floor(MathF.FusedMultiplyAdd(x, 1.44269504f, 0.5f));
        var r = MathF.FusedMultiplyAdd(k, -0.693359375f, x);
        r = MathF.FusedMultiplyAdd(k, 2.12194440e-4f, r);
        var y = 1.9875691500e-4f;
        y = MathF.FusedMultiplyAdd(y, r, 1.3981999507e-3f);
        y = MathF.FusedMultiplyAdd(y, r, 8.3334519073e-3f);
        y = MathF.FusedMultiplyAdd(y, r, 4.1665795894e-2f);
        y = MathF.FusedMultiplyAdd(y, r, 1.6666665459e-1f);
        y = MathF.FusedMultiplyAdd(y, r, 5.0000001201e-1f);
        y = MathF.FusedMultiplyAdd(y, r * r, r) + 1;
        return y * BitConverter.Int32BitsToSingle(((int)k + 127) << 23);
    }

    public static float Sigmoid(float x) => 1 / (1 + Exp(-x));

    public static float Max(ReadOnlySpan<float> x)
    {
        var max = float.NegativeInfinity;
        foreach (var value in x)
            max = value > max ? value : max;
        return max;
    }

    public static float Exponentials(ReadOnlySpan<float> x, Span<float> y, float max, float scale)
    {
        Span<float> lanes = stackalloc float[Wide.Count];
        for (var i = 0; i < x.Length; i++)
            lanes[i % Wide.Count] += y[i] = Exp((x[i] - max) * scale);
        return Tree(lanes);
    }

    /// <summary>One row, in place: softmax of scale x.</summary>
    public static void Causal(Span<float> x, float scale)
    {
        var factor = 1 / Exponentials(x, x, Max(x), scale);
        foreach (ref var value in x)
            value *= factor;
    }

    public static void CausalBackward(ReadOnlySpan<float> p, Span<float> d, float scale)
    {
        var mean = Dot(p, d);
        for (var i = 0; i < p.Length; i++)
            d[i] = p[i] * scale * (d[i] - mean);
    }

    /// <summary>One row; returns 1 / root.</summary>
    public static float RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<float> y, float epsilon)
    {
        var inverse = 1 / MathF.Sqrt(Dot(x, x) / x.Length + epsilon);
        for (var i = 0; i < x.Length; i++)
            y[i] = x[i] * inverse * w[i];
        return inverse;
    }

    /// <summary>One row.</summary>
    public static void RmsNormBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> w, float inverse, ReadOnlySpan<float> dy, Span<float> dx, Span<float> dw)
    {
        Span<float> lanes = stackalloc float[Wide.Count];
        for (var i = 0; i < x.Length; i++)
            lanes[i % Wide.Count] = MathF.FusedMultiplyAdd(x[i] * w[i], dy[i], lanes[i % Wide.Count]);
        var pull = -inverse * inverse * inverse * (Tree(lanes) / x.Length);
        for (var i = 0; i < x.Length; i++)
        {
            var g = dy[i] * inverse;
            dx[i] = MathF.FusedMultiplyAdd(pull, x[i], MathF.FusedMultiplyAdd(g, w[i], dx[i]));
            dw[i] = MathF.FusedMultiplyAdd(g, x[i], dw[i]);
        }
    }

    public static float SwiGlu(float gate, float up) => gate * Sigmoid(gate) * up;

    public static (float Gate, float Up) SwiGluBackward(float gate, float up, float d)
    {
        var s = Sigmoid(gate);
        return (d * up * (s * MathF.FusedMultiplyAdd(gate, 1 - s, 1)), d * gate * s);
    }

    public static void AdamStep(ref float w, float g, ref float m, ref float v, in Adam.Constants k)
    {
        g *= k.GradientScale;
        m = m * k.Beta1 + g * (1 - k.Beta1);
        v = v * k.Beta2 + g * g * (1 - k.Beta2);
        w -= (m * k.MeanCorrection / (MathF.Sqrt(v * k.SquareCorrection) + k.Epsilon) + w * k.Decay) * k.Rate;
    }

    public static List<int> Above(ReadOnlySpan<float> x, float threshold)
    {
        var chosen = new List<int>();
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] >= threshold)
                chosen.Add(i);
        }

        return chosen;
    }

    /// <summary>Element i goes to lane i modulo 16; the lanes are added in <see cref="Wide.Sum"/>'s tree.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Span<float> lanes = stackalloc float[Wide.Count];
        for (var i = 0; i < x.Length; i++)
            lanes[i % Wide.Count] = MathF.FusedMultiplyAdd(x[i], y[i], lanes[i % Wide.Count]);
        return Tree(lanes);
    }

    private static float Tree(Span<float> lanes)
    {
        for (var half = Wide.Count / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
                lanes[i] += lanes[i + half];
        }

        return lanes[0];
    }
}
