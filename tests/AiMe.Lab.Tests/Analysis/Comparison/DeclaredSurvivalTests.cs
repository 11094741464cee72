using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;
using static AiMe.Lab.Tests.Analysis.Comparison.DeclaredRuns;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Declared comparisons of when a bound is crossed.</summary>
public sealed class DeclaredSurvivalTests
{
    [Fact]
    public void Replicates_in_which_both_cross_at_once_raise_the_smallest_p_of_a_survival()
    {
        var test = Silence(Plan([Silent], new DeclaredContrast.Pair("f0", "f1")), replicates: 6, i =>
            i.Replicate > 2 ? i with { Rounds = [.. i.Rounds.Select(f => f with { Forms = new AnswerForms(0.1, 0, 0, 3) })] } : i
        ).Tests[0];

        (test.SmallestP, test.CannotReach, test.AttainableSize).ShouldBe((2 / 4.0, true, 0));
    }

    [Fact]
    public void Survival_is_compared_by_log_rank_scores_within_replicates()
    {
        var comparison = Silence(Plan([Silent], new DeclaredContrast.Pair("f0", "f1", EffectDirection.Lower)), replicates: 5);

        var test = comparison.Tests.ShouldHaveSingleItem();
        test.Method.ShouldBe(TestMethod.LogRank);
        test.Crossings.ShouldBe([(5, 5), (0, 5)]);
        test.P.ShouldBe(1 / 32.0);
        Lives
            .Words(comparison)
            .ShouldContain(
                "The share of empty answers rises above 50% sooner in f0 than in f1 over 5 replicates, as predicted: in 5 of 5 against 0 of 5 instances "
                    + "(log-rank test within replicates, exact p = 0.0313, the only declared test)."
            );
        comparison.Survival[0].Steps.Select(s => (s.Time, s.AtRisk, s.Events, s.Survival)).ShouldBe([(1, 5, 5, 0)]);
        comparison.Survival[1].At(2).ShouldBe(1);
    }

    [Fact]
    public void A_parked_instance_is_censored_where_it_ended()
    {
        var comparison = Silence(Plan([Silent], new DeclaredContrast.Pair("f0", "f1")), replicates: 5, i =>
            i is { Variant: "f1", Replicate: 1 }
                ? i with
                {
                    Status = InstanceState.Parked,
                    Generations = i.Generations[..2],
                    Rounds = i.Rounds[..1],
                }
                : i
        );

        comparison.Survival[1].Steps.Select(s => (s.Time, s.AtRisk, s.Events, s.Censored)).ShouldBe([(1, 5, 0, 1), (2, 4, 0, 4)]);
        comparison.Tests[0].N.ShouldBe(5);
    }

    [Fact]
    public void Replicates_that_fell_silent_are_counted_where_a_test_lacks_them()
    {
        var comparison = Mute(new DeclaredOutcome.Value("distinct2"), mute: [("f0", 1), ("f0", 2), ("f1", 2)]);

        (comparison.Tests[0].N, string.Join(' ', comparison.Tests[0].Undefined)).ShouldBe((4, "2 1"));
        var finding = Findings.Of(comparison).Single(f => f.About == "undefined");
        finding.Detail.ShouldBeFalse();
        finding.Text.ShouldBe(
            "2 replicates of f0 and 1 of f1 are left out of the test of distinct-2, because distinct-2 is undefined there (answers "
                + "without words)."
        );
    }

    [Fact]
    public void Who_fell_silent_before_a_bound_was_crossed_is_counted_beside_the_survival_curve()
    {
        var comparison = Mute(new DeclaredOutcome.Survival("distinct2", Above: false, 0.3), mute: [("f0", 1)]);

        comparison.Survival.Select(c => (c.N, c.Crossed, c.Undefined)).ShouldBe([(6, 0, 1), (6, 0, 0)]);
        comparison.Survival[0].Steps[0].Censored.ShouldBe(1);
        Lives
            .Words(comparison)
            .ShouldContain(
                "1 replicate of f0 counts as censored, or as unknown, in the test of distinct-2 below 0.30, because in the last round "
                    + "distinct-2 is undefined there (answers without words)."
            );
    }

    [Fact]
    public void Where_every_instance_has_words_nothing_is_said_of_undefined_measures() =>
        Findings.Of(Mute(new DeclaredOutcome.Value("distinct2"), mute: [])).ShouldNotContain(f => f.About == "undefined");

    [Fact]
    public void A_trend_in_survival_ranks_who_never_crossed_last()
    {
        var test = Silence(Plan([Silent], new DeclaredContrast.Ordered(["f0", "f1"], EffectDirection.Higher)), replicates: 5).Tests[0];

        (test.N, test.Statistic, test.P).ShouldBe((5, 5 * (1 * 1 + 2 * 2), 1 / 32.0));
    }
}
