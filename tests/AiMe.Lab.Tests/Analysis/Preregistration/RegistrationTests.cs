using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Preregistration;
using AiMe.Lab.Experiments;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Experiments;

namespace AiMe.Lab.Tests.Analysis.Preregistration;

public sealed class RegistrationTests : IDisposable
{
    private const string Declared = """
        replicates: 6
        gate: none
        analysis:
          question: Does | it hold?
          primary: [{measure: bareDrift, smallest-effect: 0.02}]
          contrasts:
            - {pair: [keep-all, half], direction: higher}
            - {equivalent: [keep-all, half]}

        """;

    private readonly Study _study = new();

    public RegistrationTests() =>
        _study
            .Spoil(
                "study.yaml",
                "  keep-all: {curate: [keep-all]}\n",
                "  keep-all: {curate: [keep-all]}\n  half: {curate: [{random: 0.5}]}\n"
            )
            .Write(
                "study.yaml",
                File.ReadAllText(_study.PathOf("study.yaml")) + Declared.Replace("gate: none\n", "", StringComparison.Ordinal)
            );

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_page_is_read_as_it_was_written()
    {
        var registration = Of();
        var read = RegistrationPage.Read(registration.Json());
        read.Json().ShouldBe(registration.Json());
        (read.Run, read.Digest, read.Generation, read.Alpha).ShouldBe((Experiment.RunId, Experiment.Digest, 1, 0.05));
        read.ReadPlan().Run.ShouldBe(Experiment.RunId);
        read.Design.Blocks.Length.ShouldBe(6);
        read.Hypotheses.Select(h => h.Text)
            .ShouldBe([
                "Bare drift is higher in keep-all than in half.",
                "keep-all and half differ in bare drift by less than 0.020 bits.",
            ]);
    }

    [Fact]
    public void The_markdown_page_has_the_question_the_hypotheses_and_the_digest()
    {
        var page = RegistrationMarkdown.Of(Of(), "study.json");
        foreach (
            var told in (string[])
                ["Does \\| it hold?", "Bare drift is higher in keep-all than in half.", Experiment.Digest, "| half | [random 0.5] |"]
        )
            page.ShouldContain(told);
    }

    [Fact]
    public void An_experiment_that_declares_nothing_is_registered_with_what_compare_tests_by_default()
    {
        var plain = new Study();
        plain.Spoil("study.yaml", "  keep-all: {curate: [keep-all]}\n", "  a: {}\n  b: {}\n");
        var registration = RegistrationPage.Of(plain.Experiment(), DateTimeOffset.UnixEpoch);
        registration.Hypotheses.Single().Text.ShouldBe("Bare drift differs between a and b.");
        registration.Question.ShouldBeNull();
        plain.Dispose();
    }

    [Fact]
    public void The_markdown_page_has_every_setting_and_says_when_a_difference_is_claimed()
    {
        var page = RegistrationMarkdown.Of(Of(), "study.json");
        foreach (
            var told in (string[])
                [
                    "| model.preset | tiny |",
                    "| model.corpus (SHA-256) | ",
                    "| model.seed | 1 |",
                    "| charter (SHA-256, first 8 digits) | ",
                    "| stimuli.source (SHA-256, first 8 digits) | ",
                    "| probes.set (SHA-256, first 8 digits) | ",
                    "| loop-version | 3 |",
                    "| train.method | full |",
                ]
        )
            page.ShouldContain(told);
        page.ReplaceLineEndings(" ")
            .ShouldContain(
                "A difference without a predicted direction is claimed if its corrected p is at most the significance level and its "
                    + "interval   excludes 0; every other hypothesis is claimed by its corrected p alone."
            );
    }

    [Fact]
    public void The_digest_of_a_page_follows_from_its_plan_and_model() =>
        Canonical
            .Digest(Experiment.Name, Of().ReadPlan(), Canonical.Of(Experiment.Model), Experiment.Identity)
            .ShouldBe(Experiment.Digest, "the plan that a page holds is the plan of which it states the digest");

