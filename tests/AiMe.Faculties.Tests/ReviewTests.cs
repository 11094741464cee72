using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>Experiences that are held for people: what was answered decides, and not when.</summary>
public sealed class ReviewTests
{
    private static readonly RunPlan Plan = PlanOf(OnOpen.Wait);
    internal static readonly SimulatedRun Calm = Reviewed().RunToEnd();

    [Fact]
    public void A_round_that_waits_is_sealed_with_what_people_keep_and_not_before()
    {
        var waiting = new SimulatedRun(Plan).RunToEnd();
        waiting.Supervisor.Instances.Values.ShouldAllBe(i => i.AwaitsReviews);
        waiting.Supervisor.Instances["kept-1"].Generation.ShouldBe(0, "the other has a round in which nothing is held");
        waiting.EventsOf("kept-1", Loop.Trainer).OfType<Sealed>().ShouldBeEmpty();

        foreach (var instance in (string[])["kept-1", "kept-2"])
        {
            var stored = Calm.EventsOf(instance, Loop.Memory).OfType<Stored>().ToArray();
            var batches = Calm.EventsOf(instance, Loop.Trainer).OfType<Sealed>().ToArray();
            batches.Select(b => b.Round).ShouldBe([1, 2]);
            foreach (var batch in batches)
                batch.Kept.ShouldBe(stored.Where(s => s.Round == batch.Round && IsKept(s)).Select(s => s.Id));
        }
    }

    [Fact]
    public void A_rejected_experience_is_recalled_no_more_and_a_kept_one_counts_for_similarity()
    {
        var curator = Calm.State<CuratorState>(new FacultyAddress("kept-1", Loop.Curator));
        var held = Calm.EventsOf("kept-1", Loop.Memory).OfType<HeldSettled>().SelectMany(h => h.Settled).ToArray();
        held.Select(h => h.Verdict).Distinct().Order().ShouldBe([Verdict.Keep, Verdict.Reject]);
        var memory = Calm.State<MemoryState>(new FacultyAddress("kept-1", Loop.Memory));
        memory.Items.Select(i => i.Id).Intersect(held.Where(h => h.Verdict == Verdict.Reject).Select(h => h.Id)).ShouldBeEmpty();
        foreach (var past in curator.Past.Where(p => held.Any(h => h.Id == MemoryId.OfCycle(p.Cycle))))
        {
            past.Verdict.ShouldBe(held.Single(h => h.Id == MemoryId.OfCycle(past.Cycle)).Verdict);
            curator.Kept.Contains(past.Output).ShouldBe(past.Verdict == Verdict.Keep);
        }
    }

    [Fact]
    public void A_round_that_leaves_open_ones_out_goes_on_without_them()
    {
        var run = new SimulatedRun(PlanOf(OnOpen.LeaveOut)).RunToEnd();
        run.Supervisor.Digest.ShouldNotBeNull();
        run.EventsOf("kept-1", Loop.Memory).OfType<HeldSettled>().SelectMany(h => h.Settled).ShouldAllBe(s => s.Verdict == Verdict.Hold);
        run.EventsOf("kept-1", Loop.Trainer).OfType<Sealed>().SelectMany(b => b.Kept).ShouldNotBeEmpty("the others are kept");
        run.Post(Answer("kept-1", "late", 1));
        run.RunToEnd().EventsOf(FacultyAddress.Run, Loop.Supervisor).OfType<ReviewReceived>().Single().TooLate.ShouldBeTrue();
    }

