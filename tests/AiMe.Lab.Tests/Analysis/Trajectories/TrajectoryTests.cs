using AiMe.Faculties;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Trajectories;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Trajectories;

public sealed class TrajectoryTests
{
    [Fact]
    public void All_ways_through_identity_space_begin_at_the_origin_if_all_share_the_model_of_generation_0()
    {
        var space = IdentitySpace.Of(Chronicle.Run(Chronicle.Plan()), Chronicle.Generations)!;
        space.AxesFrom.ShouldBe(1, "at generation 0 nobody differs");
        space.Paths.ShouldAllBe(p => Math.Abs(p.Points[0].First) < 1e-12 && Math.Abs(p.Points[0].Second) < 1e-12);
        space.Paths.Where(p => p.Variant == "still").SelectMany(p => p.Points).ShouldAllBe(p => Math.Abs(p.First) < 1e-12);
    }

    [Fact]
    public void An_axis_points_to_where_the_charter_is_likelier_so_a_model_that_leaves_it_goes_down()
    {
        var wild = IdentitySpace.Of(Chronicle.Run(Chronicle.Plan()), Chronicle.Generations)!.Paths.First(p => p.Variant == "wild");
        wild.Points[1].First.ShouldBeLessThan(0);
        wild.Points[2].First.ShouldBeLessThan(wild.Points[1].First);
    }

    [Fact]
    public void Later_generations_do_not_turn_the_axes()
    {
        var record = Chronicle.Run(Chronicle.Plan());
        var (early, late) = (IdentitySpace.Of(record, 1)!, IdentitySpace.Of(record, 2)!);
        late.Shares.ShouldBe(early.Shares);
        late.Paths[0].Points[1].ShouldBe(early.Paths[0].Points[1]);
    }

    [Fact]
    public void A_run_in_which_nothing_moves_has_no_identity_space()
    {
        var plan = Lives.Plan(2, Lives.Variant("still", train: false));
        IdentitySpace.Of(Chronicle.Run(plan with { Variants = [Lives.Variant("other", train: false)] }, reached: 1), 1).ShouldBeNull();
    }

    [Fact]
    public void Reasons_are_counted_by_the_rule_that_decided()
    {
        var reasons = VerdictReasons.Of(Chronicle.Run(Chronicle.Plan()), Chronicle.Generations);
        var wild = reasons.Single(r => r.Variant == "wild");
        (wild.Kept, wild.Judged).ShouldBe((12, 24));
        var top = wild.Others.ShouldHaveSingleItem();
        (top.Rule, top.Verdict, top.Times, top.Example).ShouldBe(("top", Verdict.Reject, 12, "top: ranks 2 of 2, and 1 is kept"));
        reasons.Single(r => r.Variant == "tame").Others.ShouldBeEmpty();
    }

    [Fact]
    public void Reasons_of_later_rounds_are_left_out() =>
        VerdictReasons.Of(Chronicle.Run(Chronicle.Plan()), 1).Sum(r => r.Judged).ShouldBe(3 * 3 * 4);

    [Fact]
    public void An_open_probe_has_an_answer_of_each_variant_at_each_generation_from_one_replicate()
    {
        var probe = AnswerBoard.Of(Chronicle.Run(Chronicle.Plan()), Chronicle.Generations, most: 3)[0];
        (probe.Question, probe.IsProbe).ShouldBe(("Who are you, in a word?", true));
        probe.Rows.Select(r => (r.Generation, r.Replicate)).ShouldBe([(0, 1), (1, 1), (2, 1)]);
        probe.Rows[2].Cells.Select(c => c.Variant).ShouldBe(["wild", "tame", "still"]);
        probe.Rows[2].Cells[0].Text.ShouldBe("I am wild and I have the mind of generation 2.");
    }

    [Fact]
    public void A_stimulus_is_shown_at_the_generations_at_which_some_replicate_got_it()
    {
        var boards = AnswerBoard.Of(Chronicle.Run(Chronicle.Plan()), Chronicle.Generations, most: 3).Where(b => !b.IsProbe).ToArray();
        boards.Length.ShouldBe(3);
        boards[0].Rows.Select(r => r.Generation).ShouldBe([0, 1]);
        foreach (var row in boards[0].Rows)
            row.Cells.ShouldAllBe(c => c.Replicate == row.Replicate && c.Cycle == row.Cells[0].Cycle);
    }

    [Fact]
    public void The_answer_has_at_most_five_sentences_and_says_which_trained_variant_drifted_least()
    {
        double[] five = [0.10, 0.11, 0.12, 0.13, 0.14];
        double[] low = [0.01, 0.02, 0.01, 0.02, 0.01];
        var said = IdentityAnswer.Of(Lives.Compare(five, low));
        said.Length.ShouldBeLessThanOrEqualTo(IdentityAnswer.Most);
        said.First(f => f.About == "nearest").Text.ShouldStartWith("Of the 2 trained variants tame (0.014 [");
    }

    [Fact]
    public void An_answer_on_a_run_in_progress_says_so_first() =>
        IdentityAnswer
            .Of(RunComparison.Of(Chronicle.Run(Chronicle.Plan(), digest: null, reached: 1)))[0]
            .Text.ShouldStartWith("The run has not ended");
}
