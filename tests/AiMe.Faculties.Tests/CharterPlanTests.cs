using System.Collections.Immutable;
using System.Text;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Tests;

/// <summary>A plan with several charters, and that one without is written as ever.</summary>
public sealed class CharterPlanTests
{
    private static readonly ImmutableArray<CharterPlan> Three =
    [
        new(Some.Charter with { Name = "Ada" }),
        new(Some.Charter with { Name = "Bo" }, new ModelId("of-bo")),
        new(Some.Charter with { Name = "Cy" }, new ModelId("of-cy"), new IdentityTuning("data", 3, 4, 0.001, 0.8)),
    ];

    private static readonly RunPlan Plan = Plans.TwoVariants(replicates: 6) with { Charter = Three[0].Charter, Charters = Three };

    [Fact]
    public void A_plan_with_one_charter_is_written_without_the_new_members()
    {
        var text = Encoding.UTF8.GetString(FacultyEvents.Codec.Write(new RunPlanned(Plans.TwoVariants())));
        text.ShouldNotContain("charters");
        text.Split("\"charter\":").Length.ShouldBe(2, "the plan has a charter and no variant has one");
    }

    [Fact]
    public void A_plan_with_several_is_read_as_it_was_written()
    {
        var own = Plan with { Variants = [Plan.Variants[0] with { Charter = "Bo" }, Plan.Variants[1] with { Charter = "Cy" }] };
        foreach (var plan in new[] { Plan, own })
        {
            var bytes = FacultyEvents.Codec.Write(new RunPlanned(plan));
            Encoding
                .UTF8.GetString(FacultyEvents.Codec.Write(FacultyEvents.Codec.Read("supervisor.planned@2", bytes)))
                .ShouldBe(Encoding.UTF8.GetString(bytes));
        }
    }

    [Fact]
    public void Charters_share_the_replicates_in_their_order()
    {
        var names = Plan.Instances.Select(i => (Plan.Spec(i.Variant, i.Replicate).Name, Plan.Spec(i.Variant, i.Replicate).Charter.Name));
        names
            .Where(n => n.Item1.StartsWith("kept", StringComparison.Ordinal))
            .ShouldBe([("kept-1", "Ada"), ("kept-2", "Ada"), ("kept-3", "Bo"), ("kept-4", "Bo"), ("kept-5", "Cy"), ("kept-6", "Cy")]);
        Plan.Units.ShouldBe(new AnalysisUnits(3, 2, AreCharters: true));
        Enumerable.Range(1, 6).Select(Plan.Units.Of).ShouldBe([1, 1, 2, 2, 3, 3]);
        Plan.Units.ReplicatesOf(2).ShouldBe([3, 4]);
    }

    [Fact]
    public void An_instance_begins_with_the_model_of_its_charter()
    {
        Plan.Instances.Select(i => Plan.Spec(i.Variant, i.Replicate).Base.Value).Distinct().ShouldBe([Plan.Base.Value, "of-bo", "of-cy"]);
        Plan.Bases.Select(b => b.Value).ShouldBe([Plan.Base.Value, "of-bo", "of-cy"]);
        Plan.OriginOf(new ModelId("of-cy"))!.Identity.ShouldBe(Three[2].Identity);
        Plan.OriginOf(new ModelId("of-bo"))!.Identity.ShouldBeNull();
    }

    [Fact]
    public void Replicates_of_one_charter_have_seeds_of_their_own() => Enumerable.Range(1, 6).Select(Plan.BlockSeed).ShouldBeUnique();

    [Fact]
    public void A_plan_with_one_of_the_charters_alone_has_its_model()
    {
        var last = Plan.ByCharter.Last();
        (last.Charter.Name, last.Base.Value, last.HasCharters).ShouldBe(("Cy", "of-cy", false));
        last.Origin!.Identity.ShouldBe(Three[2].Identity);
        Plans.TwoVariants().ByCharter.Count().ShouldBe(1);
    }

    [Fact]
    public void A_model_that_comes_out_differently_is_found_in_every_charter()
    {
        var other = Plan with { Charters = [Three[0], Three[1], Three[2] with { Base = new ModelId("another") }] };
        Plan.BaseThatDiffersFrom(other).ShouldBe((new ModelId("of-cy"), new ModelId("another")));
        Plan.BaseThatDiffersFrom(Plan).ShouldBeNull();
    }
}
