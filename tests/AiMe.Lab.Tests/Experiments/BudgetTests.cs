using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.History;

namespace AiMe.Lab.Tests.Experiments;

/// <summary><c>train.steps</c>, <c>train.examples</c> and <c>train.tokens</c> in place of <c>train.epochs</c>.</summary>
public sealed class BudgetTests : IDisposable
{
    private const string Hosted = "model={provider: openai, chat: some-model, embeddings: some-embedder}";

    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("train.steps=60", BudgetUnit.Steps, 60)]
    [InlineData("train.examples=600", BudgetUnit.Examples, 600)]
    [InlineData("train.tokens=20k", BudgetUnit.Tokens, 20_000)]
    public void A_budget_takes_the_place_of_epochs(string set, BudgetUnit unit, long amount) =>
        Trainer(set).ShouldBe(Defaults.Train with { Epochs = 0, Budget = new(unit, amount) });

    [Fact]
    public void A_variant_replaces_the_experiments_length_and_keeps_it_if_it_has_none()
    {
        var all = Variants(
            "train: {every: 2, epochs: 4}",
            "  a: {train: {steps: 60}}\n  b: {train: {start: base}}\n  c: {}\n  d: {train: {epochs: 1}}\n"
        );
        all.Select(t => (t.Epochs, t.Budget)).ShouldBe([(0, Budget(BudgetUnit.Steps, 60)), (4, null), (4, null), (1, null)]);
    }

    [Fact]
    public void A_variant_replaces_the_experiments_budget_and_keeps_it_if_it_has_none()
    {
        var all = Variants(
            "train: {every: 2, steps: 60}",
            "  a: {train: {examples: 9}}\n  b: {train: {method: dpo}}\n  c: {}\n  d: {train: {epochs: 3}}\n"
        );
        all.Select(t => (t.Epochs, t.Budget))
            .ShouldBe([
                (0, Budget(BudgetUnit.Examples, 9)),
                (0, Budget(BudgetUnit.Steps, 60)),
                (0, Budget(BudgetUnit.Steps, 60)),
                (3, null),
            ]);
    }

    [Fact]
    public void A_length_of_the_command_line_replaces_the_files()
    {
        _study.Spoil("study.yaml", "train: {every: 2}", "train: {every: 2, epochs: 4}");
        (Trainer("train.steps=60").Epochs, Trainer("train.steps=60").Budget).ShouldBe((0, Budget(BudgetUnit.Steps, 60)));
        Trainer("train.start=base").Epochs.ShouldBe(4);
    }

    [Theory]
    [InlineData(
        "train: {every: 2, epochs: 4, steps: 60}",
        "study.yaml:6:37: train.steps: epochs and steps are both given; expected one length of a training: remove one"
    )]
    [InlineData(
        "train: {every: 2, tokens: 4k, examples: 60}",
        "study.yaml:6:27: train.tokens: examples and tokens are both given; expected one length of a training: remove one"
    )]
    [InlineData("train: {every: 2, steps: 0}", "study.yaml:6:26: train.steps: found '0', expected a whole number from 1 to 1000000")]
    [InlineData(
        "train: {every: 2, examples: 1.5}",
        "study.yaml:6:29: train.examples: found '1.5', expected a whole number from 1 to 10000000"
    )]
    [InlineData(
        "train: {every: 2, tokens: many}",
        "study.yaml:6:27: train.tokens: found 'many', expected a whole number from 1 to 999999999, optionally followed by k or M, such as 2M"
    )]
    public void Two_lengths_or_none_of_anything_are_told_at_their_place(string says, string problem) =>
        _study.Spoil("study.yaml", "train: {every: 2}", says).Problems().ShouldBe([problem]);

    [Fact]
    public void Two_lengths_of_the_command_line_are_told_too() =>
        _study.Problems("train.epochs=4", "train.steps=60").ShouldHaveSingleItem().ShouldContain("epochs and steps are both given");

    [Theory]
    [InlineData("steps: 60")]
    [InlineData("examples: 60")]
    [InlineData("tokens: 60")]
    public void The_fine_tuning_API_has_only_epochs(string budget)
    {
        const string expected = "the fine-tuning API counts only in epochs; expected epochs, or backend command, which is told any budget";
        OfHosted($"train={{every: 2, backend: openai, {budget}}}").ShouldHaveSingleItem().ShouldContain(expected);
        OfHosted($"train={{every: 2, backend: command, command: [sh], {budget}}}", "variants.keep-all.train={backend: openai}")
            .ShouldHaveSingleItem()
            .ShouldContain(expected);
        OfHosted($"train={{every: 2, backend: command, command: [sh], {budget}}}").ShouldBeEmpty();
        OfHosted($"train={{every: 2, backend: command, command: [sh], {budget}}}", "variants.keep-all.train={backend: openai, epochs: 2}")
            .ShouldBeEmpty();

        string[] OfHosted(params string[] sets) => [.. _study.Problems([Hosted, "reflect.max-tokens=200", .. sets])];
    }

    [Fact]
    public void A_budget_is_part_of_what_the_run_is()
    {
        _study.Experiment("train.steps=60").RunId.ShouldNotBe(_study.Experiment().RunId);
        _study.Experiment("train.steps=60").RunId.ShouldNotBe(_study.Experiment("train.examples=60").RunId);
        _study.Experiment("train.tokens=20k").RunId.ShouldBe(_study.Experiment("train.tokens=20000").RunId);
    }

    [Fact]
    public void A_budget_is_among_the_settings_and_epochs_are_none()
    {
        var keys = SettingKeys.Of(Trainer("train.steps=60")).ToDictionary(k => k.Key, k => k.Value, StringComparer.Ordinal);
        (keys["epochs"], keys["steps"], keys["examples"], keys["tokens"]).ShouldBe(("none", "60", "none", "none"));
        keys = SettingKeys.Of(Trainer()).ToDictionary(k => k.Key, k => k.Value, StringComparer.Ordinal);
        (keys["epochs"], keys["steps"]).ShouldBe(("2", "none"));
    }

    [Theory]
    [InlineData("train.steps=60", "after every 24 experiences 60 steps over all kept experiences", "60 steps")]
    [InlineData("train.steps=1", "after every 24 experiences 1 step over all", "1 step")]
    [InlineData("train.examples=600", "after every 24 experiences 600 example passes over all", "600 example passes")]
    [InlineData("train={every: 2, method: dpo, examples: 600}", "after every 24 experiences preferences by an adapter", "600 pair passes")]
    [InlineData("train.tokens=20k", "after every 24 experiences 20000 tokens over all", "20000 tokens")]
    public void A_budget_is_said_in_words(string set, string policy, string plan)
    {
        var trainer = Trainer(set);
        PolicyWords.Learning(trainer, 24).ShouldStartWith(policy);
        PolicyWords.LengthOf(new(1, [], new("base"), trainer.Epochs, 0.01, default, trainer.Method, trainer.Budget)).ShouldBe(plan);
    }

    [Fact]
    public void A_training_under_a_budget_tells_its_passes()
    {
        TrainingFigures figures = new(34, 900, 7, 3, 2);
        Told(figures).ShouldStartWith("34 examples, 7 steps: loss 3.000 -> 2.000 nats per token");
        Told(figures with { Passes = 60 }).ShouldStartWith("34 examples, 60 example passes, 7 steps: loss ");
        Told(figures with { Passes = 1, OfPairs = true }).ShouldStartWith("34 pairs, 1 pair pass, 7 steps: loss ");

        static string Told(TrainingFigures figures) =>
            EventText.Tell(new(1, "trainer", "trainer.trained@1", new Trained(1, new("m"), figures), new object())).Lines[0];
    }

    [Theory]
    [InlineData("examples=50", 50)]
    [InlineData("tokens=460", 10)]
    [InlineData("steps=7", 7)]
    public void A_forecast_counts_with_the_budget_whatever_the_set(string budget, double passes)
    {
        // 3 rounds of one experience in each of 5 instances, 46 tokens an example; a set of one or two examples is one batch.
        foreach (var data in (string[])["replace", "accumulate"])
        {
            var work = Of("train.every=1", $"train.data={data}", "train.anchor={fraction: 0}", $"train.{budget}");
            var sizes = budget.StartsWith("steps", StringComparison.Ordinal) && data == "accumulate" ? 1 + 2 + 3 : 3;
            work.TrainedAtMost.ShouldBe(5 * sizes * passes * 46, 1e-6);
            work.Trained.ShouldBe(work.TrainedAtMost, 1e-6);
        }

        Workload Of(params string[] sets) => Workload.Of(_study.Experiment(sets).Plan(default, origin: null));
    }

    [Fact]
    public void A_variant_that_keeps_nothing_is_not_trained_under_a_budget_either() =>
        Workload
            .Of(_study.Experiment("train.steps=60", "variants.keep-all={curate: [keep-none]}").Plan(default, origin: null))
            .Trained.ShouldBe(0);

    [Fact]
    public void Steps_are_forecast_in_batches_of_the_set()
    {
        // A set of 30 examples fills one batch of 22 and a second one: 15 examples a step, and 22 at most.
        RunPlan plan = _study
            .Experiment("train.every=1", "train.anchor={fraction: 0}", "train.steps=10", "replicates=1")
            .Plan(default, origin: null);
        plan = plan with { Every = 30, Stimuli = [.. Enumerable.Range(0, 30).Select(i => plan.Stimuli[0] with { Id = new($"s{i}") })] };
        var work = Workload.Of(plan);
        work.Trained.ShouldBe(10 * 15 * 46, 1e-6);
        work.TrainedAtMost.ShouldBe(10 * 1024, 1e-6);
    }

    [Fact]
    public void A_forecast_of_a_command_counts_with_its_tokens()
    {
        // 5 instances of one round; at most one example more than the budget, and no example is above 100 tokens here.
        const string by = "train={every: 2, backend: command, command: [sh], tokens: 5k}";
        var plan = _study.Experiment(Hosted, "reflect.max-tokens=200", by).Plan(default, origin: null);
        Workload.TrainedOutsideAtMost(plan).ShouldBeInRange(5 * 5_000, 5 * 5_100);
    }

    private static TrainingBudget? Budget(BudgetUnit unit, long amount) => new(unit, amount);

    private TrainerSettings Trainer(params string[] sets) => _study.Experiment(sets).Variants[0].Trainer;

    private TrainerSettings[] Variants(string train, string variants)
    {
        _study.Spoil("study.yaml", "train: {every: 2}", train).Spoil("study.yaml", "  keep-all: {curate: [keep-all]}\n", variants);
        return [.. _study.Experiment().Variants.Select(v => v.Trainer)];
    }
}
