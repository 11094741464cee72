using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;
using AiMe.Models;

namespace AiMe.Effects.Tests;

public sealed class ModelEvaluatorTests
{
    private readonly StubInspector _inspector = new();
    private readonly StubScorer _scorer = new();

    [Fact]
    public async Task The_model_of_generation_0_has_not_moved()
    {
        var birth = await MeasureAsync("base");
        birth.KlToBirth!.Value.ShouldBe(0);
        birth.CharterAxis.ShouldBe(0);
        birth.Plausibility.ShouldBe(birth.Forgetting, "both are the base on its own samples");
    }

    [Fact]
    public async Task Divergence_mass_and_inequality_are_of_the_next_token()
    {
        _inspector.LogProbabilities["tuned"] = [StubInspector.Log(0.5), StubInspector.Log(0.5), -30, -30];
        var tuned = await MeasureAsync("tuned");
        tuned.KlToBirth!.Value.ShouldBe(Math.Log(2), 1e-6);
        tuned.TopTen!.Value.ShouldBe(1, 1e-9, "there are only four");
        tuned.Gini!.Value.ShouldBe(0.5, 1e-6);
    }

    [Fact]
    public async Task The_own_cross_entropy_is_that_of_the_samples() =>
        (await MeasureAsync("base")).SelfCrossEntropy!.Value.ShouldBe(1.5, 1e-12, "3 nats over 2 tokens");

    [Fact]
    public async Task Plausibility_is_the_base_on_the_models_samples_and_forgetting_the_model_on_the_bases()
    {
        _inspector.LogProbabilities["tuned"] = _inspector.LogProbabilities["base"];
        _scorer.Finds = (model, _, text) =>
            new TextScore(
                text.StartsWith(model, StringComparison.Ordinal) ? -1
                    : model == "base" ? -2
                    : -5,
                1
            );
        var tuned = await MeasureAsync("tuned");
        (tuned.Plausibility, tuned.Forgetting).ShouldBe((2, 5));
    }

    [Fact]
    public async Task A_model_that_says_nothing_has_no_plausibility_and_it_is_not_zero()
    {
        _inspector.LogProbabilities["mute"] = _inspector.LogProbabilities["base"];
        _inspector.Says = (model, i) => model == "mute" ? "" : $"{model} {i}";
        (await MeasureAsync("mute")).Plausibility.ShouldBeNull();
    }

    [Fact]
    public async Task The_axis_is_measured_in_steps_of_the_charter_and_read_without_it()
    {
        // Without the charter the base stands at 1 and the tuned model at 3; the charter moves the base by 4.
        _inspector.LogProbabilities["tuned"] = _inspector.LogProbabilities["base"];
        (await MeasureAsync("tuned")).CharterAxis.ShouldBe(0.5);
    }

    [Fact]
    public async Task A_charter_that_moves_nothing_gives_no_axis()
    {
        _inspector.LogProbabilities["tuned"] = _inspector.LogProbabilities["base"];
        _inspector.Stream = (_, _) => 1;
        (await MeasureAsync("tuned")).CharterAxis.ShouldBeNull();
    }

    [Fact]
    public async Task A_model_is_measured_once()
    {
        var evaluator = Evaluator();
        await evaluator.MeasureAsync(new ModelId("base"), Some.Charter, Some.Probes, CancellationToken.None);
        var first = _inspector.Inspections;
        await evaluator.MeasureAsync(new ModelId("base"), Some.Charter, Some.Probes, CancellationToken.None);
        (first, _inspector.Inspections).ShouldBe((ModelEvaluator.Exchanges, ModelEvaluator.Exchanges));
    }

    [Fact]
    public async Task Self_recognition_is_measured_only_on_request()
    {
        var measured = await MeasureAsync("base");
        (measured.Recognition, measured.SaidOwn, measured.Preference, measured.Likelier).ShouldBe((null, null, null, null));
    }

    [Fact]
    public async Task A_clone_is_recognised_and_preferred_half_the_time()
    {
        var birth = await RecogniseAsync("base");
        (birth.Recognition, birth.SaidOwn, birth.Preference, birth.Likelier).ShouldBe((0.5, 0.5, 0.5, 0.5));
    }

    [Fact]
    public async Task A_model_that_finds_its_own_samples_likelier_than_generation_0_does_is_told_apart_wholly()
    {
        Tuned((model, _, text) => Says(text, "tuned") == (model == "tuned") ? -1 : -2);
        var tuned = await RecogniseAsync("tuned");
        (tuned.Recognition, tuned.Likelier).ShouldBe((1, 1));
        (tuned.SaidOwn, tuned.Preference).ShouldBe((0.5, 0.5), "the questions change nothing");
    }

    [Fact]
    public async Task What_a_question_adds_is_what_the_model_is_said_to_choose()
    {
        Tuned((_, asked, text) => asked.Contains("say") && Says(text, "tuned") || asked.Contains("better") && Says(text, "base") ? -1 : -2);
        var tuned = await RecogniseAsync("tuned");
        (tuned.Recognition, tuned.SaidOwn, tuned.Preference).ShouldBe((0.5, 1, 0));
    }

    private static bool Says(string text, string model) => text.Trim().StartsWith(model, StringComparison.Ordinal);

    private void Tuned(Func<string, string, string, double> nats)
    {
        _inspector.LogProbabilities["tuned"] = _inspector.LogProbabilities["base"];
        _scorer.Finds = (model, messages, text) =>
            new TextScore(nats(model, messages.Last(m => Parts.Of(m) is Parts.Stimulus or Parts.Drive).Text, text), 1);
    }

    private Task<ModelMeasures> RecogniseAsync(string model) =>
        Evaluator().MeasureAsync(new ModelId(model), Some.Charter, Some.Probes with { Recognition = true }, CancellationToken.None);

    private Task<ModelMeasures> MeasureAsync(string model) =>
        Evaluator().MeasureAsync(new ModelId(model), Some.Charter, Some.Probes, CancellationToken.None);

    private ModelEvaluator Evaluator() =>
        new(_scorer, _inspector, Some.Base, Stage.Corpus, new CharterAxis(_inspector, Some.Base, Stage.Corpus));
}
