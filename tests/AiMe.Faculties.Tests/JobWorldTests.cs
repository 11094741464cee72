using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>Lives that are trained by jobs outside: however messages, crashes and answers fall, no plan is submitted to twice.</summary>
public sealed class JobWorldTests
{
    private static readonly RunPlan Plan = Plans.TrainedByJobs();

    internal static readonly SimulatedRun Calm = Visited().RunToEnd();

    [Fact]
    public void Every_job_is_made_once() => Calm.Jobs.Jobs.Values.ShouldAllBe(made => made.Count == 1);

    [Fact]
    public void Every_round_of_every_instance_ends_whatever_becomes_of_its_job()
    {
        foreach (var instance in (string[])["kept-1", "kept-2"])
            Calm.EventsOf(instance, Loop.Self).OfType<Adopted>().Select(a => a.Generation).ShouldBe(Enumerable.Range(0, Plan.Rounds + 1));
        Outcomes(Calm, "kept-1").ShouldBe([RoundOutcome.Born, RoundOutcome.Promoted, RoundOutcome.RolledBack, RoundOutcome.Failed]);
        Outcomes(Calm, "kept-2").ShouldBe([RoundOutcome.Born, RoundOutcome.Promoted, RoundOutcome.Failed, RoundOutcome.Failed]);
    }

    [Fact]
    public void A_trainer_that_is_gone_parks_the_instance_which_goes_on_with_the_same_job_when_it_is_revived()
    {
        var parked = Calm.EventsOf(FacultyAddress.Run, Loop.Supervisor).OfType<InstanceParked>();
        parked.Select(p => (p.Instance, p.Reason)).ShouldBe([("kept-2", "503")]);
        Calm.EventsOf("kept-2", Loop.Trainer).OfType<Submitted>().Count(s => s.Round == 1).ShouldBe(1);
    }

    [Fact]
    public void A_fork_in_the_middle_of_a_training_has_a_job_of_its_own()
    {
        var (parent, fork) = (Calm.EventsOf("kept-1", Loop.Trainer), Calm.EventsOf("branch", Loop.Trainer));
        var (intended, disowned) = (fork.OfType<SubmissionIntended>().First(s => s.Round == 2), fork.OfType<Disowned>().Single());
        disowned.Key.ShouldBe(intended.Key, "the copied intent is the parent's");
        fork.OfType<Submitted>().Last().Key.ShouldNotBe(disowned.Key);
        parent.OfType<Submitted>().ShouldContain(s => s.Key == disowned.Key);
        fork.OfType<Trained>().Last().Candidate.ShouldNotBe(parent.OfType<Trained>().Single(t => t.Round == 2).Candidate);
    }

    [Fact]
    public void A_crash_just_before_the_submission_submits_once_all_the_same()
    {
        var left = 2;
        var run = new SimulatedRun(Plan) { CutBefore = e => e is SubmitJob && left-- > 0 }.RunToEnd();
        Check(run, "after two crashes before a submission");
        run.Streams.SelectMany(s => s.Events).OfType<NotSubmitted>().Count().ShouldBe(2);
    }

