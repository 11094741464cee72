using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;

namespace AiMe.Faculties.Tests;

/// <summary>Judges: every answer is journalled before the verdict, and only a rating is a score.</summary>
public sealed class JudgeTests
{
    internal static readonly SimulatedRun Calm = new SimulatedRun(Plans.Judged()).RunToEnd();

    private static readonly CuratorBegan Began = new("kept-1", [Some.Judge()], Some.Spec.Seed);

    private static readonly JudgeAnswer Good = new JudgeAnswer.Rating(3, "good", "It is so."),
        Unclear = new JudgeAnswer.Unparsable("Good!", "it is not JSON");

    [Fact]
    public void A_judge_is_asked_before_the_verdict_one_sample_after_another() =>
        Given(Began)
            .When(Embedded(1))
            .Then()
            .Hands("c1 judge fit-1 1 1")
            .AndTheSameAgain()
            .Afterwards.When(Answered(1, 1, Good))
            .Then(new Rated(1, "fit-1", 1, Reversed: false, Good))
            .Hands("c1 judge fit-1 2 1")
            .AndTheSameAgain();

    [Fact]
    public void The_verdict_follows_the_last_answer_and_the_second_sees_the_scale_reversed()
    {
        var outcome = Given(Began, Rated(1, 1, Good))
            .When(Answered(1, 2, Good))
            .ThenOf(typeof(Rated), typeof(Judged))
            .Hands("memory c1 store");
        outcome.AndTheSameAgain();
        outcome.Events.OfType<Rated>().Single().Reversed.ShouldBeTrue();
        outcome.Events.OfType<Judged>().Single().Judgement.Verdict.ShouldBe(Verdict.Keep);
    }

    [Fact]
    public void After_a_crash_nothing_is_asked_twice_but_what_has_no_answer() =>
        Given(Began, Rated(1, 1, Good)).When(Embedded(1)).Then().Hands("c1 judge fit-1 2 1");

    [Fact]
    public void An_answer_that_came_twice_changes_nothing() =>
        Given(Began, Rated(1, 1, Good)).When(Answered(1, 1, Unclear)).Then().Hands("c1 judge fit-1 2 1");

    [Fact]
    public void Every_sample_of_every_experience_has_a_seed_of_its_own_that_a_retry_keeps()
    {
        var first = Ask(Given(Began).When(Embedded(1)));
        var retried = Ask(Given(Began).When(Failing(1, 1, 1)));
        var second = Ask(Given(Began, Rated(1, 1, Good)).When(Embedded(1)));
        var later = Ask(Given(Began).When(Embedded(2)));
        retried.Seed.ShouldBe(first.Seed);
        new[] { first.Seed, second.Seed, later.Seed }.ShouldBeUnique();
    }

    [Fact]
    public void A_failed_call_is_counted_once_and_tried_again() =>
        Given(Began)
            .When(Failing(1, 1, 1))
            .Then(new CuratorJudgingFailed(1, "fit-1", 1, 1, "timeout"))
            .Hands("c1 judge fit-1 1 2")
            .AndAgain();

    [Fact]
    public void After_the_last_attempt_the_instance_is_parked_and_asked_again_it_tries_anew() =>
        Given(Began, Failed(1), Failed(2))
            .When(Failing(1, 1, 3))
            .ThenOf(typeof(CuratorJudgingFailed))
            .Hands("supervisor/supervisor park")
            .Afterwards.When(Embedded(1))
            .Then()
            .Hands("c1 judge fit-1 1 4");

    [Fact]
    public void If_failures_count_the_last_attempt_is_an_answer_without_a_rating()
    {
        var outcome = Given(Began with { Policy = [Some.Judge(counts: true)] }, Failed(1), Failed(2))
            .When(Failing(1, 1, 3))
            .ThenOf(typeof(CuratorJudgingFailed), typeof(Rated))
            .Hands("c1 judge fit-1 2 1");
        outcome.Events.OfType<Rated>().Single().Answer.ShouldBe(new JudgeAnswer.Unanswered("timeout"));
    }

    public static TheoryData<JudgeAnswer> WithoutRating { get; } =
    [Unclear, new JudgeAnswer.Declined("no"), new JudgeAnswer.Silent("nothing"), new JudgeAnswer.Unanswered("timeout")];

    [Theory, MemberData(nameof(WithoutRating))]
    public void What_is_no_rating_is_never_a_score(JudgeAnswer answer)
    {
        var column = Column(Some.Judge(), answer, answer);
        (double.IsNaN(column.Score), column.Vote).ShouldBe((true, Vote.Reject));
        column.Reason.ShouldBe($"fit: 0 of 2 rated, 2 {answer.Kind}, and a mean needs 1");
        Column(Some.Judge(), Good, answer).Score.ShouldBe(3, "the mean is over the ratings alone");
        JudgeAnswer.Kinds.ShouldContain(answer.Kind);
    }

