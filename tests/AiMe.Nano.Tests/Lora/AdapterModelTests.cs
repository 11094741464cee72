using AiMe.Nano.Lora;

namespace AiMe.Nano.Tests.Lora;

/// <summary>A model under an adapter speaks and scores as any other.</summary>
public sealed class AdapterModelTests
{
    private static readonly Model Bare = Some.Model();
    private static readonly Adapter Learned = Some.Adapter(Bare.Weights);
    private static readonly Model Model = Bare.With(Learned);
    private static readonly int[] Text = Some.Tokens(60);

    [Fact]
    public void A_new_adapter_changes_no_bit() =>
        Bare.With(Adapter.Initialise(Bare.Weights, new AdapterOptions(), 3)).LogProbabilities(Text).ShouldBe(Bare.LogProbabilities(Text));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    public void Log_probabilities_are_those_of_the_reference_at_any_rank(int rank)
    {
        var adapter = Some.Adapter(Bare.Weights, rank);
        var expected = Reference.Of(Bare.Weights, adapter).Logits(Text);
        var found = Bare.With(adapter).LogProbabilities(Text);
        found.ShouldNotBe(Bare.LogProbabilities(Text));
        for (var i = 0; i < found.Length; i++)
            found[i].ShouldBe(Reference.LogProbability(expected[i], Text[i + 1]), 1e-4 * Math.Abs(found[i]));
    }

    [Fact]
    public void A_sequence_gives_the_same_bits_at_once_token_by_token_and_from_any_prefix()
    {
        var whole = Model.LogProbabilities(Text);
        var prefix = Model.Prefill(Text.AsSpan(0, 1));
        for (var i = 1; i < Text.Length; i++)
        {
            Model.Distribution(prefix)[Text[i]].ShouldBe(whole[i - 1]);
            prefix = Model.Extend(prefix, Text.AsSpan(i, 1));
        }

        foreach (var cut in (int[])[1, 15, 32, 33, 59])
            Model.Score(Model.Prefill(Text.AsSpan(0, cut)), [Text[cut..]])[0].ShouldBe(whole[(cut - 1)..]);
    }

    [Fact]
    public void A_prompt_gives_the_same_bits_alone_and_in_a_batch_of_64()
    {
        var prefix = Model.Prefill(Text.AsSpan(0, 20));
        var continuations = Enumerable.Range(0, 64).Select(i => Some.Tokens(i % 40, (ulong)i)).ToArray();
        var together = Model.Score(prefix, continuations);
        for (var i = 0; i < continuations.Length; i++)
            together[i].ShouldBe(Model.Score(prefix, [continuations[i]])[0], $"continuation {i}");
    }

    [Fact]
    public void Models_over_one_base_do_not_disturb_each_other_on_many_threads()
    {
        var models = Enumerable
            .Range(0, 6)
            .Select(i => i == 0 ? Bare : Bare.With(Some.Adapter(Bare.Weights, rank: i, seed: (ulong)i)))
            .ToArray();
        var options = new SamplingOptions { MaxTokens = 15 };
        var alone = models.Select(m => m.Generate(Text.AsSpan(0, 5), options, 8).LogProbabilities).ToArray();
        Parallel.For(0, 60, i => models[i % 6].Generate(Text.AsSpan(0, 5), options, 8).LogProbabilities.ShouldBe(alone[i % 6]));
        alone.Select(l => string.Join(' ', l)).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public void All_models_over_one_base_share_its_weights()
    {
        Model.Weights.ShouldBeSameAs(Bare.Weights);
        Model.Packed.ShouldBeSameAs(Bare.Packed);
        Model.With(Some.Adapter(Bare.Weights, seed: 9)).Packed.ShouldBeSameAs(Bare.Packed);
    }

    [Fact]
    public void A_prefix_of_the_base_is_not_taken_for_one_under_the_adapter() =>
        Should.Throw<ArgumentException>(() => Model.Distribution(Bare.Prefill(Text.AsSpan(0, 5)))).Message.ShouldContain("another model");

    [Fact]
    public void An_adapter_of_other_weights_is_refused_by_their_digests()
    {
        var message = Should.Throw<ArgumentException>(() => Some.Model(2).With(Learned)).Message;
        message.ShouldContain(Bare.Weights.Digest);
        message.ShouldContain(Some.Weights(2).Digest);
        var wider = new Model(Weights.Initialise(Some.Config with { Hidden = 64 }, 1));
        Should.Throw<ArgumentException>(() => wider.With(Learned)).Message.ShouldContain("Hidden = 64");
    }

    [Fact]
    public void Merged_weights_score_as_the_adapter_does_but_for_rounding()
    {
        var merged = new Model(Model.Merged()).LogProbabilities(Text);
        var apart = Model.LogProbabilities(Text);
        for (var i = 0; i < merged.Length; i++)
            merged[i].ShouldBe(apart[i], 1e-4 * Math.Abs(apart[i]));
        Bare.Merged().ShouldBeSameAs(Bare.Weights);
    }

    [Fact]
    public void The_memory_of_an_adapter_is_what_is_stated()
    {
        var small = Weights.Initialise(NanoConfig.Small, 1);
        var adapter = Adapter.Initialise(small, new AdapterOptions(), 1);
        adapter.Parameters.ShouldBe(78_848);
        adapter.Bytes.ShouldBe(458_752);
        adapter.ToSafetensors().Length.ShouldBeInRange(4 * 78_848, 4 * 78_848 + 9_000);
    }

    [Theory]
    [InlineData(0, 16.0, "Rank")]
    [InlineData(33, 16.0, "Rank")]
    [InlineData(8, 0.0, "Alpha")]
    [InlineData(8, double.NaN, "Alpha")]
    public void An_impossible_size_is_refused(int rank, double alpha, string word)
    {
        var size = new AdapterOptions { Rank = rank, Alpha = alpha };
        Should.Throw<ArgumentException>(() => Adapter.Initialise(Bare.Weights, size, 1)).Message.ShouldContain(word);
        Should.Throw<ArgumentException>(() => size.ParametersOf(Some.Config)).Message.ShouldContain(word);
    }
}
