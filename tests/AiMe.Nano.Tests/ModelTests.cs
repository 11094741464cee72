using AiMe.Nano.Training;

namespace AiMe.Nano.Tests;

public sealed class ModelTests
{
    private static readonly Model Model = Some.Model();
    private static readonly int[] Text = Some.Tokens(60);

    [Fact]
    public void Log_probabilities_are_those_of_the_reference()
    {
        var expected = Reference.Of(Model.Weights).Logits(Text);
        var found = Model.LogProbabilities(Text);
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Sixty_four_prompts_are_continued_side_by_side_as_each_is_alone(int threads)
    {
        var prompts = Enumerable.Range(0, 64).Select(i => Some.Tokens(1 + i * 7 % 50, (ulong)i)).ToArray();
        var seeds = Enumerable.Range(0, 64).Select(i => (ulong)(i % 9)).ToArray();
        var options = new SamplingOptions
        {
            MaxTokens = 25,
            Temperature = 0.8,
            TopP = 0.95,
            Stop = [4],
        };
        var together = Model.Generate([.. prompts.Select(p => Model.Prefill(p))], options, seeds, threads);
        together.Select(t => t.Finish).Distinct().Order().ShouldBe([FinishReason.Stop, FinishReason.MaxTokens, FinishReason.Context]); // rows leave the batch at all times
        for (var i = 0; i < prompts.Length; i++)
        {
            var alone = Model.Generate(prompts[i], options, seeds[i]);
            together[i].Tokens.ShouldBe(alone.Tokens, $"prompt {i}");
            together[i].LogProbabilities.ShouldBe(alone.LogProbabilities, $"prompt {i}");
            together[i].Finish.ShouldBe(alone.Finish, $"prompt {i}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Damaged_weights_are_told_as_such_on_any_number_of_threads(int threads)
    {
        var values = Some.Weights().Values.ToArray();
        values.AsSpan().Fill(float.NaN);
        var damaged = new Model(new Weights(Some.Config, values));
        var prefix = damaged.Prefill(Text.AsSpan(0, 5));
        Should
            .Throw<ArithmeticException>(() => damaged.Generate([prefix, prefix, prefix], new SamplingOptions(), [1, 2, 3], threads))
            .Message.ShouldContain("not finite");
    }

    [Fact]
    public void Prompts_without_as_many_seeds_are_refused()
    {
        var prefix = Model.Prefill([1]);
        Should
            .Throw<ArgumentException>(() => Model.Generate([prefix, prefix], new SamplingOptions(), [1]))
            .Message.ShouldContain("2 prompts");
        Should
            .Throw<ArgumentException>(() => Model.Generate([prefix], new SamplingOptions(), [1], threads: 0))
            .Message.ShouldContain("threads");
        Should.Throw<ArgumentException>(() => Model.Generate([prefix, Some.Model(2).Prefill([1])], new SamplingOptions(), [1, 2]));
        Model.Generate([], new SamplingOptions(), []).ShouldBeEmpty();
    }

    [Fact]
    public void A_distribution_sums_to_one() => Model.Distribution(Model.Prefill(Text)).Sum(Math.Exp).ShouldBe(1, 1e-5);

    [Fact]
    public void A_score_equals_the_log_probabilities_that_generation_reported()
    {
        var prefix = Model.Prefill(Text.AsSpan(0, 5));
        var options = new SamplingOptions
        {
            MaxTokens = 30,
            Temperature = 0.7,
            TopK = 9,
            RepetitionPenalty = 1.3,
        };
        var text = Model.Generate(prefix, options, 42);
        text.Tokens.Count.ShouldBe(30);
        text.Finish.ShouldBe(FinishReason.MaxTokens);
        Model
            .Score(
                prefix,
                [
                    [.. text.Tokens],
                ]
            )[0]
            .ShouldBe(text.LogProbabilities);
    }

    [Fact]
    public void A_seed_gives_one_text_alone_side_by_side_and_on_any_thread()
    {
        var prefix = Model.Prefill(Text.AsSpan(0, 5));
        ulong[] seeds = [1, 2, 3, 1, 99];
        var options = new SamplingOptions { MaxTokens = 20, Stop = [4] };
        var together = Model.Generate(prefix, options, seeds);
        Parallel.For(0, seeds.Length, i =>
        {
            var alone = Model.Generate(Text.AsSpan(0, 5), options, seeds[i]);
            alone.Tokens.ShouldBe(together[i].Tokens);
            alone.LogProbabilities.ShouldBe(together[i].LogProbabilities);
            alone.Finish.ShouldBe(together[i].Finish);
        });
        together[0].Tokens.ShouldBe(together[3].Tokens);
        together[0].Tokens.ShouldNotBe(together[1].Tokens);
    }

    [Fact]
    public void Temperature_zero_takes_the_likeliest_token_whatever_the_seed()
    {
        var greedy = new SamplingOptions { Temperature = 0, MaxTokens = 8 };
        var text = Model.Generate(Text.AsSpan(0, 3), greedy, 1);
        text.Tokens.ShouldBe(Model.Generate(Text.AsSpan(0, 3), greedy, 2).Tokens);
        var first = Model.Distribution(Model.Prefill(Text.AsSpan(0, 3)));
        text.Tokens[0].ShouldBe(Array.IndexOf(first, first.Max()));
    }

    [Fact]
    public void A_stop_token_ends_the_text_and_is_not_part_of_it()
    {
        var all = Enumerable.Range(0, Some.Config.Vocabulary).ToArray();
        var text = Model.Generate(Text.AsSpan(0, 3), new SamplingOptions { Stop = all }, 1);
        text.Tokens.ShouldBeEmpty();
        text.Finish.ShouldBe(FinishReason.Stop);
        text.StopLogProbability.ShouldBeLessThan(0);
    }

    [Fact]
    public void A_text_ends_where_the_context_does()
    {
        var text = Model.Generate(Text, new SamplingOptions { MaxTokens = 100 }, 1);
        text.Finish.ShouldBe(FinishReason.Context);
        (Text.Length + text.Tokens.Count).ShouldBe(Some.Config.Context + 1); // the last token needs no place
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_refused_with_both_lengths()
    {
        var e = Should.Throw<ArgumentException>(() => Model.Generate(Some.Tokens(65), new SamplingOptions(), 1));
        e.Message.ShouldContain("65");
        e.Message.ShouldContain("64");
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Should.Throw<ArgumentException>(() => Model.Prefill([]));
        Should.Throw<ArgumentException>(() => Model.Prefill([37]));
        Should.Throw<ArgumentException>(() => Model.Prefill([-1]));
        Should.Throw<ArgumentException>(() => Model.LogProbabilities(Text, 0));
        Should.Throw<ArgumentException>(() => Some.Model(2).Distribution(Model.Prefill([1])));
        Should.Throw<ArgumentException>(() => Model.Generate([1], new SamplingOptions { TopP = 0 }, 1));
    }

    [Fact]
    public void Evaluation_is_the_mean_over_learned_tokens()
    {
        List<TokenExample> examples = [new(Text[..9], 3), new(Text[9..40], 1)];
        var expected = Model.LogProbabilities(Text.AsSpan(0, 9), 3).Concat(Model.LogProbabilities(Text.AsSpan(9, 31))).Average();
        var found = Trainer.Evaluate(Model, examples, CancellationToken.None);
        found.Tokens.ShouldBe(36);
        found.CrossEntropy.ShouldBe(-expected, 1e-12);
    }
}
