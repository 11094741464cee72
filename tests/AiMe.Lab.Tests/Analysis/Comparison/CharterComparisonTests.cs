using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;
using static AiMe.Lab.Tests.Analysis.Comparison.DeclaredRuns;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Several charters: each counts once, with the mean over its replicates.</summary>
public sealed class CharterComparisonTests
{
    // Of wild, two replicates of each of three charters; tame never drifts.
    private static readonly double[] Wild = [0.1, 0.3, 0.2, 0.2, 0.5, 0.1];

    [Fact]
    public void An_interval_is_over_charters_and_not_over_their_replicates()
    {
        var pair = Compared().Pair("wild", "tame", Measure.BareDrift);

        pair.Differences.ShouldBe([0.2, 0.2, 0.3], 1e-12);
        var expected = StudentT.Interval([0.2, 0.2, 0.3], 0.95);
        pair.Difference.Mean.ShouldBe(expected.Mean, 1e-12);
        pair.Difference.Low.ShouldBe(expected.Low, 1e-12);
        pair.Difference.N.ShouldBe(3);
    }

    [Fact]
    public void A_test_flips_the_signs_of_charters()
    {
        var test = Compared().Tests.Single();

        test.N.ShouldBe(3);
        test.P.ShouldBe(2 / 8.0, 1e-12, "of three units the smallest p is a quarter, of six it would be 1 / 32");
        TestSentence.Of(test, isOnly: true).ShouldContain("3 charters cannot establish that");
    }

    [Fact]
    public void A_variants_interval_is_over_charters_and_its_instances_are_all_counted()
    {
        var wild = Compared().Variants[0];
        wild.Last(Measure.BareDrift).Mean.ShouldBe(0.7 / 3, 1e-12);
        (wild.Last(Measure.BareDrift).N, wild.Units, wild.Instances, wild.Planned).ShouldBe((3, 3, 6, 6));
    }

    [Fact]
    public void A_replicate_without_its_partner_leaves_the_mean_of_its_charter()
    {
        var comparison = Compared(i =>
            i is { Variant: "tame", Replicate: 6 } ? i with { Status = InstanceState.Parked, Generations = [.. i.Generations.Take(2)] } : i
        );
        comparison.Pair("wild", "tame", Measure.BareDrift).Differences.ShouldBe([0.2, 0.2, 0.5], 1e-12);
        comparison.Tests.Single().N.ShouldBe(3);
    }

    [Fact]
    public void With_one_replicate_of_each_charter_nothing_is_averaged()
    {
        var plan = PlanOf(replicates: 6, charters: 6);
        var one = Lives.Compare(plan, Instances(i => i));
        var none = Lives.Compare(plan with { Charters = null }, Instances(i => i));
        one.Tests.Select(t => (t.P, t.Estimate)).ShouldBe(none.Tests.Select(t => (t.P, t.Estimate)));
        one.Pairs.Select(p => p.Difference).ShouldBe(none.Pairs.Select(p => p.Difference));
    }

    [Fact]
    public void The_table_by_charter_has_the_mean_of_each_and_the_scatter_between_them()
    {
        var contrast = Compared().CharterContrasts.Single();

        contrast.Charters.Select(c => (c.Charter, c.Replicates)).ShouldBe([("c1", 2), ("c2", 2), ("c3", 2)]);
        contrast.Charters.Select(c => c.Difference).ShouldBe([0.2, 0.2, 0.3], 1e-12);
        // MSB = 2 x var(.2, .2, .3) is below MSW = (.02 + 0 + .08) / 3.
        contrast.Scatter.Between.ShouldBe(0);
        contrast.Scatter.Within.ShouldBe(Math.Sqrt(0.1 / 3), 1e-12);
    }

    [Fact]
    public void The_mean_over_charters_is_that_of_the_declared_test_else_of_the_pair()
    {
        var compared = Compared();
        var contrast = compared.CharterContrasts.Single();
        contrast.Test.ShouldBeSameAs(compared.Tests.Single());
        contrast.Estimate.ShouldBe(compared.Tests.Single().Estimate);
        (compared.CharterContrasts == compared.CharterContrasts).ShouldBeTrue("the same array");

        var exploratory = (compared with { Tests = [] }).CharterContrasts.Single();
        exploratory.Test.ShouldBeNull();
        exploratory.Estimate.ShouldBe(compared.Pair("wild", "tame", Measure.BareDrift).Difference);
    }

    [Fact]
    public void A_finding_says_in_how_many_charters_the_difference_has_its_sign() =>
        Lives
            .Words(Compared())
            .ShouldContain(
                "Bare drift, wild minus tame, has the sign of its mean in 3 of 3 charters; charters differ in it no more than "
                    + "replicates of one charter do"
            );

    [Fact]
    public void Without_several_charters_there_is_no_table_and_no_finding_of_it()
    {
        var comparison = Lives.Compare(Wild, [.. Wild.Select(_ => 0.0)]);
        comparison.CharterContrasts.ShouldBeEmpty();
        Findings.Of(comparison).ShouldNotContain(f => f.About == "charters");
    }

    [Fact]
    public void If_each_variant_has_its_own_charter_the_units_are_replicates()
    {
        var plan = PlanOf(6, 3);
        plan = plan with { Variants = [plan.Variants[0] with { Charter = "c1" }, plan.Variants[1] with { Charter = "c3" }] };
        var comparison = Lives.Compare(plan, Instances(i => i));
        comparison.Tests.Single().N.ShouldBe(6);
        comparison.CharterContrasts.ShouldBeEmpty();
    }

    [Fact]
    public void A_log_rank_test_exchanges_the_variants_of_whole_charters()
    {
        var pair = new DeclaredContrast.Pair("wild", "tame");
        var plan = PlanOf(6, 3) with { Analysis = Plan([new DeclaredOutcome.Survival("bareDrift", Above: true, 0.05)], pair) };
        var test = Lives.Compare(plan, Instances(i => i)).Tests.Single();
        (test.N, test.P).ShouldBe((3, 2 / 8.0));
        test.Crossings.ShouldBe([(6, 6), (0, 6)]);
    }

    private static RunComparison Compared(Func<InstanceSummary, InstanceSummary>? change = null) =>
        Lives.Compare(PlanOf(6, 3), Instances(change ?? (i => i)));

    private static RunPlan PlanOf(int replicates, int charters) =>
        Lives.Plan(replicates, Lives.Variant("wild"), Lives.Variant("tame")) is var plan
            ? plan with
            {
                Charters = [.. Enumerable.Range(1, charters).Select(c => new CharterPlan(plan.Charter with { Name = $"c{c}" }))],
                Analysis = Plan([Drift], new DeclaredContrast.Pair("wild", "tame")),
            }
            : plan;

    private static InstanceSummary[] Instances(Func<InstanceSummary, InstanceSummary> change) =>
        [
            .. Wild.Select((drift, i) => Lives.Instance("wild", i + 1, drift)),
            .. Wild.Select((_, i) => change(Lives.Instance("tame", i + 1, 0))),
        ];
}
