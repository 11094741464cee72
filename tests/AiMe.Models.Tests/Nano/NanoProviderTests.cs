using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.Nano;

public sealed class NanoProviderTests
{
    private readonly SmallNano _nano = new();

    [Fact]
    public async Task The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        var first = await AskAsync(seed: 1);
        (await AskAsync(seed: 1)).Text.ShouldBe(first.Text);
        (await AskAsync(seed: 2)).Text.ShouldNotBe(first.Text);
    }

    [Fact]
    public async Task An_answer_says_its_tokens_its_likelihood_and_why_it_ended()
    {
        var response = await AskAsync(seed: 1);
        response.Usage!.OutputTokenCount!.Value.ShouldBeInRange(1, 12);
        response.AdditionalProperties![Parts.Nats].ShouldBeOfType<double>().ShouldBeLessThan(0);
        response.FinishReason.ShouldBeOneOf(ChatFinishReason.Stop, ChatFinishReason.Length);
    }

    [Fact]
    public async Task Without_the_id_of_a_checkpoint_it_says_what_is_missing() =>
        (
            await Should.ThrowAsync<ProviderException>(() => _nano.Provider.GetResponseAsync(SmallNano.Question("Why?")))
        ).Message.ShouldContain("ModelId");

    [Fact]
    public async Task The_streamed_text_is_the_whole_text()
    {
        var streamed = "";
        await foreach (var update in _nano.Provider.GetStreamingResponseAsync(SmallNano.Question("Why?"), Options(3)))
            streamed += update.Text;
        streamed.ShouldBe((await AskAsync(seed: 3)).Text);
    }

    [Fact]
    public async Task Scores_are_of_the_continuations_in_their_order_and_an_empty_one_has_none()
    {
        var scores = await _nano.Provider.ScoreAsync(_nano.Base, SmallNano.Question("Why?"), ["I am", "", "the sea is deep"], default);
        scores[0].Tokens.ShouldBe(_nano.Tokenizer.Encode("I am").Length);
        scores[1].PerToken.ShouldBe(double.NaN);
        scores[2].Nats.ShouldBeLessThan(0);
        (await _nano.Provider.ScoreAsync(_nano.Base, SmallNano.Question("Why?"), ["the sea is deep"], default))[0].ShouldBe(scores[2]);
    }

    [Fact]
    public async Task The_distributions_of_an_answer_hold_its_score()
    {
        var next = await _nano.Provider.DistributionsAsync(_nano.Base, Answered("the sea is deep"), default);
        var score = (await _nano.Provider.ScoreAsync(_nano.Base, SmallNano.Question("Why?"), ["the sea is deep"], default))[0];
        next.Targets.ShouldBe(_nano.Tokenizer.Encode("the sea is deep"));
        Enumerable.Range(0, next.Targets.Length).Sum(i => next.At(i)[next.Targets[i]]).ShouldBe((float)score.Nats, 1e-4f);
    }

    [Fact]
    public async Task Samples_side_by_side_are_those_of_their_seeds_with_their_probability()
    {
        var prompts = new[] { SmallNano.Question("Why?"), SmallNano.Question("What is the sea?") };
        var together = await _nano.Provider.SampleAsync(_nano.Base, prompts, 12, [1, 2], default);
        var alone = await _nano.Provider.SampleAsync(_nano.Base, [prompts[1]], 12, [2], default);
        together[1].ShouldBe(alone[0]);
        together[0].Score.Nats.ShouldBeLessThan(0);
    }

    [Fact]
    public async Task The_stream_of_an_answer_depends_on_what_stands_before_it()
    {
        var with = await _nano.Provider.MeanStreamAsync(_nano.Base, Answered("the sea is deep"), default);
        var without = await _nano.Provider.MeanStreamAsync(_nano.Base, [.. Answered("the sea is deep").Skip(1)], default);
        with.Length.ShouldBe(16);
        with.ShouldNotBe(without);
    }

    private static List<ChatMessage> Answered(string answer) => [.. SmallNano.Question("Why?"), Parts.Message(Parts.Answer, answer)];

    [Fact]
    public async Task Fine_tuning_makes_its_examples_likelier_and_stores_a_checkpoint_that_speaks()
    {
        IReadOnlyList<ChatMessage> example = [.. SmallNano.Question("Why?"), Parts.Message(Parts.Answer, "the sea is deep")];
        var before = await ScoreAsync(_nano.Base);
        var tuned = await _nano.Provider.TrainAsync(
            new FineTuningJob(_nano.Base, [example, example], Epochs: 20, LearningRate: 0.01, Seed: 5),
            default
        );
        tuned.Model.ShouldNotBe(_nano.Base);
        (await ScoreAsync(tuned.Model)).ShouldBeGreaterThan(before + 3);
        (await _nano.Provider.TrainAsync(new FineTuningJob(_nano.Base, [example, example], 20, 0.01, 5), default)).Model.ShouldBe(
            tuned.Model
        );
    }

    [Fact]
    public async Task A_checkpoint_of_another_shape_is_a_provider_failure()
    {
        var foreign = await _nano.Checkpoints.SaveAsync(new byte[100], default);
        (
            await Should.ThrowAsync<ProviderException>(() => _nano.Provider.ScoreAsync(foreign, SmallNano.Question("Why?"), ["a"], default))
        ).Message.ShouldContain(foreign);
    }

    [Fact]
    public async Task A_checkpoint_is_read_once_however_often_it_is_asked()
    {
        for (var i = 0; i < 3; i++)
            await AskAsync(seed: i);
        _nano.Checkpoints.Loads.ShouldBe(1);
    }

    private async Task<double> ScoreAsync(string model) =>
        (await _nano.Provider.ScoreAsync(model, SmallNano.Question("Why?"), ["the sea is deep"], default))[0].Nats;

    private Task<ChatResponse> AskAsync(long seed) => _nano.Provider.GetResponseAsync(SmallNano.Question("Why?"), Options(seed));

    private ChatOptions Options(long seed) =>
        new()
        {
            ModelId = _nano.Base,
            Seed = seed,
            MaxOutputTokens = 12,
        };
}