    [Theory]
    [InlineData(Vote.Reject)]
    [InlineData(Vote.Hold)]
    [InlineData(Vote.Pass)]
    public void Without_a_quorum_the_rule_votes_as_it_says(Vote without) =>
        Column(Some.Judge(samples: 3, quorum: 2, without: without), Good, Unclear, Unclear).Vote.ShouldBe(without);

    [Fact]
    public void The_mean_decides()
    {
        JudgeAnswer bad = new JudgeAnswer.Rating(1, "bad", "No.");
        (Column(Some.Judge(), Good, bad).Vote, Column(Some.Judge(), bad, bad).Vote).ShouldBe((Vote.Pass, Vote.Reject));
        Column(Some.Judge(), Good, bad).Reason.ShouldBe("fit 2.00 (2 of 2 rated), at least 2.00");
    }

    [Fact]
    public void An_answer_without_text_is_rejected_unasked_unless_it_is_allowed()
    {
        var empty = Embedded(1) with { Draft = Some.Draft(1) with { Answer = Some.Said("") } };
        Given(Began).When(empty).ThenOf(typeof(Judged));
        Given(Began with { Policy = [new AllowEmpty(), Some.Judge()] }).When(empty).Then().Hands("c1 judge fit-1 1 1");
    }

    [Fact]
    public void What_is_not_to_be_trained_on_is_held_unasked() =>
        Given(Began)
            .When(Embedded(1) with { Draft = Some.Draft(1) with { Given = new Given("At home.", null, Untrained: true) } })
            .ThenOf(typeof(Judged));

    [Fact]
    public void A_matched_instance_asks_the_judges_of_its_shadow_once()
    {
        foreach (var rated in Calm.EventsOf("matched-1", Loop.Curator).OfType<Rated>().GroupBy(r => r.Cycle))
            rated.Select(r => r.Sample).ShouldBe([1, 2]);
        Calm.EventsOf("matched-1", Loop.Curator).OfType<Judged>().ShouldAllBe(j => j.Shadow!.Columns.Count(c => c.Rule == "judge") == 1);
    }

    [Fact]
    public void Every_kind_of_answer_occurs_and_every_instance_ends() =>
        Calm
            .Streams.SelectMany(s => s.Events)
            .OfType<Rated>()
            .Select(r => r.Answer.Kind)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(JudgeAnswer.Kinds.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Crashes_and_repeated_messages_change_no_event(ulong seed) =>
        new SimulatedRun(Plans.Judged(), seed, SimulatedRun.Disorder).RunToEnd().Journal.ShouldBe(Calm.Journal, ignoreOrder: true);

    [Fact]
    public void After_the_verdict_the_state_is_as_large_as_before()
    {
        var state = (CuratorState)Given(Began, Rated(1, 1, Good), Failed(1)).State;
        (state.Ratings.Length, state.JudgeFailures).ShouldBe((1, 1));
        var after = CuratorDecider.Evolve(state, new Judged(1, Some.Judgement(Verdict.Keep), Some.Scored(0.5), Some.Pointing(0)));
        (after.Ratings.IsDefault, after.JudgeFailures).ShouldBe((true, 0));
    }

    private static RuleColumn Column(ModelJudge judge, params JudgeAnswer[] answers) =>
        judge.Judge(
            new Curation.Case(
                Some.Scored(0.5),
                double.NaN,
                double.NaN,
                [],
                new Seed(1),
                Ratings: [.. answers.Select((a, i) => Rated(1, i + 1, a))]
            )
        );

    private static AskJudge Ask(Outcome outcome) => outcome.Effect<AskJudge>();

    private static Rated Rated(int cycle, int sample, JudgeAnswer answer) =>
        new(cycle, "fit-1", sample, ModelJudge.IsReversed(sample), answer);

    private static CuratorJudgingFailed Failed(int attempt) => new(1, "fit-1", 1, attempt, "timeout");

    private static JudgeAnswered Answered(int cycle, int sample, JudgeAnswer answer) => new(Embedded(cycle), "fit-1", sample, answer);

    private static JudgingFailed Failing(int cycle, int sample, int attempt) => new(attempt, Embedded(cycle), "fit-1", sample, "timeout");

    private static ExperienceEmbedded Embedded(int cycle) =>
        new(Some.Draft(cycle), Some.Reflection(), null, Some.Pointing(30), Some.Pointing(30), null);

    private static Situation Given(params Event[] past) => new(Loop.Faculties[3], [.. past]);
}
