using AiMe.Nano.Kernels;

namespace AiMe.Nano.Tests;

/// <summary>Every kernel against its scalar twin, bit for bit, around the 16 lanes.</summary>
public sealed unsafe class KernelTests
{
    public static TheoryData<int> Lengths => [0, 1, 15, 16, 17, 31, 32, 33, 100];

    public static TheoryData<int, int, int> Products
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (var m in (int[])[0, 1, 3, 4, 5, 17, 23])
            {
                foreach (var n in (int[])[0, 16, 32, 48, 64, 80, 96, 176])
                {
                    foreach (var k in (int[])[0, 1, 15, 16, 17, 200])
                        data.Add(m, n, k);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void A_matrix_product_has_the_bits_of_the_plain_one_at_every_vector_width(int m, int n, int k)
    {
        float[] a = Some.Floats(m * k, 1),
            b = Some.Floats(k * n, 2),
            start = Some.Floats(m * n, 3);
        foreach (var add in (bool[])[false, true])
        {
            var expected = (float[])start.Clone();
            Scalar.Multiply(a, b, expected, m, n, k, add);
            Run((pa, pb, pc) => Gemm.Run<Lanes16>(pa, k, 1, pb, n, Gemm.Panel, pc, n, m, n, k, add)).ShouldBe(expected);
            Run((pa, pb, pc) => Gemm.Run<Lanes8>(pa, k, 1, pb, n, Gemm.Panel, pc, n, m, n, k, add)).ShouldBe(expected);
            Run((pa, pb, pc) => Gemm.Run<Lanes4>(pa, k, 1, pb, n, Gemm.Panel, pc, n, m, n, k, add)).ShouldBe(expected);
        }

        float[] Run(Product product)
        {
            var c = (float[])start.Clone();
            fixed (
                float* pa = a,
                    pb = b,
                    pc = c
            )
                product(pa, pb, pc);
            return c;
        }
    }

    private delegate void Product(float* a, float* b, float* c);

    [Theory]
    [InlineData(0, 16, 5)]
    [InlineData(1, 48, 1)]
    [InlineData(48, 16, 17)]
    [InlineData(80, 96, 300)]
    public void A_transposed_product_of_packed_operands_has_the_bits_of_the_plain_one(int m, int n, int k)
    {
        float[] a = Some.Floats(k * m, 1),
            b = Some.Floats(k * n, 2),
            transposed = new float[m * k],
            start = Some.Floats(m * n, 3);
        for (var i = 0; i < k * m; i++)
            transposed[i % m * k + i / m] = a[i];
        var (aPanels, bPanels) = (new Block(Packing.Size(k, Packing.PaddedTo(m, 16))), new Block(Packing.Size(k, n)));
        foreach (var add in (bool[])[false, true])
        {
            float[] expected = [.. start],
                found = [.. start];
            Scalar.Multiply(transposed, b, expected, m, n, k, add);
            fixed (
                float* pa = a,
                    pb = b,
                    pc = found
            )
            {
                Packing.Straight(pa, m, k, m, aPanels.Start);
                Packing.Straight(pb, n, k, n, bPanels.Start);
                Gemm.MultiplyTransposed(aPanels.Start, bPanels.Start, pc, n, m, n, k, add);
            }

            found.ShouldBe(expected);
        }
    }

    [Fact]
    public void A_transposed_operand_and_packed_panels_give_the_same_bits()
    {
        const int m = 13,
            n = 70,
            k = 210;
        float[] a = Some.Floats(m * k, 1),
            w = Some.Floats(n * k, 2);
        float[] transposedA = new float[k * m],
            b = new float[k * n],
            expected = new float[m * n];
        for (var i = 0; i < m * k; i++)
            transposedA[i % k * m + i / k] = a[i];
        for (var i = 0; i < n * k; i++)
            b[i % k * n + i / k] = w[i];
        Scalar.Multiply(a, b, expected, m, n, k, add: false);

        var row = Packing.PaddedTo(n, 16);
        var c = new float[m * row];
        var panels = new Block(Packing.Size(k, n));
        fixed (
            float* pa = transposedA,
                pw = w,
                pc = c
        )
        {
            Packing.Transposed(pw, k, n, k, panels.Start);
            Gemm.Multiply(pa, 1, m, panels.Start, Gemm.Panel, k * Gemm.Panel, pc, row, m, row, k, add: false);
        }

        for (var i = 0; i < m; i++)
            c[(i * row)..(i * row + n)].ShouldBe(expected[(i * n)..((i + 1) * n)]);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Softmax_has_the_bits_of_the_plain_one(int n)
    {
        var x = Some.Floats(n, 4);
        float[] plain = new float[n],
            fast = new float[n];
        fixed (
            float* px = x,
                pf = fast
        )
        {
            Softmax.Max(px, n).ShouldBe(Scalar.Max(x));
            Softmax.Exponentials(px, pf, n, 2, 0.7f).ShouldBe(Scalar.Exponentials(x, plain, 2, 0.7f));
        }

        fast.ShouldBe(plain);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_row_of_attention_and_its_gradient_have_the_bits_of_the_plain_ones(int n)
    {
        var padded = Packing.PaddedTo(n, 16) + 16;
        float[] row = Some.Floats(padded, 4),
            d = Some.Floats(padded, 5),
            expected = row[..n],
            gradient = d[..n];
        Scalar.Causal(expected, 0.25f);
        Scalar.CausalBackward(expected, gradient, 0.25f);
        fixed (
            float* p = row,
                pd = d
        )
        {
            Softmax.Causal(p, n, padded, 0.25f);
            Softmax.CausalBackward(p, pd, n, padded, 0.25f);
        }

        Bits(row).ShouldBe(Bits([.. expected, .. new float[padded - n]]));
        Bits(d).ShouldBe(Bits([.. gradient, .. new float[padded - n]]));

        static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)]; // 0 and -0 differ
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(48)]
    public void Norm_and_gate_have_the_bits_of_the_plain_ones(int n)
    {
        float[] x = Some.Floats(n, 1),
            w = Some.Floats(n, 2),
            dy = Some.Floats(n, 3),
            y = new float[n],
            dx = Some.Floats(n, 4),
            dw = Some.Floats(n, 5);
        float[] plain = new float[n],
            plainDx = [.. dx],
            plainDw = [.. dw],
            gu = [.. x, .. w],
            h = new float[n],
            dgu = new float[2 * n];
        var inverse = Scalar.RmsNorm(x, w, plain, 1e-5f);
        Scalar.RmsNormBackward(x, w, inverse, dy, plainDx, plainDw);
        float found;
        fixed (
            float* px = x,
                pw = w,
                py = y,
                pdy = dy,
                pdx = dx,
                pdw = dw,
                pgu = gu,
                ph = h,
                pdgu = dgu
        )
        {
            RmsNorm.Forward(px, pw, py, &found, 1, n, 1e-5f);
            RmsNorm.Backward(px, pw, &found, pdy, pdx, pdw, 1, n);
            SwiGlu.Forward(pgu, ph, 1, n);
            SwiGlu.Backward(pgu, pdy, pdgu, 1, n);
        }

        found.ShouldBe(inverse);
        y.ShouldBe(plain);
        dx.ShouldBe(plainDx);
        dw.ShouldBe(plainDw);
        for (var i = 0; i < n; i++)
        {
            h[i].ShouldBe(Scalar.SwiGlu(x[i], w[i]));
            (dgu[i], dgu[n + i]).ShouldBe(Scalar.SwiGluBackward(x[i], w[i], dy[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_optimiser_and_its_sums_have_the_bits_of_the_plain_ones(int n)
    {
        float[] w = Some.Floats(n, 1),
            g = Some.Floats(n, 2),
            m = Some.Floats(n, 3),
            v = [.. Some.Floats(n, 4).Select(Math.Abs)];
        float[] w2 = [.. w],
            m2 = [.. m],
            v2 = [.. v],
            sum = [.. w];
        var k = new Adam.Constants(0.01f, 0.9f, 0.98f, 2, 3, 1e-8f, 0.1f, 0.5f);
        for (var i = 0; i < n; i++)
            Scalar.AdamStep(ref w2[i], g[i], ref m2[i], ref v2[i], k);
        fixed (
            float* pw = w,
                pg = g,
                pm = m,
                pv = v,
                ps = sum
        )
        {
            Adam.Add(pg, ps, n);
            Adam.SumOfSquares(pg, n).ShouldBe(Scalar.Dot(g, g));
            Adam.Step(pw, pg, pm, pv, n, k);
        }

        w.ShouldBe(w2);
        m.ShouldBe(m2);
        v.ShouldBe(v2);
        sum.ShouldBe([.. Some.Floats(n, 1).Zip(g, (a, b) => a + b)]);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_large_ones_are_those_that_the_plain_search_finds(int n)
    {
        var x = Some.Floats(n, 6);
        foreach (var threshold in (float[])[0.5f, n > 0 ? x[n / 2] : 0, -9, 9]) // one of them is met exactly
        {
            var chosen = new int[n];
            fixed (float* px = x)
                chosen[..Threshold.Above(px, n, threshold, chosen)].ShouldBe(Scalar.Above(x, threshold));
        }
    }

    [Fact]
    public void The_exponential_is_within_two_units_in_ten_million_and_ends_where_it_says()
    {
        for (var x = -87.2f; x < 88; x += 0.0173f)
            (Scalar.Exp(x) / Math.Exp(x) - 1).ShouldBe(0, 2e-7);
        Scalar.Exp(0).ShouldBe(1);
        Scalar.Exp(float.NegativeInfinity).ShouldBe(0);
        Scalar.Exp(-87.4f).ShouldBe(0);
        Scalar.Exp(1000).ShouldBe(Scalar.Exp(88));
        float.IsNaN(Wide.Exp(System.Runtime.Intrinsics.Vector512.Create(float.NaN))[0]).ShouldBeTrue();
    }
}
