using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>
/// The second loop version: answers without text are experiences, and a matched policy keeps as many as its shadow would.
/// </summary>
public sealed class MatchedTests
{
    private static readonly RunPlan Plan = Plans.Matched();
    internal static readonly SimulatedRun Calm = new SimulatedRun(Plan).RunToEnd();

    [Fact]
    public void A_matched_instance_keeps_as_many_as_its_shadow_in_every_round()
    {
        foreach (var instance in (string[])["matched-1", "matched-2"])
        {
            var stored = Calm.EventsOf(instance, Loop.Memory).OfType<Stored>().ToArray();
            var batches = Calm.EventsOf(instance, Loop.Trainer).OfType<Sealed>().ToArray();
            batches.Select(b => b.Round).ShouldBe([1, 2]);
            foreach (var batch in batches)
                batch.Kept.Length.ShouldBe(stored.Count(s => s.Round == batch.Round && s.ShadowKeeps == true));
        }
    }

    [Fact]
    public void The_shadow_judges_with_its_own_kept_answers_as_the_policy_would_judge_alone()
    {
        var seed = Plan.Spec(Plan.Variants[1], 1).Seed;
        var judged = Calm.EventsOf("matched-1", Loop.Curator).OfType<Curator.Judged>().ToArray();
        var state = Curator.CuratorDecider.Initial with { Instance = "matched-1", Policy = Plan.Variants[0].Curate, Seed = seed };
        foreach (var j in judged)
        {
            var alone = Policy.Judge(
                state.Policy,
                new Curation.Case(
                    j.Scores,
                    j.Judgement.Novelty,
                    j.Shadow!.Similarity,
                    state.Past,
                    seed.Derive(j.Cycle, "lot", 0),
                    j.Judgement.Verdict == Verdict.Reject
                )
            );
            if (j.Judgement.Verdict != Verdict.Reject)
                alone.Verdict.ShouldBe(j.Shadow.Verdict, $"cycle {j.Cycle}");
            state = Curator.CuratorDecider.Evolve(state, j);
        }
    }

    [Fact]
    public void Experiences_wait_for_the_draw_and_can_be_recalled()
    {
        var stored = Calm.EventsOf("matched-1", Loop.Memory).OfType<Stored>().Where(s => s.Output.Length > 0).ToArray();
        stored.ShouldAllBe(s => s.Verdict == Verdict.Hold);
        Calm.EventsOf("matched-1", Loop.Memory)
            .OfType<Recalled>()
            .SelectMany(r => r.Hits)
            .SelectMany(h => h)
            .Select(h => h.Id)
            .Intersect(stored.Select(s => s.Id))
            .ShouldNotBeEmpty();
    }

    [Fact]
    public void An_answer_without_text_is_stored_at_once_and_not_trained_on()
    {
        foreach (var instance in (string[])["kept-1", "matched-1"])
        {
            Calm.EventsOf(instance, Loop.Self).OfType<GenerationFailed>().Select(f => f.Cycle).ShouldNotContain(2);
            var empty = Calm.EventsOf(instance, Loop.Memory).OfType<Stored>().Single(s => s.Cycle == 2);
            (empty.Output, empty.Verdict).ShouldBe(("", Verdict.Reject));
            empty.Reasons.ShouldContain("empty: the model stopped without text");
            Calm.EventsOf(instance, Loop.Trainer).OfType<Sealed>().SelectMany(b => b.Kept).ShouldNotContain(empty.Id);
        }
    }

    [Fact]
    public void An_answer_without_text_can_be_kept_if_the_policy_says_so()
    {
        var plan = Plan with
        {
            Replicates = 1,
            Variants =
            [
                Plan.Variants[0] with
                {
                    Curate = [new AllowEmpty(), new KeepAll()],
                },
                Plan.Variants[1] with
                {
                    Curate = [new Matched("kept", [new AllowEmpty(), new KeepAll()])],
                },
            ],
        };
        var run = new SimulatedRun(plan).RunToEnd();
        foreach (var instance in (string[])["kept-1", "matched-1"])
            run.EventsOf(instance, Loop.Trainer).OfType<Sealed>().First().Kept.ShouldContain(MemoryId.OfCycle(2));
    }

