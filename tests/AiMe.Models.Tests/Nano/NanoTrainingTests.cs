using AiMe.Models.Nano;
using AiMe.Nano.Lora;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.Nano;

/// <summary>All weights or an adapter, on examples or on preferences: each gives a checkpoint that speaks, scores and is trained on.</summary>
public sealed class NanoTrainingTests
{
    private static readonly AdapterSize Size = new(4, 8);

    private static readonly IReadOnlyList<ChatMessage> Example =
    [
        .. SmallNano.Question("Why?"),
        Parts.Message(Parts.Answer, "the sea is deep"),
    ];

    private readonly SmallNano _nano = new();

    [Fact]
    public async Task An_adapter_makes_its_examples_likelier_and_is_a_small_checkpoint_beside_its_base()
    {
        var before = await ScoreAsync(_nano.Base, "the sea is deep");
        var tuned = await _nano.Provider.TrainAsync(Job(_nano.Base) with { Adapter = Size }, default);
        (await ScoreAsync(tuned.Model, "the sea is deep")).ShouldBeGreaterThan(before + 3);
        (await ScoreAsync(_nano.Base, "the sea is deep")).ShouldBe(before);
        var file = await _nano.Checkpoints.LoadAsync(tuned.Model, default);
        Adapter.BaseOf(file).ShouldBe(_nano.Base);
        file.Length.ShouldBeLessThan((await _nano.Checkpoints.LoadAsync(_nano.Base, default)).Length);
    }

    [Fact]
    public async Task An_adapter_that_is_read_back_speaks_as_the_one_that_was_trained()
    {
        var tuned = await _nano.Provider.TrainAsync(Job(_nano.Base) with { Adapter = Size }, default);
        var here = await ScoreAsync(tuned.Model, "the sea is deep");
        var elsewhere = new NanoProvider(_nano.Models(), _nano.Prompts, _nano.Checkpoints);
        (await elsewhere.ScoreAsync(tuned.Model, SmallNano.Question("Why?"), ["the sea is deep"], default))[0].Nats.ShouldBe(here);
    }

    [Fact]
    public async Task Preferences_make_the_chosen_answer_likelier_than_the_rejected_one()
    {
        var before = await ScoreAsync(_nano.Base, "the sea is deep") - await ScoreAsync(_nano.Base, "I stayed calm");
        var tuned = await _nano.Provider.TrainAsync(Preferring(_nano.Base), default);
        (await ScoreAsync(tuned.Model, "the sea is deep") - await ScoreAsync(tuned.Model, "I stayed calm")).ShouldBeGreaterThan(before + 3);
        tuned.Losses[0].ShouldBe(Math.Log(2), 1e-5);
        tuned.Losses[^1].ShouldBeLessThan(0.5);
        Adapter.BaseOf(await _nano.Checkpoints.LoadAsync(tuned.Model, default)).ShouldBe(_nano.Base);
    }

    [Fact]
    public async Task The_same_training_gives_the_same_checkpoint()
    {
        foreach (
            var job in (FineTuningJob[])
                [Job(_nano.Base) with { Adapter = Size }, Preferring(_nano.Base), Preferring(_nano.Base) with { Adapter = null }]
        )
            (await _nano.Provider.TrainAsync(job, default)).Model.ShouldBe((await new SmallNano().Provider.TrainAsync(job, default)).Model);
    }

    [Fact]
    public async Task An_adapter_is_trained_on_over_the_same_base()
    {
        var first = await _nano.Provider.TrainAsync(Job(_nano.Base, epochs: 3) with { Adapter = Size }, default);
        var second = await _nano.Provider.TrainAsync(Job(first.Model, epochs: 3) with { Adapter = Size }, default);
        second.Losses[0].ShouldBeLessThan(first.Losses[0]);
        Adapter.BaseOf(await _nano.Checkpoints.LoadAsync(second.Model, default)).ShouldBe(_nano.Base);
    }

    [Fact]
    public async Task All_weights_can_be_trained_on_from_an_adapter()
    {
        var first = await _nano.Provider.TrainAsync(Job(_nano.Base) with { Adapter = Size }, default);
        var second = await _nano.Provider.TrainAsync(Job(first.Model, epochs: 1), default);
        Adapter.BaseOf(await _nano.Checkpoints.LoadAsync(second.Model, default)).ShouldBeNull();
        second.Losses[0].ShouldBeLessThan(first.Losses[0] - 0.3);
    }

