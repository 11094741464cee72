using AiMe.Nano.Lora;
using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

/// <summary>Shapes of Llama's family beyond the presets: shared keys, another head size, biases, an unembedding, scaling.</summary>
public sealed class ShapeTests
{
    private static readonly NanoConfig Plain = new(Vocabulary: 50, Width: 64, Layers: 2, Heads: 4, Hidden: 48, Context: 40);

    public static TheoryData<string, NanoConfig> Shapes =>
        new()
        {
            { "presets", Plain },
            { "shared keys", Plain with { KeyValueHeads = 2 } },
            { "one key head", Plain with { KeyValueHeads = 1, NormEpsilon = 1e-6 } },
            { "wide heads", Plain with { HeadSize = 32, RotaryBase = 100_000 } },
            { "unembedding", Plain with { TiedEmbedding = false, RotaryScaling = new LinearRotaryScaling(4) } },
            { "biases", Plain with { AttentionBias = true, RotaryScaling = new Llama3RotaryScaling(8, 1, 4, 16) } },
            { "all", Plain with { KeyValueHeads = 2, HeadSize = 32, TiedEmbedding = false, AttentionBias = true } },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_text_has_the_log_probabilities_of_the_reference(string name, NanoConfig shape)
    {
        var weights = Lively(shape);
        var tokens = Some.Tokens(30, 5, shape.Vocabulary);
        var logits = Reference.Of(weights).Logits(tokens[..^1]);
        var expected = tokens.Skip(1).Select((t, i) => Reference.LogProbability(logits[i], t)).ToArray();
        new Model(weights).LogProbabilities(tokens).ShouldBe(expected, 2e-5, name);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weights_in_panels_only_give_the_same_bits_and_the_same_weights(string name, NanoConfig shape)
    {
        var weights = Lively(shape);
        Model rows = new(weights, inRows: true),
            panels = new(weights, inRows: false);
        var tokens = Some.Tokens(30, 5, shape.Vocabulary);
        panels.LogProbabilities(tokens).ShouldBe(rows.LogProbabilities(tokens), name);
        panels.Weights.Values.ToArray().ShouldBe(weights.Values.ToArray(), name);
        panels.Digest.ShouldBe(weights.Digest, name);
        var options = new SamplingOptions { MaxTokens = 20 };
        panels.Generate(tokens[..9], options, 3).Tokens.ShouldBe(rows.Generate(tokens[..9], options, 3).Tokens, name);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scores_are_the_same_alone_in_a_batch_and_token_by_token(string name, NanoConfig shape)
    {
        var model = new Model(Lively(shape));
        var tokens = Some.Tokens(30, 5, shape.Vocabulary);
        var whole = model.LogProbabilities(tokens, 10);
        int[][] batch = [Some.Tokens(7, 6, shape.Vocabulary), tokens[10..], Some.Tokens(3, 8, shape.Vocabulary)];
        model.Score(model.Prefill(tokens[..10]), batch)[1].ShouldBe(whole, name);
        var prefix = model.Prefill(tokens[..10]);
        for (var i = 10; i < tokens.Length; i++)
        {
            model.Distribution(prefix)[tokens[i]].ShouldBe(whole[i - 10], name);
            if (i + 1 < tokens.Length)
                prefix = model.Extend(prefix, [tokens[i]]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Files_come_back_as_they_were(string name, NanoConfig shape)
    {
        NanoConfig.FromJson(shape.ToJson()).ShouldBe(shape, name);
        var weights = Lively(shape);
        Weights.FromSafetensors(shape, weights.ToSafetensors()).Values.ToArray().ShouldBe(weights.Values.ToArray(), name);
        var adapter = Some.Adapter(weights);
        Adapter.FromSafetensors(shape, adapter.ToSafetensors()).ToSafetensors().ShouldBe(adapter.ToSafetensors(), name);
        adapter.Parameters.ShouldBe(adapter.ToSafetensors().Length / 4 - HeaderOf(adapter.ToSafetensors()) / 4, name);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Training_lowers_the_loss_of_weights_and_adapters(string name, NanoConfig shape)
    {
        List<TokenExample> examples = [new(Some.Tokens(30, 5, shape.Vocabulary)), new(Some.Tokens(20, 6, shape.Vocabulary))];
        var options = new TrainingOptions { Epochs = 40, LearningRate = 0.01 };
        var weights = Weights.Initialise(shape, 4);
        var all = Trainer.Train(weights, examples, options, progress: null, CancellationToken.None);
        all.Losses[^1].ShouldBeLessThan(all.Losses[0] / 2, name);
        var size = new AdapterOptions();
        var thin = Trainer.TrainAdapter(new Model(weights), size, examples, options, progress: null, CancellationToken.None);
        thin.Losses[^1].ShouldBeLessThan(thin.Losses[0] / 2, name);
    }

    private static int HeaderOf(byte[] file) => 8 + (int)BitConverter.ToInt64(file, 0);

    /// <summary>Norms differ from 1 and biases from 0.</summary>
    internal static Weights Lively(NanoConfig shape)
    {
        var values = Weights.Initialise(shape, 2).Values.ToArray();
        var rng = new Rng(3);
        foreach (var place in new WeightLayout(shape).Tensors.Where(t => t.IsVector))
        {
            foreach (ref var value in values.AsSpan(place.Offset, place.Length))
                value = (float)((place.IsNorm ? 1 : 0) + 0.3 * rng.NextNormal());
        }

        return new Weights(shape, values);
    }
}