    // The journal does not hold what the server knows, so a crash before its answer differs from one after it. A submission that was
    // intended and not yet made is found to be missing and is made then: only this changes the journal.
    [Fact]
    public void A_crash_at_any_event_or_answer_submits_nothing_twice_and_gives_the_same_models()
    {
        var undisturbed = new SimulatedRun(Plan).RunToEnd();
        var intended = undisturbed.Streams.SelectMany(s => s.Events).OfType<SubmissionIntended>().Count();
        var missing = 0;
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events + r.Answers, () => new SimulatedRun(Plan)))
        {
            Check(run, how);
            Models(run).ShouldBe(Models(undisturbed), how);
            if (run.Streams.SelectMany(s => s.Events).OfType<NotSubmitted>().Any())
                missing++;
            else
                WholeRunTests.Compare(undisturbed, run, how);
        }

        missing.ShouldBeGreaterThanOrEqualTo(intended, "one crash comes between each intent and its submission");
    }

    [Fact]
    public void Lost_answers_late_submissions_duplicates_and_crashes_submit_nothing_twice()
    {
        foreach (var seed in Trials.Seeds(150))
            Check(Tormented(seed, revokes: true), $"with seed {seed}");
    }

    [Fact]
    public void Who_submits_again_because_nothing_is_listed_yet_submits_twice() =>
        Enumerable
            .Range(1, 150)
            .ShouldContain(
                seed => Tormented((ulong)seed, revokes: false).Jobs.Jobs.Values.Any(made => made.Count > 1),
                "so the test above can fail"
            );

    /// <summary>A run in which every kind of trouble with jobs occurs, with an instance that branches off in the middle of a training.</summary>
    internal static SimulatedRun Visited(Action<FacultyDefinition, object, Command>? taken = null) =>
        new(Plan)
        {
            Taken = taken ?? ((_, _, _) => { }),
            Jobs = new JobServer
            {
                Fate = (instance, e) =>
                    (instance, e.Plan.Round, e.Attempt) switch
                    {
                        ("kept-1", 2, 1) => Fate.Busy,
                        ("kept-1", 2, 2) => Fate.MadeAndLost,
                        ("kept-1", 3, 1) => Fate.LostOnItsWay,
                        ("kept-2", 2, 1) => Fate.Late,
                        ("kept-2", 3, 1) => Fate.Forbidden,
                        _ => Fate.Made,
                    },
                IsGone = (instance, e) => instance == "kept-2" && e is AwaitJob { Plan.Round: 1, Try: <= JobDecider.Attempts },
                Lists = (instance, e) => (instance, e.Plan.Round) != ("kept-2", 2),
            },
            Visits =
            [
                r => r.Post(new StartRun(Plan, Revive: true)),
                r => r.Fork("kept-1", r.IndexOf("kept-1", e => e is SubmissionIntended { Round: 2 }), "branch", rests: false),
            ],
        };

    private static SimulatedRun Tormented(ulong seed, bool revokes)
    {
        var dice = new Dice(new Seed(seed).Derive("jobs"));
        return new SimulatedRun(Plan, seed, SimulatedRun.Disorder with { Crash = 0.001 })
        {
            CutBefore = e => e is JobEffect && dice.Chance(0.05),
            Jobs = new JobServer
            {
                Fate = (_, _) => (Fate)dice.Below(5),
                IsGone = (_, _) => dice.Chance(0.1),
                Revokes = revokes,
            },
            Visits = [.. Enumerable.Repeat<Action<SimulatedRun>>(r => r.Post(new StartRun(Plan, Revive: true)), 12)],
        }.RunToEnd();
    }

    private static void Check(SimulatedRun run, string how)
    {
        run.Jobs.Jobs.ShouldAllBe(made => made.Value.Count == 1, how);
        foreach (var (variant, replicate) in Plan.Instances)
        {
            var name = RunPlan.NameOf(variant, replicate);
            var events = run.EventsOf(name, Loop.Trainer);
            run.EventsOf(name, Loop.Self).OfType<Adopted>().Select(a => a.Generation).ShouldBe(Enumerable.Range(0, Plan.Rounds + 1), how);
            events.OfType<Submitted>().Select(s => s.Round).ShouldBeUnique();
            foreach (var planned in events.OfType<Planned>())
                run.Jobs.Jobs.ContainsKey(JobKey.Of(JobServer.Run, name, planned.Plan)).ShouldBeTrue(how);
        }
    }

    private static IEnumerable<(string Instance, ModelId Model)> Models(SimulatedRun run) =>
        run.Streams.SelectMany(s => s.Events.OfType<Trained>().Select(t => (s.At.Instance, t.Candidate)));

    private static IEnumerable<RoundOutcome> Outcomes(SimulatedRun run, string instance) =>
        run.EventsOf(instance, Loop.Self).OfType<Adopted>().Select(a => a.Outcome);
}
