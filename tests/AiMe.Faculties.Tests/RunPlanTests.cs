using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Faculties.Tests;

public sealed class RunPlanTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants(replicates: 3, stimuli: 12, internalEvery: 5, every: 4);

    [Fact]
    public void Cycles_are_stimuli_and_drives() =>
        (Plan.Cycles, Plan.Rounds, (Plan with { InternalEvery = 0 }).Cycles).ShouldBe((14, 3, 12));

    [Fact]
    public void A_drive_follows_each_beat() =>
        Enumerable.Range(1, Plan.Cycles).Select(Plan.ExternalAt).ShouldBe([0, 1, 2, 3, 4, null, 5, 6, 7, 8, 9, null, 10, 11]);

    [Fact]
    public void Every_stimulus_is_met_once_whatever_the_beat() =>
        Prop.ForAll(Gen.Choose(0, 40).ToArbitrary(), Gen.Choose(0, 7).ToArbitrary(), (count, beat) =>
            {
                var plan = Plan with { Stimuli = [.. Enumerable.Range(0, count).Select(Some.Stimulus)], InternalEvery = beat };
                var met = Enumerable.Range(1, plan.Cycles).Select(plan.ExternalAt).ToArray();
                return met.OfType<int>().SequenceEqual(Enumerable.Range(0, count)) && met.Count(m => m is null) == plan.Cycles - count;
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Each_block_has_an_order_of_its_own_which_is_a_permutation()
    {
        Plan.OrderOf(1).Order().ShouldBe(Enumerable.Range(0, 12));
        Plan.OrderOf(1).ShouldNotBe(Plan.OrderOf(2));
        Plan.OrderOf(1).ShouldBe(Plan.OrderOf(1), "the order hangs on the seed alone");
        (Plan with { Seed = new Seed(43) }).OrderOf(1).ShouldNotBe(Plan.OrderOf(1));
    }

    [Fact]
    public void Variants_of_a_block_share_its_seed_and_have_seeds_of_their_own()
    {
        var (a, b) = (Plan.Spec(Plan.Variants[0], 1), Plan.Spec(Plan.Variants[0] with { Name = "the-same-by-another-name" }, 1));
        a.BlockSeed.ShouldBe(b.BlockSeed);
        a.Seed.ShouldNotBe(b.Seed, "an A/A test needs two independent draws");
        a.Curate.ShouldBe(b.Curate);
    }

    [Fact]
    public void All_instances_have_names_and_seeds_of_their_own()
    {
        var specs = Plan.Instances.Select(i => Plan.Spec(i.Variant, i.Replicate)).ToArray();
        specs.Select(s => s.Name).ShouldBe(["kept-1", "frozen-1", "kept-2", "frozen-2", "kept-3", "frozen-3"]);
        specs.Select(s => s.Seed).ShouldBeUnique();
        specs.Select(s => s.BlockSeed).Distinct().Count().ShouldBe(3);
    }
}
