using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class DistinctSettingsTests
{
    private static readonly RunPlan Plan = Lives.Plan(5, Lives.Variant("wild"), Lives.Variant("still", train: false));

    [Fact]
    public void A_run_alone_has_its_seed() => Of(Plan).ShouldBe("seed 1");

    [Fact]
    public void The_seed_and_what_was_set_tell_two_runs_apart()
    {
        var other = Plan with { Run = "test-87654321", Seed = new Seed(43), Replicates = 60 };

        Of(other, Plan).ShouldBe("seed 43, replicates 60");
        Of(Plan, other).ShouldBe("seed 1, replicates 5");
        Of(Plan, Plan, other).ShouldBe("seed 1, replicates 5");
    }

    [Fact]
    public void A_setting_of_every_variant_is_said_once_and_one_of_a_variant_with_its_name()
    {
        var warm = Plan with { Variants = [.. Plan.Variants.Select(v => v with { Self = v.Self with { Candidates = 4 } })] };
        var strict = Plan with { Variants = [Plan.Variants[0] with { Curate = [new Dedupe(0.9)] }, Plan.Variants[1]] };

        Of(warm, Plan).ShouldBe("seed 1, generate.candidates 4");
        Of(strict, Plan).ShouldBe("seed 1, variants.wild.curate [dedupe 0.9]");
        Of(Plan, strict).ShouldBe("seed 1, variants.wild.curate [keep-all]");
    }

    [Fact]
    public void A_variant_that_trains_in_one_run_and_not_in_the_other_is_one_difference()
    {
        var other = Plan with { Variants = [Lives.Variant("wild"), Lives.Variant("still")] };

        Of(other, Plan).ShouldBe("seed 1, variants.still.train on");
        Of(Plan, other).ShouldBe("seed 1, variants.still.train none");
    }

    [Fact]
    public void Fewer_stimuli_are_told_by_their_number_and_other_ones_by_their_content()
    {
        var fewer = Plan with { Stimuli = Plan.Stimuli[..4] };
        var others = Plan with { Stimuli = [.. Plan.Stimuli.Select(s => s with { Text = "Good night." })] };

        Of(fewer, Plan).ShouldBe("seed 1, stimuli.count 4");
        Of(others, Plan).ShouldMatch("^seed 1, stimuli.source [0-9a-f]{8}$");
    }

    [Fact]
    public void Another_charter_is_told_by_its_content() =>
        Of(Plan with { Charter = Plan.Charter with { Traits = ["kind"] } }, Plan).ShouldMatch("^seed 1, charter [0-9a-f]{8}$");

    [Theory]
    [InlineData("quickstart-1a2b3c4d", "quickstart")]
    [InlineData("my-study-0000ffff", "my-study")]
    [InlineData("quickstart", "quickstart")]
    [InlineData("quickstart-1A2B3C4D", "quickstart-1A2B3C4D")]
    [InlineData("-1a2b3c4d", "-1a2b3c4d")]
    public void The_name_of_an_experiment_is_its_run_id_without_the_hash(string run, string name) =>
        RunPlan.ExperimentOf(run).ShouldBe(name);

    private static string Of(RunPlan plan, params RunPlan[] others) => DistinctSettings.Words(DistinctSettings.Of(plan, others));
}