    [Fact]
    public async Task An_adapter_of_another_size_cannot_be_trained_on_and_the_message_says_what_can_be_done()
    {
        var first = await _nano.Provider.TrainAsync(Job(_nano.Base, epochs: 1) with { Adapter = Size }, default);
        var message = (
            await Should.ThrowAsync<ProviderException>(() =>
                _nano.Provider.TrainAsync(Job(first.Model) with { Adapter = new(5, 8) }, default)
            )
        ).Message;
        message.ShouldContain("an adapter of rank 4 and alpha 8");
        message.ShouldContain("set train.start to base");
    }

    [Fact]
    public async Task An_empty_training_set_is_a_provider_failure() =>
        (
            await Should.ThrowAsync<ProviderException>(() => _nano.Provider.TrainAsync(Job(_nano.Base) with { Examples = [] }, default))
        ).Message.ShouldContain("the training set is empty");

    [Fact]
    public async Task A_rejected_answer_that_does_not_fit_the_context_is_a_provider_failure()
    {
        var job = Preferring(_nano.Base) with { Preferences = new([string.Concat(Enumerable.Repeat("the sea ", 60))], 0.5) };
        (await Should.ThrowAsync<ProviderException>(() => _nano.Provider.TrainAsync(job, default))).Message.ShouldContain(
            "the context has only 64"
        );
    }

    [Fact]
    public async Task A_training_that_diverges_is_a_provider_failure_with_its_step() =>
        (
            await Should.ThrowAsync<ProviderException>(() =>
                _nano.Provider.TrainAsync(Job(_nano.Base) with { Adapter = Size, LearningRate = 1e38 }, default)
            )
        ).Message.ShouldContain("diverged at step");

    [Fact]
    public async Task Preferences_without_a_rejected_answer_for_each_example_are_a_provider_failure()
    {
        var job = Preferring(_nano.Base) with { Examples = [Example, Example] };
        (await Should.ThrowAsync<ProviderException>(() => _nano.Provider.TrainAsync(job, default))).Message.ShouldBe(
            "2 examples need as many rejected answers; got 1."
        );
    }

    [Fact]
    public async Task A_number_out_of_its_range_is_a_provider_failure()
    {
        (await RefusedAsync(Job(_nano.Base) with { Adapter = new(0, 8) })).ShouldContain("Rank");
        (await RefusedAsync(Job(_nano.Base) with { Adapter = new(4, 0) })).ShouldContain("Alpha");
        (await RefusedAsync(Preferring(_nano.Base) with { Preferences = new(["I stayed calm"], Beta: 0) })).ShouldContain("Beta");

        async Task<string> RefusedAsync(FineTuningJob job) =>
            (await Should.ThrowAsync<ProviderException>(() => _nano.Provider.TrainAsync(job, default))).Message;
    }

    [Fact]
    public async Task A_length_is_kept_by_every_method()
    {
        foreach (var job in (FineTuningJob[])[Job(_nano.Base), Job(_nano.Base) with { Adapter = Size }, Preferring(_nano.Base)])
        {
            (await TrainedAsync(LengthUnit.Steps, 5)).Losses.Count.ShouldBe(5);
            (await TrainedAsync(LengthUnit.Examples, 3)).Passes.ShouldBe(3);
            (await TrainedAsync(LengthUnit.Tokens, 60)).Tokens.ShouldBeInRange(60, 120);
            // as many example passes as two epochs have
            (await TrainedAsync(LengthUnit.Examples, 2 * job.Examples.Count)).Model.ShouldBe(
                (await _nano.Provider.TrainAsync(job with { Epochs = 2 }, default)).Model
            );

            Task<FineTuned> TrainedAsync(LengthUnit unit, long amount) =>
                _nano.Provider.TrainAsync(job with { Epochs = 0, Length = new(unit, amount) }, default);
        }
    }

    private static FineTuningJob Job(string start, int epochs = 20) => new(start, [Example, Example], epochs, LearningRate: 0.03, Seed: 5);

    private static FineTuningJob Preferring(string start) =>
        Job(start) with
        {
            Examples = [Example],
            Adapter = Size,
            Preferences = new(["I stayed calm"], Beta: 0.5),
        };

    private async Task<double> ScoreAsync(string model, string text) =>
        (await _nano.Provider.ScoreAsync(model, SmallNano.Question("Why?"), [text], default))[0].Nats;
}
