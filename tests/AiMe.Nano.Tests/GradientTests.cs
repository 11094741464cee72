using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

/// <summary>The analytic gradient against central differences of the double-precision reference, tensor by tensor.</summary>
public sealed class GradientTests
{
    internal static readonly NanoConfig Config = new(Vocabulary: 19, Width: 32, Layers: 2, Heads: 2, Hidden: 32, Context: 48);

    /// <summary>Everything that the presets lack, at once.</summary>
    internal static readonly NanoConfig Other = new(Vocabulary: 19, Width: 48, Layers: 2, Heads: 4, Hidden: 32, Context: 48)
    {
        KeyValueHeads = 2,
        HeadSize = 16,
        RotaryBase = 500,
        RotaryScaling = new Llama3RotaryScaling(8, 1, 4, 24),
        NormEpsilon = 1e-3,
        TiedEmbedding = false,
        AttentionBias = true,
    };

    internal static readonly List<TokenExample> Batch =
    [
        new(Some.Tokens(38, 11, 19), 1), // more than one block of attention rows
        new(Some.Tokens(9, 12, 19), 4), // with a prompt that is not learned
        new(Some.Tokens(2, 13, 19), 1),
    ];

    public static TheoryData<string> Tensors => [.. new WeightLayout(Config).Tensors.Select(t => t.Name)];

    public static TheoryData<string> OtherTensors => [.. new WeightLayout(Other).Tensors.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Tensors))]
    public void The_gradient_of_every_tensor_is_that_of_finite_differences(string tensor) => Check(Lively(), tensor);

    [Theory]
    [MemberData(nameof(OtherTensors))]
    public void So_it_is_with_shared_keys_biases_and_an_unembedding_of_its_own(string tensor) => Check(Lively(Other), tensor);

    private static void Check(Weights weights, string tensor)
    {
        var place = weights.Tensors.Single(t => t.Name == tensor);
        var gradient = Gradient(weights);
        var reference = Reference.Of(weights);
        var rng = new Rng(5);
        var largest = gradient.AsSpan(place.Offset, place.Length).ToArray().Max(Math.Abs);
        largest.ShouldBeGreaterThan(0);
        for (var i = 0; i < 6; i++)
        {
            var at = place.Offset + rng.NextInt(place.Length);
            const double step = 1e-4;
            var value = reference.Values[at];
            reference.Values[at] = value + step;
            var above = reference.Loss(Batch);
            reference.Values[at] = value - step;
            var below = reference.Loss(Batch);
            reference.Values[at] = value;
            ((double)gradient[at]).ShouldBe((above - below) / (2 * step), 2e-4 * largest, $"{tensor}, element {at - place.Offset}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_loss_is_that_of_the_reference(bool other)
    {
        var weights = Lively(other ? Other : Config);
        var packed = new PackedWeights(weights.Config, inRows: true);
        packed.Load(weights);
        var shard = new GradientShard(packed);
        shard.Run(Batch, 1);
        (shard.Loss / Batch.Sum(e => e.Targets)).ShouldBe(Reference.Of(weights).Loss(Batch), 1e-5);
    }

    private static float[] Gradient(Weights weights)
    {
        var packed = new PackedWeights(weights.Config, inRows: true);
        packed.Load(weights);
        var shard = new GradientShard(packed);
        shard.Run(Batch, 1f / Batch.Sum(e => e.Targets));
        return shard.Gradient.Span.ToArray();
    }

    /// <summary>Norms differ from 1 and embeddings are large, so that no factor of the gradient hides behind a 1 or a 0.</summary>
    internal static Weights Lively(NanoConfig? shape = null)
    {
        var config = shape ?? Config;
        var values = Weights.Initialise(config, 2).Values.ToArray();
        var rng = new Rng(3);
        foreach (var place in new WeightLayout(config).Tensors)
        {
            foreach (ref var value in values.AsSpan(place.Offset, place.Length))
                value =
                    place.IsNorm ? (float)(1 + 0.3 * rng.NextNormal())
                    : place.IsVector ? (float)(0.3 * rng.NextNormal())
                    : place.Offset == 0 ? 8 * value
                    : value;
        }

        return new Weights(config, values);
    }
}
