using AiMe.Faculties;
using AiMe.Lab.Analysis.Diff;

namespace AiMe.Lab.Tests.Analysis.Diff;

public sealed class InstanceDiffTests
{
    private static readonly InstanceDiff Two = Diaries.Two;

    [Fact]
    public void Answers_are_matched_by_the_stimulus_text() =>
        Two.Rounds.SelectMany(r => r.Pairs).ShouldAllBe(p => p.First.Stimulus == p.Second.Stimulus);

    [Fact]
    public void What_only_one_met_is_left_over()
    {
        Two.OnlyFirst.ShouldHaveSingleItem().Stimulus.ShouldBe("Are you well?");
        Two.OnlySecond.ShouldHaveSingleItem().Stimulus.ShouldBe("Are you ill?");
    }

    [Fact]
    public void In_another_order_the_first_of_a_text_is_matched_with_the_first()
    {
        var diff = InstanceDiff.Of(
            Diaries.Side("a", ("x", "x1", Verdict.Keep), ("y", "y1", Verdict.Keep), ("x", "x2", Verdict.Keep)),
            Diaries.Side("b", ("y", "Y1", Verdict.Keep), ("x", "X1", Verdict.Keep), ("z", "", Verdict.Keep), ("x", "X2", Verdict.Keep))
        );

        diff.Rounds[0].Pairs.Select(p => (p.First.Text, p.Second.Text)).ShouldBe([("x1", "X1"), ("y1", "Y1"), ("x2", "X2")]);
    }

    [Fact]
    public void One_cycle_goes_before_the_order()
    {
        var diff = InstanceDiff.Of(
            Diaries.Side("parent", ("x", "1", Verdict.Keep), ("y", "2", Verdict.Keep), ("x", "3", Verdict.Keep)),
            Diaries.Side("fork", ("y", "2", Verdict.Keep), ("z", "", Verdict.Keep), ("x", "3", Verdict.Keep))
        );

        diff.Rounds[0].Pairs.Select(p => (p.First.Cycle, p.Second.Cycle)).ShouldBe([(2, 1), (3, 3)]);
    }

    [Fact]
    public void A_round_counts_what_both_kept_and_what_one_alone()
    {
        Two.Rounds.Select(r => (r.Round, r.Pairs.Length, r.Identical)).ShouldBe([(1, 3, 1), (2, 1, 0)]);
        Two.Rounds[0].Kept.ShouldBe((1, 1, 0));
        Two.Rounds[1].Kept.ShouldBe((0, 0, 1));
    }

    [Fact]
    public void The_cosine_is_that_of_the_journalled_embeddings_of_the_answers()
    {
        Two.Rounds[0].Pairs[0].Cosine.ShouldBe(1, 1e-12);
        InstanceDiff
            .Of(Diaries.Side("x", ("?", "a", Verdict.Keep), ("!", "", Verdict.Keep)), Diaries.Side("y", ("?", "ab", Verdict.Keep)))
            .Rounds[0]
            .Pairs[0]
            .Cosine.ShouldBe(Math.Sqrt(0.5), 1e-12);
    }

    [Fact]
    public void Probes_are_compared_where_both_have_a_generation()
    {
        Two.Probes.Select(p => p.Generation).ShouldBe([0, 1]);
        Two.Probes[0].Bare.ShouldBe(0);
        Two.Probes[1].Bare.ShouldBeGreaterThan(0.3);
        Two.Probes[1].Open.ShouldHaveSingleItem().Question.ShouldBe("Who are you, in a word?");
    }

    [Fact]
    public void A_probe_with_other_options_is_not_compared()
    {
        var other = Two.Second with
        {
            Plan = Two.Second.Plan with
            {
                Probes = new ProbeSet([Two.Second.Plan.Probes.Choices[0] with { Options = [" x", " y"] }], [], "Hm."),
            },
        };

        var probes = InstanceDiff.Of(Two.First, other).Probes[1];

        probes.Choices.ShouldBe(0);
        probes.Bare.ShouldBe(double.NaN);
    }

    [Fact]
    public void One_round_is_that_round_of_the_first_and_its_generation()
    {
        var first = Two.In(1);

        first.Rounds.ShouldHaveSingleItem().Round.ShouldBe(1);
        first.Probes.ShouldHaveSingleItem().Generation.ShouldBe(1);
    }
}