    [Fact]
    public void An_insight_weighs_as_much_as_its_evidence_on_average()
    {
        var events = Calm.EventsOf("kept-1", Loop.Reflector);
        var weights = events.OfType<Reflector.Reflected>().ToDictionary(r => MemoryId.OfCycle(r.Cycle), r => r.Reflection.Importance);
        var insights = events.OfType<Reflector.InsightFormed>().Select(f => f.Insight).OfType<Insight>().ToArray();
        insights.ShouldNotBeEmpty();
        foreach (var insight in insights)
            insight.Importance.ShouldBe(insight.Evidence.Average(id => weights[id]), 1e-12);
    }

    [Fact]
    public void In_the_first_loop_version_an_insight_weighs_ten() => Some.Insight(1).Importance.ShouldBe(10);

    [Fact]
    public void A_round_that_ends_early_is_drawn_from_as_well()
    {
        var run = new SimulatedRun(Plan)
        {
            Visits = [r => r.Post(UnplannedInputTests.Give("matched-1", "a1", new Input.RoundEnd()))],
        }.RunToEnd();
        var ended = run.EventsOf("matched-1", Loop.Memory).OfType<RoundEnded>().Single();
        var stored = run.EventsOf("matched-1", Loop.Memory).OfType<Stored>().Where(s => s.Round == ended.Round);
        run.EventsOf("matched-1", Loop.Memory)
            .OfType<BatchDrawn>()
            .Single(b => b.Round == ended.Round)
            .Ids.Length.ShouldBe(stored.Count(s => s.ShadowKeeps == true));
    }

    [Fact]
    public void An_experience_that_is_not_to_be_trained_on_is_in_no_draw()
    {
        Input told = new Input.Told("Where were you?", "home", new Given("At home.", "I rested.", Untrained: true), null);
        var run = new SimulatedRun(Plan)
        {
            Visits =
            [
                r =>
                {
                    foreach (var id in (string[])["a1", "a2", "a3"])
                        r.Post(UnplannedInputTests.Give("matched-1", id, told));
                },
            ],
        }.RunToEnd();
        var given = run.EventsOf("matched-1", Loop.Memory).OfType<Stored>().Where(s => s.Model == ModelId.Given).ToArray();
        given.Length.ShouldBe(3);
        given.ShouldAllBe(s => s.Verdict == Verdict.Hold && s.ShadowKeeps == null);
        run.EventsOf("matched-1", Loop.Memory)
            .OfType<BatchDrawn>()
            .SelectMany(b => b.Ids)
            .Intersect(given.Select(s => s.Id))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Crashes_disorder_and_repeated_messages_change_nothing()
    {
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events, () => new SimulatedRun(Plan), step: Trials.Step))
            WholeRunTests.Compare(Calm, run, how);
        foreach (var seed in Trials.Seeds(20))
            WholeRunTests.Compare(
                Calm,
                new SimulatedRun(Plan, seed, SimulatedRun.Disorder with { Crash = 0.002 }).RunToEnd(),
                $"with seed {seed}"
            );
    }

    [Fact]
    public void A_draw_takes_the_number_asked_for_without_repeating_and_depends_on_the_round()
    {
        ImmutableArray<MemoryId> pool = [.. Enumerable.Range(1, 24).Select(MemoryId.OfCycle)];
        var first = Matched.Draw(pool, 12, new Seed(3), 1);
        first.Length.ShouldBe(12);
        first.ShouldBeUnique();
        first.ShouldBe(pool.Where(first.Contains), "oldest first");
        Matched.Draw(pool, 12, new Seed(3), 2).ShouldNotBe(first);
        Matched.Draw(pool, 30, new Seed(3), 1).ShouldBe(pool);
        Matched.Draw([], 3, new Seed(3), 1).ShouldBeEmpty();
    }
}