    [Fact]
    public void The_time_of_the_answers_crashes_disorder_and_repeated_messages_change_nothing()
    {
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events, () => Reviewed(), step: 2 * Trials.Step))
            Same(run, how);
        foreach (var seed in Trials.Seeds(30))
        {
            var run = Reviewed(seed, SimulatedRun.Disorder with { Crash = 0.001 });
            var (dice, cycle) = (new Random((int)seed), 1);
            for (var next = dice.Next(3000); run.Step(); next--)
            {
                if (next > 0 || cycle > Plan.Cycles)
                    continue;
                foreach (var instance in run.Supervisor.Instances.Keys) // some before their experience exists
                    run.Post(Answer(instance, $"early-{instance}-{cycle}", cycle));
                (cycle, next) = (cycle + 1, dice.Next(3000));
            }

            Same(run, $"with seed {seed}");
        }
    }

    [Fact]
    public void A_fork_is_not_asked_again_on_what_it_shares_with_its_parent()
    {
        var run = new SimulatedRun(Plan).RunToEnd();
        foreach (var id in run.Supervisor.Instances["kept-1"].Reviews!.Awaited!.Held)
            run.Post(Answer("kept-1", $"b-{id}", CycleOf(id), by: "Bo"));
        run.RunToEnd();
        run.Supervisor.Instances["kept-1"].Generation.ShouldBe(1);
        var stored = run.InstanceOf("kept-1").Where(e => e.Happened is Stored).ElementAt(3).Index;
        run.Fork("kept-1", stored, "branch", rests: false);
        run.RunToEnd();
        run.EventsOf("branch", Loop.Memory).OfType<HeldSettled>().First().Settled.ShouldAllBe(s => s.Answers.Single().By == "Bo");
        run.Supervisor.Instances["branch"].Generation.ShouldBe(1);
    }

    [Fact]
    public void An_answer_counts_once_and_the_last_of_a_person_counts()
    {
        var waiting = Waiting(reviewers: 2, 1, 2);
        var first = waiting.When(Answer("kept-1", "r1", 1)).ThenOf(typeof(ReviewReceived)).Hands().AndTheSameAgain();
        var changed = first.Afterwards.When(Answer("kept-1", "r2", 1, Verdict.Reject)).ThenOf(typeof(ReviewReceived));
        Board(changed).On(MemoryId.OfCycle(1)).ShouldBe([new ReviewOpinion("Ada", Verdict.Reject)]);
        Board(changed.Afterwards.When(Answer("kept-1", "r3", 1, verdict: null, undo: true))).On(MemoryId.OfCycle(1)).ShouldBeEmpty();
    }

    [Fact]
    public void Several_reviewers_need_a_majority_and_one_more_decides_a_tie()
    {
        var one = Waiting(reviewers: 2, 1).When(Answer("kept-1", "r1", 1, Verdict.Keep, by: "Ada")).ThenOf(typeof(ReviewReceived));
        var tie = one.Afterwards.When(Answer("kept-1", "r2", 1, Verdict.Reject, by: "Bo")).ThenOf(typeof(ReviewReceived)).Hands();
        Board(tie).Open.ShouldBe([MemoryId.OfCycle(1)]);
        var settled = tie
            .Afterwards.When(Answer("kept-1", "r3", 1, Verdict.Reject, by: "Cy"))
            .ThenOf(typeof(ReviewReceived), typeof(ReviewsSettled))
            .Hands("kept-1/curator settle reviews kept-1 r1");
        settled.AndAgain();
        var verdict = settled.Events.OfType<ReviewsSettled>().Single().Settled.Single();
        (verdict.Verdict, string.Join(" ", verdict.Answers.Select(a => a.By))).ShouldBe((Verdict.Reject, "Ada Bo Cy"));
    }

    [Fact]
    public void A_round_is_awaited_once_and_settled_the_same_again()
    {
        var ask = new AwaitReviews("kept-1", 1, 3, [MemoryId.OfCycle(1)], new ReviewTerms(OnOpen.Wait, 1));
        Situation born = new(Loop.Supervision, [new RunPlanned(Plan)]);
        var asked = born.When(ask).Then(new ReviewsAwaited("kept-1", 1, 3, ask.Held, ask.Terms)).Hands().AndTheSameAgain();
        var answered = asked.Afterwards.When(Answer("kept-1", "r1", 1)).ThenOf(typeof(ReviewReceived), typeof(ReviewsSettled));
        answered.Afterwards.When(ask).Then().Hands("kept-1/curator settle reviews kept-1 r1");
        born.When(Answer("kept-1", "r1", 1)).Afterwards.When(ask).ThenOf(typeof(ReviewsSettled)).AndTheSameAgain();
        born.When(Answer("ghost-1", "r1", 1)).RefusedBecause("no instance 'ghost-1'");
        born.When(ask with { Instance = "ghost-1" }).RefusedBecause("no instance 'ghost-1'");
    }

    [Fact]
    public void An_answer_on_what_the_round_does_not_hold_is_kept_in_the_record_and_changes_nothing()
    {
        var late = Waiting(reviewers: 1, 1, 3).When(Answer("kept-1", "r1", 2));
        late.Events.OfType<ReviewReceived>().Single().TooLate.ShouldBeTrue();
        Board(late).Answers.ShouldBeEmpty();
    }

    [Fact]
    public void A_rule_holds_all_a_share_or_what_is_beyond_a_bound()
    {
        Column(new ReviewCondition.All()).Vote.ShouldBe(Vote.Hold);
        var below = new ReviewCondition.OfScore(ScoreName.Alignment, Below: 0.3, Above: 0.9);
        Column(below, alignment: 0.29)
            .ShouldBe(new RuleColumn("review", 0.29, Vote.Hold, "alignment 0.29, reviewed below 0.3 or above 0.9"));
        Column(below, alignment: 0.3).Vote.ShouldBe(Vote.Pass);
        Column(below, alignment: 0.95).Vote.ShouldBe(Vote.Hold);
        Column(below, alignment: double.NaN).ShouldBe(new RuleColumn("review", double.NaN, Vote.Pass, "alignment is undefined here"));
        var held = Enumerable.Range(1, 4000).Count(c => Column(new ReviewCondition.Share(0.1), cycle: c).Vote == Vote.Hold);
        held.ShouldBeInRange(340, 460);
    }

    [Fact]
    public void The_draw_of_a_share_is_not_that_of_a_random_rule()
    {
        var both = Enumerable
            .Range(1, 4000)
            .Count(c =>
                Column(new ReviewCondition.Share(0.5), cycle: c).Vote == Vote.Hold
                && new RandomShare(0.5).Judge(CaseOf(0.5, c)).Vote == Vote.Pass
            );
        both.ShouldBeInRange(900, 1100);
    }

    [Fact]
    public void Policies_are_equal_by_content() =>
        new Review([new ReviewCondition.All()], new(OnOpen.Wait, 1)).ShouldBe(new Review([new ReviewCondition.All()], new(OnOpen.Wait, 1)));

    /// <summary>A run whose rounds wait, and people who answer when all is quiet.</summary>
    internal static SimulatedRun Reviewed(
        ulong seed = 0,
        SimulatedFaults? faults = null,
        Action<FacultyDefinition, object, Command>? taken = null
    ) =>
        new(Plan, seed, faults)
        {
            Taken = taken ?? ((_, _, _) => { }),
            Visits = [.. Enumerable.Repeat<Action<SimulatedRun>>(AnswerAll, Plan.Rounds + 1)],
        };

    private static void AnswerAll(SimulatedRun run)
    {
        foreach (var (name, instance) in run.Supervisor.Instances)
        {
            foreach (var id in instance.ReviewsSoFar.Open)
                run.Post(Answer(name, $"{name}-{id}", CycleOf(id)));
        }
    }

    private static GiveReview Answer(
        string instance,
        string arrival,
        int cycle,
        Verdict? verdict = null,
        string by = "Ada",
        bool undo = false
    ) =>
        new(
            instance,
            arrival,
            new ReviewAnswer(
                MemoryId.OfCycle(cycle),
                by,
                undo ? null : verdict ?? (cycle % 3 == 0 ? Verdict.Reject : Verdict.Keep),
                cycle == 7 ? "It says what I would say." : null
            ),
            Some.Epoch
        );

    private static bool IsKept(Stored s) => s.Verdict == Verdict.Keep || s.Review is not null && s.Cycle % 3 != 0;

    private static RunPlan PlanOf(OnOpen onOpen)
    {
        var plan = Plans.TwoVariants(stimuli: 9, internalEvery: 0, every: 4);
        Review rule = new(
            [new ReviewCondition.Share(0.5), new ReviewCondition.OfScore(ScoreName.Alignment, Below: 0.3)],
            new ReviewTerms(onOpen, 1)
        );
        return plan with { Variants = [plan.Variants[0] with { Curate = [new Dedupe(0.999), rule] }] };
    }

    private static Situation Waiting(int reviewers, params ImmutableArray<int> cycles) =>
        new(
            Loop.Supervision,
            [
                new RunPlanned(Plan),
                new ReviewsAwaited("kept-1", 1, 4, [.. cycles.Select(MemoryId.OfCycle)], new ReviewTerms(OnOpen.Wait, reviewers)),
            ]
        );

    private static ReviewBoard Board(Outcome outcome) => ((SupervisorState)outcome.Afterwards.State).Instances["kept-1"].ReviewsSoFar;

    private static RuleColumn Column(ReviewCondition condition, double alignment = 0.5, int cycle = 1) =>
        new Review([condition], new ReviewTerms(OnOpen.Wait, 1)).Judge(CaseOf(alignment, cycle));

    private static Curation.Case CaseOf(double alignment, int cycle) =>
        new(Some.Scored(alignment), 0.5, 0.5, [], new Seed(7).Derive(cycle, "lot", 0));

    private static int CycleOf(MemoryId id) => int.Parse(id.Value[1..], System.Globalization.CultureInfo.InvariantCulture);

    private static void Same(SimulatedRun run, string how) => Lines(run).ShouldBe(Lines(Calm), how);

    // The supervisor's stream has the answers in the order in which they came.
    private static IEnumerable<string> Lines(SimulatedRun run) => run.Journal.Where(l => l.StartsWith("kept-", StringComparison.Ordinal));
}
