using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;
using static AiMe.Lab.Tests.Analysis.Comparison.DeclaredRuns;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Declared trends over ordered variants.</summary>
public sealed class DeclaredTrendTests
{
    [Fact]
    public void A_trend_over_ordered_variants_is_one_test_with_an_exact_p()
    {
        var comparison = Sweep(Ordered(EffectDirection.Lower), replicates: 8, (variant, _) => 1.2 - variant * 0.1);

        var test = comparison.Tests.ShouldHaveSingleItem();
        test.Method.ShouldBe(TestMethod.Page);
        test.Statistic.ShouldBe(8 * (1 * 4 + 2 * 3 + 3 * 2 + 4 * 1));
        test.P.ShouldBe(Math.Pow(24, -8), 1e-20);
        test.CorrectedP.ShouldBe(test.P);
        test.Estimate.Mean.ShouldBe(-0.3, 1e-12);
        Lives
            .Words(comparison)
            .ShouldContain(
                "Held-out CE since gen. 0 falls from f0 to f3 in 8 replicates, as predicted (Page's L = 160, exact p < 0.0001, the only "
                    + "declared test; last minus first -30.0 pp ["
            );
    }

    [Fact]
    public void A_trend_against_the_prediction_is_said_to_be_opposite_to_it()
    {
        var comparison = Sweep(Ordered(EffectDirection.Higher), replicates: 8, (variant, _) => 1.2 - variant * 0.1);

        comparison.Tests[0].Verdict.ShouldBe(TestVerdict.Opposite);
        comparison.Tests[0].P.ShouldBe(1, 1e-9);
        Lives.Words(comparison).ShouldContain("and the estimate in 8 replicates is opposite to what was predicted");
    }

    [Fact]
    public void Ties_share_their_rank_in_a_trend() =>
        Sweep(Ordered(EffectDirection.Either), replicates: 3, (_, _) => 0.5).Tests[0].P.ShouldBe(1);

    [Fact]
    public void A_trend_whose_ends_differ_the_other_way_says_so()
    {
        var comparison = Sweep(Ordered(EffectDirection.Either), replicates: 8, (v, r) => r == 8 && v == 3 ? -5 : v + r * 0.01);

        (comparison.Tests[0].Effect > 0, comparison.Tests[0].Estimate.Mean < 3).ShouldBe((true, true));
        Lives.Words(comparison).ShouldNotContain("against the trend");
        Lives
            .Words(Sweep(Ordered(EffectDirection.Either), replicates: 8, (v, r) => r == 8 && v == 3 ? -500 : v + r * 0.01))
            .ShouldContain(", against the trend: the test ranks all variants, the difference is of two)");
    }

    [Fact]
    public void Ties_raise_the_smallest_p_and_the_sentence_says_so()
    {
        var some = Sweep(Plan([Rise], new DeclaredContrast.Pair("f0", "f1")), 6, (v, r) => r > 4 ? 0.5 : v + r * 0.01);
        (some.Tests[0].SmallestP, some.Tests[0].Verdict).ShouldBe((2 / 16.0, TestVerdict.CannotReach));
        Lives
            .Words(some)
            .ShouldContain("6 replicates, some of them tied, cannot establish that held-out CE since gen. 0 differs between f0 and f1: ");
        Lives
            .Words(some)
            .ShouldContain(
                "No result can be established: with 6 replicates, some of them tied, the smallest possible p is 0.125, above 0.05."
            );

        var all = Sweep(Plan([Rise], new DeclaredContrast.Pair("f0", "f1")), 6, (_, _) => 0.5);
        all.Tests[0].SmallestP.ShouldBe(1);
        Lives.Words(all).ShouldContain("is not established over 6 replicates, all of which are tied: 0.0 pp");
        Lives.Words(all).ShouldNotContain("smallest possible p");
    }

    [Fact]
    public void A_replicate_that_lacks_a_variant_is_no_part_of_a_trend()
    {
        var comparison = Sweep(
            Ordered(EffectDirection.Lower),
            replicates: 4,
            (variant, _) => 1.2 - variant * 0.1,
            i => i is { Variant: "f2", Replicate: 3 } ? i with { Status = InstanceState.Parked, Generations = i.Generations[..2] } : i
        );

        comparison.Tests[0].N.ShouldBe(3);
        comparison.Tests[0].P.ShouldBe(Math.Pow(24, -3), 1e-15);
    }
}
