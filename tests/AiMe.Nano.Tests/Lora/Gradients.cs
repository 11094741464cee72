using AiMe.Nano.Lora;

namespace AiMe.Nano.Tests.Lora;

/// <summary>Finite differences of a loss by single numbers of an adapter, in double precision.</summary>
internal static class Gradients
{
    private const double Step = 1e-4;

    /// <summary>Compares some elements of A and of B of one projection.</summary>
    public static void Check(Weights weights, Adapter adapter, float[] gradient, string projection, Func<Reference, double> loss)
    {
        // The flat gradient, read back by the names that the numbers have.
        var named = new Adapter(adapter.Config, adapter.Options, adapter.Base);
        gradient.CopyTo(named.Values.Span);
        var rng = new Rng(5);
        adapter.ForEach(
            (layer, site, part) =>
            {
                if ($"model.layers.{layer}.{AdapterLayout.NameOf(site, part)}.weight" != projection)
                    return;
                foreach (
                    var (matrix, found) in (ReadOnlySpan<(string, float[])>)
                        [("A", named.A(layer, site, part)), ("B", named.B(layer, site, part))]
                )
                {
                    var largest = found.Max(Math.Abs);
                    largest.ShouldBeGreaterThan(0);
                    for (var i = 0; i < 4; i++)
                    {
                        var at = rng.NextInt(found.Length);
                        var slope = (loss(Nudged(matrix, at, Step)) - loss(Nudged(matrix, at, -Step))) / (2 * Step);
                        ((double)found[at]).ShouldBe(slope, 3e-4 * largest, $"{projection}, {matrix}, element {at}");
                    }
                }
            }
        );

        Reference Nudged(string matrix, int at, double by) => Reference.Of(weights, adapter, (name, a, b) =>
            {
                if (name == projection)
                    (matrix == "A" ? a : b)[at] += by;
            });
    }
}
