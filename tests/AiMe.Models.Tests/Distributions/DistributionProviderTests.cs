using AiMe.Models.Distributions;
using AiMe.Models.Tests.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.Distributions;

public sealed class DistributionProviderTests
{
    private static readonly DistributionShape s_shape = new(4);

    private readonly SmallNano.MemoryCheckpoints _checkpoints = new();
    private readonly DistributionProvider _provider;
    private readonly string _base;

    public DistributionProviderTests()
    {
        _provider = new(s_shape, _checkpoints);
        _base = _checkpoints.Put(s_shape.Truth().ToBytes());
    }

    [Fact]
    public async Task An_answer_is_one_draw_that_depends_on_the_seed_and_not_on_the_prompt()
    {
        var first = await AskAsync("Why?", seed: 1);
        DrawText.TryRead(s_shape, first.Text, out var draw).ShouldBeTrue();
        first.AdditionalProperties![Parts.Nats].ShouldBe(s_shape.Truth().Nats(draw));
        (await AskAsync("Who are you?", seed: 1)).Text.ShouldBe(first.Text);
        (await AskAsync("Why?", seed: 2)).Text.ShouldNotBe(first.Text);
    }

    [Fact]
    public async Task It_gives_no_reflection() =>
        (await Should.ThrowAsync<ProviderException>(() => AskAsync("Why?", 1, TextTask.Reflection))).Message.ShouldContain("no reflection");

    [Fact]
    public async Task Scores_are_those_of_draws_and_words_cannot_be_said()
    {
        var scores = await _provider.ScoreAsync(_base, [], ["0 0 0 1", " honesty", ""], default);
        scores[0].Nats.ShouldBe(s_shape.Truth().Nats([0, 0, 0, 1000]));
        scores[0].Tokens.ShouldBe(4);
        scores[1].Nats.ShouldBe(double.NegativeInfinity);
        scores[2].Nats.ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public async Task A_training_fits_the_answers_of_its_examples_alone()
    {
        int[][] draws =
        [
            [0, 0, 0, 0],
            [1000, 2000, 0, -1000],
        ];
        var job = Job([.. draws.Select(d => DrawText.Write(s_shape, d))]);
        var tuned = await _provider.TrainAsync(job, default);

        _checkpoints.Put(s_shape.Fit(draws).ToBytes()).ShouldBe(tuned.Model);
        (tuned.Tokens, tuned.Passes, tuned.Losses.Count).ShouldBe((8, 2, 1));
        (await _provider.TrainAsync(job with { Seed = 9, Start = tuned.Model, Untrained = 3 }, default)).Model.ShouldBe(tuned.Model);
        (await new DistributionProvider(s_shape, _checkpoints).GetAsync(tuned.Model, default)).MeanError.ShouldBe(
            s_shape.Fit(draws).MeanError
        );
    }

    [Fact]
    public async Task An_example_in_words_is_refused_with_its_place() =>
        (
            await Should.ThrowAsync<ProviderException>(() => _provider.TrainAsync(Job("0 0 0 0", "I am AiMe."), default))
        ).Message.ShouldContain("Example 2 of the training set is no draw");

    [Fact]
    public async Task An_adapter_pairs_and_steps_are_refused()
    {
        var job = Job("0 0 0 0", "1 1 1 1");
        foreach (
            var other in (FineTuningJob[])
                [
                    job with
                    {
                        Adapter = new AdapterSize(8, 16),
                    },
                    job with
                    {
                        Preferences = new Preferences(["", ""], 0.1),
                    },
                    job with
                    {
                        Length = new TrainingLength(LengthUnit.Steps, 3),
                    },
                ]
        )
            await Should.ThrowAsync<ProviderException>(() => _provider.TrainAsync(other, default));
    }

    [Fact]
    public void It_does_not_pretend_to_show_tokens_or_a_residual_stream() => (_provider as object is IModelInspector).ShouldBeFalse();

    [Fact]
    public void The_embedding_of_a_draw_is_that_of_the_experience_that_ends_in_it_and_words_have_none()
    {
        DrawEmbedder embedder = new(s_shape);
        var vector = embedder.Embed("3 0 0 4");
        (vector[0], vector[3]).ShouldBe((0.6f, 0.8f));
        embedder.Embed("Q: Who are you? A: 3 0 0 4").ShouldBe(vector);
        embedder.Embed("I am AiMe.").ShouldAllBe(x => x == 0);
    }

    private Task<ChatResponse> AskAsync(string question, long seed, TextTask task = TextTask.Answer) =>
        _provider.GetResponseAsync(
            SmallNano.Question(question),
            new ChatOptions
            {
                ModelId = _base,
                Seed = seed,
                AdditionalProperties = new AdditionalPropertiesDictionary { [Parts.Task] = task },
            }
        );

    private FineTuningJob Job(params string[] answers) =>
        new(
            _base,
            [.. answers.Select(a => (IReadOnlyList<ChatMessage>)[Parts.Message(Parts.Stimulus, "?"), Parts.Message(Parts.Answer, a)])],
            Epochs: 1,
            LearningRate: 0.001,
            Seed: 1
        );
}
