using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Tests.Experiments;

public sealed class ExperimentFileTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_small_file_takes_every_default()
    {
        var experiment = _study.Experiment();
        experiment.Seed.ShouldBe(new Seed(1));
        experiment.Replicates.ShouldBe(5);
        experiment.Epoch.ShouldBe(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        experiment.Tick.ShouldBe(TimeSpan.FromMinutes(1));
        experiment.InternalEvery.ShouldBe(0);
        experiment.Stimuli.Length.ShouldBe(3);
        experiment.Model.ShouldBeOfType<NanoModel>().ShouldSatisfyAllConditions(m => m.Preset.ShouldBe("tiny"), m => m.Seed.ShouldBe(1UL));
        experiment.Variants.ShouldHaveSingleItem().Trainer.ShouldBe(Defaults.Train);
    }

    [Fact]
    public void A_variant_overrides_key_by_key()
    {
        var variant = Variant(
            "a",
            "train: {every: 2, epochs: 7, gate: {drift: 25%, repeats: 0.2}}",
            "a: {train: {data: replace, gate: {drift: none}}, generate: {temperature: 0}}"
        );
        variant.Trainer.ShouldBe(Defaults.Train with { Epochs = 7, Data = DataRegime.Replace, Gate = new(null, null, null, 0.2) });
        variant.Self.ShouldBe(Defaults.Generate with { Sampling = Defaults.Generate.Sampling with { Temperature = 0 } });
    }

    [Theory]
    [InlineData("train: {every: 2, gate: none}", "a: {}")]
    [InlineData("train: {every: 2, gate: {drift: 25%, repeats: 0.2}}", "a: {train: {gate: none}}")]
    public void None_removes_every_bound_of_the_gate(string common, string variant) =>
        Variant("a", common, variant).Trainer.Gate.ShouldBe(Defaults.NoBounds);

    [Fact]
    public void Temperature_and_top_p_may_differ_by_variant()
    {
        _study.Spoil("study.yaml", "keep-all: {curate: [keep-all]}", "a: {generate: {temperature: 0.4}}\n  b: {generate: {top-p: 0.5}}");
        _study
            .Experiment("generate.temperature=1", "generate.top-p=0.9")
            .Variants.Select(v => (v.Self.Sampling.Temperature, v.Self.Sampling.TopP))
            .ShouldBe([(0.4, 0.9), (1, 0.5)]);
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("2", 2)]
    public void The_version_of_the_loop_goes_into_the_plan_and_the_first_is_null(string version, int? planned) =>
        _study.Experiment($"loop-version={version}").Plan(default, origin: null).LoopVersion.ShouldBe(planned);

    [Fact]
    public void A_new_experiment_has_the_current_version_of_the_loop() =>
        _study.Experiment().Plan(default, origin: null).LoopVersion.ShouldBe(LoopVersion.Usual);

    [Fact]
    public void A_variant_that_says_none_never_trains_and_keeps_the_rest() =>
        Variant("a", "train: {every: 2, epochs: 7}", "a: {train: none}")
            .Trainer.ShouldBe(Defaults.Train with { Epochs = 7, Train = false });

    [Fact]
    public void A_variant_may_train_in_an_experiment_that_does_not() =>
        Variant("a", "train: none", "a: {train: {epochs: 3}}").Trainer.ShouldBe(Defaults.Train with { Epochs = 3 });

    [Fact]
    public void A_variant_with_nothing_behind_its_name_changes_nothing() =>
        Variant("a", "curate: [keep-none]", "a:").Curate.ShouldBe([new KeepNone()]);

    [Fact]
    public void Every_rule_is_read() =>
        Variant(
            "a",
            "train: {every: 2}",
            "a: {curate: [{random: 50%}, {dedupe: 0.9}, {min: {score: quality, at-least: 0.3}}, {top: {score: self-reference, fraction: 0.5}}, {novelty: {min: 0.3}}, {perplexity: {max: 60, score: current-perplexity}}, {self-reference: {min: 1, max: 20}}, verified, {verified: {uncheckable: pass}}, keep-none]}"
        )
            .Curate.ShouldBe([
                new RandomShare(0.5),
                new Dedupe(0.9),
                new Minimum(ScoreName.Quality, 0.3),
                new Top(ScoreName.SelfReference, 0.5, 24),
                new NoveltyBand(0.3, 2),
                new PerplexityBand(ScoreName.CurrentPerplexity, Max: 60),
                new SelfReferenceBand(1, 20),
                new Verified(PassesUncheckable: false),
                new Verified(PassesUncheckable: true),
                new KeepNone(),
            ]);

    [Fact]
    public void A_review_of_everything_is_read() =>
        Curate("{review: {when: all}}").ShouldBe([new Review([new ReviewCondition.All()], new ReviewTerms(OnOpen.Wait, 1))]);

    [Fact]
    public void A_review_of_a_share_and_of_scores_is_read() =>
        Curate("{review: {when: [{share: 10%}, {score: alignment, below: .3, above: .9}], on-open: leave-out, reviewers: 2}}, keep-all")
            .ShouldBe([
                new Review(
                    [new ReviewCondition.Share(0.1), new ReviewCondition.OfScore(ScoreName.Alignment, 0.3, 0.9)],
                    new ReviewTerms(OnOpen.LeaveOut, 2)
                ),
                new KeepAll(),
            ]);

    [Theory]
    [InlineData("{review: {when: some}}", "found 'some', expected all, {share: 10%}")]
    [InlineData("{review: {when: {share: 0}}}", "expected a fraction")]
    [InlineData("{review: {when: {score: alignment}}}", "found neither below nor above")]
    [InlineData("{review: {when: {score: alignment, below: 0.9, above: 0.3}}}", "write all instead")]
    [InlineData("{review: {when: all, reviewers: 0}}", "expected a whole number from 1 to 99")]
    [InlineData("{review: {when: all, on-open: go}}", "expected an action: wait, leave-out")]
    [InlineData("{review: {on-open: wait}}", "the key is missing")]
    [InlineData("{review: {when: all}}, {review: {when: {share: 10%}}}", "expected at most one in a policy")]
    [InlineData("review", "review needs an argument")]
    public void A_review_that_does_not_fit_is_refused(string rules, string because) =>
        string.Join('\n', _study.Problems($"variants.keep-all.curate=[{rules}]")).ShouldContain(because);

    private ImmutableArray<Rule> Curate(string rules) => Variant("a", "train: {every: 2}", $"a: {{curate: [{rules}]}}").Curate;

    [Fact]
    public void Every_rule_of_the_mind_can_be_written()
    {
        var rules = typeof(Rule).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Rule)));
        rules.Count().ShouldBe(14, "a rule was added: give it a line in RuleReader's table and one in the test above");
    }

    [Theory]
    [InlineData("replace", DataRegime.Replace, 1)]
    [InlineData("accumulate", DataRegime.Accumulate, 1)]
    [InlineData("window(3)", DataRegime.Window, 3)]
    public void Every_data_regime_is_read(string text, DataRegime data, int window)
    {
        var trainer = Variant("a", $"train: {{every: 2, data: {text}}}", "a: {}").Trainer;
        (trainer.Data, trainer.Window).ShouldBe((data, window));
    }

    [Theory]
    [InlineData("2027-03-04", "2027-03-04 00:00:00")]
    [InlineData("2027-03-04 05:06:07", "2027-03-04 05:06:07")]
    [InlineData("2027-03-04T05:06:07Z", "2027-03-04 05:06:07")]
    public void An_epoch_is_a_time_in_utc(string text, string epoch) =>
        _study.Experiment($"epoch={text}").Epoch.ShouldBe(DateTime.Parse(epoch, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("2m", 120)]
    [InlineData("3h", 10_800)]
    [InlineData("1d", 86_400)]
    public void A_tick_is_a_duration(string text, int seconds) =>
        _study.Experiment($"tick={text}").Tick.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_yaml_alias_stands_for_its_anchor() =>
        Variant("b", "train: {every: 2}", "a: &same {curate: [keep-none]}\n  b: *same").Curate.ShouldBe([new KeepNone()]);

    [Fact]
    public void Only_the_first_lines_are_taken_when_a_count_is_given() =>
        _study
            .Spoil("stimuli.jsonl", "\"It rains.\"", "oops")
            .Experiment("stimuli.count=2")
            .Stimuli.Select(s => s.Id)
            .ShouldBe(["s1", "s2"]);

    [Fact]
    public void The_matrix_counts_what_a_run_comes_to()
    {
        var matrix = _study
            .Spoil("study.yaml", "  keep-all: {curate: [keep-all]}", "  a: {generate: {candidates: 3}}\n  b: {train: none}")
            .Experiment("stimuli.internal-every=3", "replicates=2")
            .Size;
        // 2 variants x 2 instances; 3 stimuli and 1 drive make 2 rounds; 2 wordings asked of bare model and agent, and 1 open question.
        matrix.ShouldBe(
            new RunSize(
                Instances: 4,
                Cycles: 4,
                Rounds: 2,
                Answers: 4 * (3 + 1) * 2,
                Reflections: 16,
                InsightsAtMost: 0,
                Probes: 4 * 3 * 5,
                TrainingsAtMost: 4
            )
        );
    }

    [Fact]
    public void The_plan_holds_the_same_as_the_experiment()
    {
        var experiment = _study.Experiment();
        var plan = experiment.Plan(new ModelId("m0"), origin: null);
        (plan.Run, plan.Base, plan.Cycles, plan.Rounds, plan.Replicates).ShouldBe((experiment.RunId, new ModelId("m0"), 3, 1, 5));
    }

    [Fact]
    public void The_hosted_experiment_costs_what_it_says()
    {
        var loaded = ExperimentFile.Load(Path.Combine(Repository(), "config/experiments/openai.yaml"));
        loaded.Problems.ShouldBeEmpty();
        var m = loaded.Experiment.ShouldNotBeNull().Size;
        (m.Instances, m.Cycles, m.Rounds, m.Answers, m.Reflections, m.TrainingsAtMost).ShouldBe((4, 8, 1, 32, 32, 0));
    }

    [Fact]
    public void The_quickstart_has_72_cycles_in_3_rounds_without_any_problem()
    {
        var loaded = ExperimentFile.Load(Path.Combine(Repository(), "config/experiments/quickstart.yaml"));
        loaded.Problems.ShouldBeEmpty();
        loaded.Experiment!.Variants.Select(v => v.Name).ShouldBe(["inward", "drawn", "keep-all", "frozen"]);
        (loaded.Experiment.Size.Instances, loaded.Experiment.Size.Cycles, loaded.Experiment.Size.Rounds).ShouldBe((32L, 72, 3));
    }

    [Fact]
    public void The_anchor_sweep_declares_a_trend_over_four_doses_and_nothing_speaks_against_it()
    {
        var loaded = ExperimentFile.Load(Path.Combine(Repository(), "config/experiments/anchor-sweep.yaml"));
        loaded.Problems.ShouldBeEmpty();
        loaded.Advice.ShouldAllBe(a => a.Severity == Severity.Note && !a.Key.StartsWith("analysis", StringComparison.Ordinal));
        var experiment = loaded.Experiment.ShouldNotBeNull();
        (experiment.Size.Instances, experiment.Replicates, experiment.Analysis!.Contrasts.Length).ShouldBe((32L, 8, 2));
        experiment.Variants.Select(v => v.Name).ShouldBe(["anchor-0", "anchor-0p1", "anchor-0p25", "anchor-0p5"]);
        experiment.Variants.ShouldAllBe(v => v.Trainer.Gate == Defaults.NoBounds);
    }

    [Fact]
    public void The_collapse_declares_a_survival_and_lets_empty_answers_be_trained_on()
    {
        var loaded = ExperimentFile.Load(Path.Combine(Repository(), "config/experiments/collapse.yaml"));
        loaded.Problems.ShouldBeEmpty();
        loaded.Advice.ShouldAllBe(a => a.Severity == Severity.Note && !a.Key.StartsWith("analysis", StringComparison.Ordinal));
        var experiment = loaded.Experiment.ShouldNotBeNull();
        (experiment.Size.Instances, experiment.Size.Cycles, experiment.Size.Rounds).ShouldBe((12L, 84, 7));
        experiment.Analysis!.Primary.ShouldBe([new Faculties.Supervisor.DeclaredOutcome.Survival("empty", Above: true, 0.5)]);
        experiment.Variants.ShouldAllBe(v => v.Curate[0] is AllowEmpty && v.Trainer.Gate == Defaults.NoBounds);
    }

    [Fact]
    public void Every_preset_is_one_of_the_embedded_model() =>
        Keywords.Presets.Names.ShouldAllBe(name => Nano.NanoConfig.Preset(name) != null);

    private VariantPlan Variant(string name, string common, string variants) =>
        _study
            .Spoil("study.yaml", "train: {every: 2}", common)
            .Spoil("study.yaml", "keep-all: {curate: [keep-all]}", variants)
            .Load()
            .Experiment!.Variants.Single(v => v.Name == name);

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiMe.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