    [Fact]
    public void A_plan_that_was_altered_in_the_page_is_found_by_the_page_s_own_digest()
    {
        var json = Of().Json();
        var altered = RegistrationPage.Read(json.Replace("\"replicates\": 6", "\"replicates\": 9", StringComparison.Ordinal));
        var told = Deviations.Of(altered, Run(Plan())).Select(d => d.ToString()).ToArray();
        told[0].ShouldStartWith($"the page itself: registered a plan of SHA-256 {Experiment.Digest[..12]}, found a plan of SHA-256 ");
        told[0].ShouldEndWith(": the page was altered after it was written.");
        told.ShouldContain("replicates: registered 9, found 6.");
    }

    [Theory]
    [InlineData("Does | it hold?", "Does it not?", "question")]
    [InlineData("Bare drift is higher in keep-all than in half.", "Bare drift is lower in keep-all than in half.", "hypotheses")]
    [InlineData("No outlier is removed", "Every outlier is removed", "exclusions")]
    [InlineData("\"generation\": 1", "\"generation\": 2", "generation")]
    public void What_does_not_follow_from_the_plan_was_altered(string old, string altered, string part)
    {
        // The part stands before the plan.
        var json = Of().Json();
        var at = json.IndexOf(old, StringComparison.Ordinal);
        var page = RegistrationPage.Read(json[..at] + altered + json[(at + old.Length)..]);
        Deviations
            .Of(page, Run(Plan()))[0]
            .ToString()
            .ShouldBe(
                $"the page itself: registered {part} as follows from its plan, found another text: the page was altered after it was "
                    + "written, or another version of aime wrote it."
            );
    }

    [Fact]
    public void A_run_as_registered_has_no_deviation() => Deviations.Of(Of(), Run(Plan())).ShouldBeEmpty();

    [Theory]
    [InlineData("seed", "seed: registered 1, found 7.")]
    [InlineData("replicates", "replicates: registered 6, found 5.")]
    [InlineData("curate", "variants.half.curate: registered [random 0.5], found [random 0.6].")]
    [InlineData("epochs", "variants.half.train.epochs: registered 2, found 9.")]
    [InlineData("version", "loop-version: registered 3, found 1.")]
    public void A_setting_that_differs_is_named_with_both_values(string what, string told)
    {
        var plan = Plan();
        var half = plan.Variants[1];
        plan = what switch
        {
            "seed" => plan with { Seed = new Seed(7) },
            "replicates" => plan with { Replicates = 5 },
            "curate" => plan with { Variants = [plan.Variants[0], half with { Curate = [new Faculties.Curation.RandomShare(0.6)] }] },
            "epochs" => plan with { Variants = [plan.Variants[0], half with { Trainer = half.Trainer with { Epochs = 9 } }] },
            _ => plan with { LoopVersion = null },
        };
        Deviations.Of(Of(), Run(plan)).Select(d => d.ToString()).ShouldContain(told);
    }

    [Fact]
    public void Another_analysis_is_told_in_words()
    {
        var plan = Plan();
        var deviation = Deviations.Of(Of(), Run(plan with { Analysis = plan.Analysis! with { Alpha = 0.1 } })).Single();
        deviation.What.ShouldBe("analysis");
        deviation.Registered.ShouldContain("Alpha 0.05");
        deviation.Found.ShouldContain("Alpha 0.1");
    }

    [Fact]
    public void Another_question_is_a_deviation_of_the_analysis_and_not_of_the_model()
    {
        var plan = Plan() with { Run = "study-00000000" };
        var deviation = Deviations.Of(Of(), Run(plan with { Analysis = plan.Analysis! with { Question = "Why?" } })).Single();
        deviation.What.ShouldBe("analysis");
        deviation.Found.ShouldEndWith("question: Why?");
    }

    [Fact]
    public void A_variant_that_was_not_registered_is_one_deviation_and_another_experiment_the_first()
    {
        var plan = Plan();
        plan = plan with { Run = "other-00000000", Variants = [plan.Variants[0], plan.Variants[1] with { Name = "third" }] };
        Deviations
            .Of(Of(), Run(plan))
            .Select(d => d.ToString())
            .ShouldBe(["experiment: registered study, found other.", "variants: registered keep-all half, found keep-all third."]);
    }

