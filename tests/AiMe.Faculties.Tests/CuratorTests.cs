using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;

namespace AiMe.Faculties.Tests;

public sealed class CuratorTests
{
    private static readonly CuratorBegan Began = new("kept-1", [new KeepAll()], Some.Spec.Seed);

    [Fact]
    public void Beginning_tells_the_Self_and_again() =>
        Given().When(new BeginCurator("kept-1", [new KeepAll()], Some.Spec.Seed)).Then(Began).Hands("self began").AndTheSameAgain();

    [Fact]
    public void Nothing_is_judged_before_the_beginning() => Given().When(Judge(1)).RefusedBecause("BeginCurator comes first");

    [Fact]
    public void Judging_begins_with_the_embedding() => Given(Began).When(Judge(1)).Then().Hands("c1 embed 1").AndTheSameAgain();

    [Fact]
    public void A_verdict_is_handed_to_Memory() =>
        Given(Began).When(Embedded(1)).ThenOf(typeof(Judged)).Hands("memory c1 store").AndTheSameAgain();

    [Fact]
    public void Judging_an_experience_twice_embeds_it_again_and_keeps_the_verdict() =>
        Given(Began).When(Embedded(1)).Afterwards.When(Judge(1)).Then().Hands("c1 embed 1");

    [Fact]
    public void A_cycle_long_closed_is_passed_over()
    {
        var given = Given(Began, JudgedOf(1, 0), JudgedOf(2, 90));
        foreach (var late in (Command[])[Judge(1), Embedded(1), Failing(1, 1)])
            given.When(late).Then().Hands();
    }

    [Fact]
    public void Novelty_is_against_all_that_was_said_and_similarity_against_what_was_kept()
    {
        var judgement = Given(Began, JudgedOf(1, 0, Verdict.Reject), JudgedOf(2, 90))
            .When(Embedded(3, degrees: 0))
            .Events.Single()
            .ShouldBeOfType<Judged>()
            .Judgement;
        (judgement.Novelty, judgement.Similarity).ShouldBe((0, 0));
    }

    [Fact]
    public void The_first_has_no_novelty() =>
        double.IsNaN(Given(Began).When(Embedded(1)).Events.Single().ShouldBeOfType<Judged>().Judgement.Novelty)
            .ShouldBeTrue("undefined is never 0");

    [Fact]
    public void A_failed_embedding_is_counted_once_and_tried_again() =>
        Given(Began).When(Failing(1, 1)).Then(new CuratorEmbeddingFailed(1, 1, "down")).Hands("c1 embed 2").AndAgain();

    [Fact]
    public void After_the_last_attempt_the_instance_is_parked_and_asked_again_it_tries_anew() =>
        Given(Began, new CuratorEmbeddingFailed(1, 1, "down"), new CuratorEmbeddingFailed(1, 2, "down"))
            .When(Failing(1, 3))
            .ThenOf(typeof(CuratorEmbeddingFailed))
            .Hands("supervisor/supervisor park")
            .Afterwards.When(Judge(1))
            .Then()
            .Hands("c1 embed 4");

    [Fact]
    public void An_embedding_that_fails_after_the_verdict_is_counted_once_and_tried_again() =>
        Given(Began, JudgedOf(1, 0)).When(Failing(1, 1)).Then(new CuratorEmbeddingFailed(1, 1, "down")).Hands("c1 embed 2").AndAgain();

    [Fact]
    public void After_the_verdict_too_the_instance_is_parked_after_the_last_attempt() =>
        Given(Began, JudgedOf(1, 0), new CuratorEmbeddingFailed(1, 1, "down"), new CuratorEmbeddingFailed(1, 2, "down"))
            .When(Failing(1, 3))
            .ThenOf(typeof(CuratorEmbeddingFailed))
            .Hands("supervisor/supervisor park");

    [Fact]
    public void An_experience_that_is_judged_again_is_embedded_by_the_attempt_that_succeeded() =>
        Given(Began, new CuratorEmbeddingFailed(1, 1, "down"), JudgedOf(1, 0)).When(Judge(1)).Then().Hands("c1 embed 2");

    [Fact]
    public void The_next_experience_begins_with_the_first_attempt_even_if_the_last_one_failed_after_its_verdict() =>
        Given(Began, JudgedOf(1, 0), new CuratorEmbeddingFailed(1, 1, "down"))
            .When(Judge(2))
            .Then()
            .Hands("c2 embed 1")
            .Afterwards.When(Failing(2, 1))
            .Then(new CuratorEmbeddingFailed(2, 1, "down"))
            .Hands("c2 embed 2");

    [Fact]
    public void The_insight_travels_on_with_its_embedding() =>
        Given(Began)
            .When(Embedded(1) with { Insight = Some.Insight(1), Statement = Some.Pointing(5) })
            .Told<Store>()
            .Insight!.Insight.Statement.ShouldBe("I am patient 1.");

    [Fact]
    public void What_is_given_to_be_remembered_alone_is_held_whatever_the_rules_say_and_every_rule_has_its_column()
    {
        var judgement = Given(Began)
            .When(Embedded(1) with { Draft = Some.Draft(1) with { Given = new Given("At home.", null, Untrained: true) } })
            .Events.Single()
            .ShouldBeOfType<Judged>()
            .Judgement;
        judgement.Verdict.ShouldBe(Verdict.Hold);
        judgement.Columns.Select(c => (c.Rule, c.Vote)).ShouldBe([("given", Vote.Hold), ("keep-all", Vote.Keep)]);
    }

    [Fact]
    public void What_is_given_without_a_word_on_training_is_judged_by_the_rules_alone() =>
        Given(Began)
            .When(Embedded(1) with { Draft = Some.Draft(1) with { Given = new Given("At home.", null) } })
            .Events.Single()
            .ShouldBeOfType<Judged>()
            .Judgement.Columns.Select(c => c.Rule)
            .ShouldBe(["keep-all"]);

    [Fact]
    public void What_is_remembered_is_capped()
    {
        var state = (CuratorState)
            Given([Began, .. Enumerable.Range(1, CuratorState.Remembered + 5).Select(c => JudgedOf(c, c % 90))]).State;
        (state.Past.Length, state.Kept.Length, state.Past[0].Cycle).ShouldBe((CuratorState.Remembered, CuratorState.Remembered, 6));
    }

    private static Judge Judge(int cycle) => new(Some.Draft(cycle), Some.Reflection(), null);

    private static ExperienceEmbedded Embedded(int cycle, int degrees = 30) =>
        new(Some.Draft(cycle), Some.Reflection(), null, Some.Pointing(degrees), Some.Pointing(degrees), null);

    private static EmbeddingFailed Failing(int cycle, int attempt) => new(attempt, Some.Draft(cycle), Some.Reflection(), null, "down");

    private static Judged JudgedOf(int cycle, int degrees, Verdict verdict = Verdict.Keep) =>
        new(cycle, Some.Judgement(verdict), Some.Scored(0.5), Some.Pointing(degrees));

    private static Situation Given(params Event[] past) => new(Loop.Faculties[3], [.. past]);
}
