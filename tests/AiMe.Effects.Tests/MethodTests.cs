using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Tests;
using AiMe.Faculties.Trainer;
using AiMe.Models;

namespace AiMe.Effects.Tests;

/// <summary>What a plan's method makes of its parts.</summary>
public sealed class MethodTests
{
    private static readonly TrainingMethod Dpo = new TrainingMethod.Dpo(4, 8, 0.2);

    private readonly Stage _stage = new();

    [Fact]
    public async Task All_weights_are_trained_where_a_plan_has_no_method()
    {
        await TrainAsync(null, await WriteAsync(Some.Example(1)));
        (_stage.Tuner.Job!.Adapter, _stage.Tuner.Job.Preferences).ShouldBe((null, null));
    }

    [Fact]
    public async Task An_adapter_of_the_plans_size_is_trained_on_what_was_kept()
    {
        await TrainAsync(new TrainingMethod.Lora(4, 8), await WriteAsync(Some.Example(1), With(2, "No.")));
        (_stage.Tuner.Job!.Adapter, _stage.Tuner.Job.Preferences, _stage.Tuner.Job.Examples.Count).ShouldBe(
            (new AdapterSize(4, 8), null, 2)
        );
    }

    [Fact]
    public async Task Preferences_are_pairs_of_a_kept_answer_and_each_other_one()
    {
        var trained = await TrainAsync(Dpo, await WriteAsync(With(1, "No.", "Perhaps."), Some.Example(2), With(3, "Never.")));
        var job = _stage.Tuner.Job!;
        job.Adapter.ShouldBe(new AdapterSize(4, 8));
        job.Preferences!.Beta.ShouldBe(0.2);
        job.Preferences.Rejected.ShouldBe(["No.", "Perhaps.", "Never."]);
        job.Examples.Select(e => (e[1].Text, e[^1].Text))
            .ShouldBe([("What of 1?", "I am AiMe."), ("What of 1?", "I am AiMe."), ("What of 3?", "I am AiMe.")]);
        (trained.Figures.Examples, trained.Figures.OfPairs).ShouldBe((3, true));
    }

    [Fact]
    public async Task A_text_that_was_kept_for_the_same_prompt_is_never_the_rejected_one_and_two_texts_are_paired_once()
    {
        var first = await WriteAsync(With(1, "No.", "Perhaps."));
        var second = await WriteAsync(Some.Example(1) with { Completion = "Perhaps.", Others = ["No."] }, With(1, "No."));
        await TrainAsync(Dpo, first, second);
        _stage
            .Tuner.Job!.Examples.Select(e => e[^1].Text)
            .Zip(_stage.Tuner.Job.Preferences!.Rejected)
            .ShouldBe([("I am AiMe.", "No."), ("Perhaps.", "No.")]);
    }

    [Fact]
    public async Task Where_nothing_is_left_to_prefer_the_training_fails_with_a_reason()
    {
        var parts = await WriteAsync(With(1, "No."), Some.Example(1) with { Completion = "No." });
        var plan = new TrainingPlan(1, [parts], Some.Base, 1, 0.1, default, Dpo);
        (await _stage.RunAsync<TrainingFailed>(new TrainModel(plan))).Error.ShouldStartWith("There are no preferences");
    }

    [Fact]
    public async Task A_line_names_the_rejected_answers_behind_the_messages_and_others_have_none()
    {
        var blob = await WriteAsync(With(1, "No, \"never\"."), Some.Example(2));
        var lines = Encoding.UTF8.GetString((await _stage.Blobs.GetAsync(new BlobId(blob), default)).ToArray()).Split('\n');
        lines[0].ShouldEndWith("\"content\":\"I am AiMe.\"}],\"rejected\":[\"No, \\\"never\\\".\"]}");
        lines[1].ShouldEndWith("\"content\":\"I am AiMe.\"}]}");
    }

    [Fact]
    public async Task An_answer_of_another_model_to_each_prompt_is_the_rejected_one()
    {
        _stage.Chat.Says = (_, options) => $"{options.ModelId} {(ulong)options.Seed!:x}";
        var written = await RejectAsync(new ModelId("birth"), With(1, "No."), Some.Example(2));
        written.Rejected.ShouldBe([.. Enumerable.Range(0, 2).Select(i => $"birth {new Seed(5).Derive(i).Value:x}")]);
        await TrainAsync(Dpo, written.Batch);
        _stage.Tuner.Job!.Preferences!.Rejected.ShouldBe(written.Rejected, "and no candidate");
        var (messages, options) = _stage.Chat.Asked.First();
        messages[^1].Text.ShouldBe("What of 1?");
        (options.Temperature, options.TopP, options.MaxOutputTokens).ShouldBe((0.7f, 0.9f, 20));
    }

    [Fact]
    public async Task Saying_nothing_is_an_answer_that_can_be_rejected()
    {
        _stage.Chat.Says = (_, _) => "";
        (await RejectAsync(Some.Base, Some.Example(1))).Rejected.ShouldBe([""]);
    }

    [Fact]
    public async Task A_model_that_cannot_answer_is_a_failed_training_with_a_reason()
    {
        _stage.Chat.Says = (_, _) => throw new ProviderException("the model is gone");
        (await _stage.RunAsync<TrainingFailed>(Rejecting(Some.Base, Some.Example(1)))).Error.ShouldBe(
            "There is no answer to be rejected: the model is gone"
        );
    }

    [Fact]
    public async Task An_untuned_model_that_does_not_exist_is_told() =>
        (await _stage.RunAsync<TrainingFailed>(Rejecting(null, Some.Example(1)))).Error.ShouldContain("set train.rejected to birth");

    private static WriteBatch Rejecting(ModelId? model, params ImmutableArray<Example> kept) =>
        new(1, kept, 0, new Seed(7), Rejected: new RejectedAnswers(model, Some.Charter, new Sampling(0.7, 0, 0.9, 20), new Seed(5)));

    private Task<BatchWritten> RejectAsync(ModelId model, params ImmutableArray<Example> kept) =>
        _stage.RunAsync<BatchWritten>(Rejecting(model, kept));

    private static Example With(int cycle, params ImmutableArray<string> others) => Some.Example(cycle) with { Others = others };

    private async Task<string> WriteAsync(params ImmutableArray<Example> kept) =>
        (await _stage.RunAsync<BatchWritten>(new WriteBatch(1, kept, 0, new Seed(7)))).Batch;

    private Task<ModelTrained> TrainAsync(TrainingMethod? method, params ImmutableArray<string> parts) =>
        _stage.RunAsync<ModelTrained>(new TrainModel(new TrainingPlan(2, parts, Some.Base, 3, 0.002, new Seed(11), method)));
}
