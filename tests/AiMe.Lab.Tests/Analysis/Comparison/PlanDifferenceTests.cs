using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class PlanDifferenceTests
{
    [Fact]
    public void Two_runs_of_one_plan_differ_in_nothing() =>
        PlanDifference.Between(Lives.Plan(1, Lives.Variant("a")), Lives.Plan(1, Lives.Variant("a")) with { Run = "other" }).ShouldBeEmpty();

    [Fact]
    public void Every_part_that_differs_is_named()
    {
        var first = Lives.Plan(1, Lives.Variant("a"), Lives.Variant("b"));
        var second = Lives.Plan(2, Lives.Variant("a", train: false), Lives.Variant("c")) with { Seed = new Seed(9), Every = 2 };

        PlanDifference
            .Between(first, second)
            .ShouldBe(["seed", "replicates", "length of a round", "the settings of a", "b (missing)", "c (added)"]);
    }
}
