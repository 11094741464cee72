using System.Numerics;
using AiMe.Metrics.Vectors;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>Cosine, novelty and coherence.</summary>
public sealed class VectorTests
{
    private static readonly sbyte[] East = [3, 4];
    private static readonly sbyte[] West = [-3, -4];
    private static readonly sbyte[] North = [-4, 3];
    private static readonly sbyte[] Nowhere = [0, 0];

    [Fact]
    public void Cosine_by_hand()
    {
        Cosine.Of([1, 0], (sbyte[])[3, 4]).ShouldBe(0.6);
        Cosine.Of([1f, 0f], [3f, 4f]).ShouldBe(0.6, 1e-15);
    }

    [Fact]
    public void Cosine_of_a_thing_with_itself_is_1_exactly()
    {
        Cosine.Of(East, East).ShouldBe(1);
        Cosine.Of(East, West).ShouldBe(-1);
    }

    [Fact]
    public void Cosine_without_a_direction_is_undefined()
    {
        Cosine.Of(East, Nowhere).ShouldBe(double.NaN);
        Cosine.Of((sbyte[])[], []).ShouldBe(double.NaN);
        Cosine.Of([0f], [1f]).ShouldBe(double.NaN);
        Cosine.Of([float.NaN, 1f], [1f, 1f]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Cosine_of_different_lengths_is_refused()
    {
        Should.Throw<ArgumentException>(() => Cosine.Of(East, (sbyte[])[1])).Message.ShouldContain("2 and 1");
        Should.Throw<ArgumentException>(() => Cosine.Of([1f], [1f, 2f]));
    }

    [Fact]
    public void Cosine_is_symmetric_and_within_its_range() => Draw.Hold(Gen.Two(Gen.ArrayOf(Gen.Choose(-128, 127), 5)), x =>
        {
            sbyte[] a = [.. x.Item1.Select(v => (sbyte)v)],
                b = [.. x.Item2.Select(v => (sbyte)v)];
            float[] fa = [.. a.Select(v => (float)v)],
                fb = [.. b.Select(v => (float)v)];
            var c = Cosine.Of(a, b);
            return double.IsNaN(c) || (c is >= -1 and <= 1 && c.Equals(Cosine.Of(b, a)) && Math.Abs(c - Cosine.Of(fa, fb)) < 1e-15);
        });

    [Fact]
    public void The_vectorised_dot_product_equals_the_scalar_one_at_odd_lengths()
    {
        var random = new Random(5);
        var w = Vector<sbyte>.Count;
        foreach (var length in new[] { 0, 1, w - 1, w, w + 1, 2 * w, 10 * w + 3, (1 << 18) - 1, 1 << 18, (1 << 18) + 1 })
        {
            var a = new sbyte[length];
            var b = new sbyte[length];
            random.NextBytes((byte[])(Array)a);
            random.NextBytes((byte[])(Array)b);
            Cosine.Dot(a, b).ShouldBe(Cosine.DotScalar(a, b), $"length {length}");
        }
    }

    [Fact]
    public void The_vectorised_dot_product_does_not_overflow()
    {
        var extremes = new sbyte[1 << 18];
        Array.Fill(extremes, sbyte.MinValue);
        Cosine.Dot(extremes, extremes).ShouldBe((1L << 18) * (1 << 14));
    }

    [Fact]
    public void Coherence_by_hand()
    {
        // Adjacent: 1, 0, 1, mean 2/3. All six pairs: 1, 0, 0, 0, 0, 1, mean 1/3.
        Coherence.Of((IReadOnlyList<sbyte[]>)[East, East, North, North]).ShouldBe(1.0 / 3, 1e-15);
        Coherence
            .Of(
                (IReadOnlyList<float[]>)
                    [
                        [1f, 0f],
                        [0f, 1f],
                        [1f, 0f],
                        [0f, 1f],
                    ]
            )
            .ShouldBe(-1.0 / 3, 1e-15);
    }

    [Fact]
    public void Coherence_is_0_where_all_sentences_are_alike() => Coherence.Of((IReadOnlyList<sbyte[]>)[East, East, East]).ShouldBe(0);

    [Fact]
    public void Coherence_is_undefined_below_three_sentences_and_without_direction()
    {
        Coherence.Of((IReadOnlyList<sbyte[]>)[]).ShouldBe(double.NaN);
        Coherence.Of((IReadOnlyList<sbyte[]>)[East, North]).ShouldBe(double.NaN);
        Coherence.Of((IReadOnlyList<sbyte[]>)[East, Nowhere, North]).ShouldBe(double.NaN);
    }

    [Fact]
    public void The_mean_over_all_orders_of_the_adjacent_cosine_is_the_mean_over_all_pairs()
    {
        // So coherence averages to 0 over all orders of the same sentences.
        sbyte[][] sentences =
        [
            [1, 2],
            [3, -1],
            [0, 5],
            [-2, -2],
        ];
        var orders =
            from a in Enumerable.Range(0, 4)
            from b in Enumerable.Range(0, 4)
            from c in Enumerable.Range(0, 4)
            where a != b && b != c && a != c
            select new[] { a, b, c, 6 - a - b - c };
        orders.Average(order => Coherence.Of((sbyte[][])[.. order.Select(i => sentences[i])])).ShouldBe(0, 1e-15);
    }
}