    [Fact]
    public void Another_base_model_shows_in_the_runs_id()
    {
        var deviation = Deviations.Of(Of(), Run(Plan() with { Run = "study-00000000" })).Single();
        deviation.What.ShouldBe("base model");
        deviation.Found.ShouldContain("00000000");
    }

    [Fact]
    public void Instances_that_ended_early_or_were_spoken_to_are_named()
    {
        var plan = Plan();
        InstanceSummary[] instances = [.. Instances(plan)];
        instances[0] = Lives.Instance("keep-all", 1, 0.1, status: InstanceState.Parked, reached: 0);
        instances[3] = instances[3] with { Deeds = [new Intervention(InterventionKind.Spoke, 0)] };
        var deviations = Deviations.Of(Of(), Lives.Compare(plan, instances)).Select(d => d.ToString()).ToArray();
        deviations.ShouldContain("instances: registered 12 instances to their end, found 1 ended early: keep-all-1.");
        deviations.ShouldContain($"unplanned input: registered nothing, found {instances[3].Instance}: 1 intervention.");
    }

    [Fact]
    public void A_page_that_was_written_after_the_run_was_planned_is_a_deviation()
    {
        Deviations.Of(Of(), Run(Plan()), DateTime.UnixEpoch.AddSeconds(1)).ShouldBeEmpty();
        Deviations
            .Of(Of(), Run(Plan()), DateTime.UnixEpoch.AddSeconds(-1))
            .Single()
            .ToString()
            .ShouldBe(
                "time of registration: registered before the run, found written 1970-01-01 00:00:00 UTC, and the run was planned "
                    + "1969-12-31 23:59:59 UTC."
            );
    }

    [Fact]
    public void Another_generation_than_the_registered_one_is_a_deviation() =>
        Deviations.Of(Of(), Run(Plan()).At(0)).Select(d => d.ToString()).ShouldContain("compared generation: registered 1, found 0.");

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("{}", "it is not the JSON page that `aime preregister` writes: it has no schemaVersion, experiment, run,")]
    [InlineData("nonsense", "line 1, column 2: it is not the JSON page that `aime preregister` writes: ")]
    [InlineData("[1]", "it is not the JSON page that `aime preregister` writes: it is of another type than expected")]
    [InlineData("{\n  \"run\": \"a", "line 2, column 12: it is not the JSON page that `aime preregister` writes: it ends inside a value")]
    [InlineData("{\n  \"run\": {", "line 2, column 11: it is not the JSON page that `aime preregister` writes: it ends inside a value")]
    public void What_is_no_page_is_refused_in_words(string text, string told) =>
        Should.Throw<FormatException>(() => RegistrationPage.Read(text)).Message.ShouldContain(told);

    [Fact]
    public void A_page_of_another_version_or_with_a_damaged_plan_is_refused()
    {
        var json = Of().Json();
        Should
            .Throw<FormatException>(() =>
                RegistrationPage.Read(json.Replace("\"schemaVersion\": 1", "\"schemaVersion\": 2", StringComparison.Ordinal))
            )
            .Message.ShouldBe("its schemaVersion is 2, expected 1");
        Should
            .Throw<FormatException>(() =>
                RegistrationPage.Read(
                    json.Replace("\"replicates\": 6,\n      \"variants\"", "\"variants\"", StringComparison.Ordinal)
                        .Replace("supervisor.planned", "supervisor.unplanned", StringComparison.Ordinal)
                )
            )
            .Message.ShouldContain("its plan cannot be read");
    }

    private Experiment Experiment => _study.Experiment();

    private RegistrationPage Of() => RegistrationPage.Of(Experiment, DateTimeOffset.UnixEpoch);

    private RunPlan Plan() => Experiment.Plan(new ModelId("base"), new ModelOrigin.Nano("tiny", 100, 1, "corpus"));

    private static RunComparison Run(RunPlan plan) => Lives.Compare(plan, [.. Instances(plan)]);

    private static IEnumerable<InstanceSummary> Instances(RunPlan plan) =>
        plan.Instances.Select(i => Lives.Instance(i.Variant.Name, i.Replicate, 0.1 + 0.01 * i.Replicate, reached: plan.Rounds));
}
