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

    private static Example With(int cycle, params ImmutableArray<string> others) => Some.Example(cycle) with { Others = others };

    private async Task<string> WriteAsync(params ImmutableArray<Example> kept) =>
        (await _stage.RunAsync<BatchWritten>(new WriteBatch(1, kept, 0, new Seed(7)))).Batch;

    private Task<ModelTrained> TrainAsync(TrainingMethod? method, params ImmutableArray<string> parts) =>
        _stage.RunAsync<ModelTrained>(new TrainModel(new TrainingPlan(2, parts, Some.Base, 3, 0.002, new Seed(11), method)));
}
