using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Mind.Tests;

/// <summary>Lives that are trained by jobs outside: however messages, crashes and answers fall, no plan is submitted to twice.</summary>
public sealed class JobWorldTests
{
    private static readonly RunPlan Plan = Plans.TrainedByJobs();

    internal static readonly World Calm = Visited().RunToEnd();

    [Fact] public void Every_job_is_made_once() => Calm.Jobs.Jobs.Values.ShouldAllBe(made => made.Count == 1);

    [Fact] public void Every_round_of_every_life_ends_whatever_becomes_of_its_job()
    {
        foreach (var instance in (string[])["kept-1", "kept-2"])
            EventsOf(Calm, instance, Loop.Self).OfType<Adopted>().Select(a => a.Generation).ShouldBe(Enumerable.Range(0, Plan.Rounds + 1));
        Outcomes(Calm, "kept-1").ShouldBe([RoundOutcome.Born, RoundOutcome.Promoted, RoundOutcome.RolledBack, RoundOutcome.Failed]);
        Outcomes(Calm, "kept-2").ShouldBe([RoundOutcome.Born, RoundOutcome.Promoted, RoundOutcome.Failed, RoundOutcome.Failed]);
    }

    [Fact] public void A_trainer_that_is_gone_parks_the_life_which_goes_on_with_the_same_job_when_it_is_revived()
    {
        EventsOf(Calm, Address.Run, Loop.Supervisor).OfType<InstanceParked>().Select(p => (p.Instance, p.Reason)).ShouldBe([("kept-2", "503")]);
        EventsOf(Calm, "kept-2", Loop.Trainer).OfType<Submitted>().Count(s => s.Round == 1).ShouldBe(1);
    }

    [Fact] public void A_fork_in_the_middle_of_a_training_has_a_job_of_its_own()
    {
        var (parent, fork) = (EventsOf(Calm, "kept-1", Loop.Trainer), EventsOf(Calm, "branch", Loop.Trainer));
        var (intended, disowned) = (fork.OfType<SubmissionIntended>().First(s => s.Round == 2), fork.OfType<Disowned>().Single());
        disowned.Key.ShouldBe(intended.Key, "the copied intent is the parent's");
        fork.OfType<Submitted>().Last().Key.ShouldNotBe(disowned.Key);
        parent.OfType<Submitted>().ShouldContain(s => s.Key == disowned.Key);
        fork.OfType<Trained>().Last().Candidate.ShouldNotBe(parent.OfType<Trained>().Single(t => t.Round == 2).Candidate);
    }

    [Fact] public void A_crash_just_before_the_submission_submits_once_all_the_same()
    {
        var left = 2;
        var world = new World(Plan) { CutBefore = e => e is SubmitJob && left-- > 0 };
        Check(world.RunToEnd(), "after two crashes before a submission");
        world.Streams.SelectMany(s => s.Events).OfType<NotSubmitted>().Count().ShouldBe(2);
    }

    [Fact] public void A_crash_at_any_step_submits_nothing_twice_and_gives_the_same_models()
    {
        var undisturbed = new World(Plan).RunToEnd();
        for (var step = 1; step < undisturbed.Steps; step++)
        {
            var world = new World(Plan);
            for (var i = 0; i < step; i++)
                world.Step();
            world.Crash();
            WholeLifeTests.Compare(undisturbed, world.RunToEnd(), $"after a crash at step {step}");
            Check(world, $"after a crash at step {step}");
        }
    }

    [Fact] public void Lost_answers_late_submissions_duplicates_and_crashes_submit_nothing_twice()
    {
        for (var seed = 1UL; seed <= 150; seed++)
            Check(Tormented(seed, revokes: true), $"with seed {seed}");
    }

    [Fact] public void Who_submits_again_because_nothing_is_listed_yet_submits_twice() =>
        Enumerable.Range(1, 150).ShouldContain(seed => Tormented((ulong)seed, revokes: false).Jobs.Jobs.Values.Any(made => made.Count > 1), "so the test above can fail");

    /// <summary>A run in which every kind of trouble with jobs occurs, with a life that branches off in the middle of a training.</summary>
    internal static World Visited(Action<Faculty, object, Command>? taken = null) => new(Plan)
    {
        Taken = taken ?? ((_, _, _) => { }),
        Jobs = new JobServer
        {
            Fate = (instance, e) => (instance, e.Plan.Round, e.Attempt) switch
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
            w => w.Post(new StartRun(Plan, Revive: true)),
            w => w.Fork("kept-1", w.IndexOf("kept-1", e => e is SubmissionIntended { Round: 2 }), "branch", rests: false),
        ],
    };

    private static World Tormented(ulong seed, bool revokes)
    {
        var (dice, rolls) = (new Seed(seed), 0L);
        double Roll() => dice.Derive(rolls++).Unit();
        var world = new World(Plan)
        {
            Choose = n => (int)(Roll() * n),
            Copies = waiting => waiting < 60 && Roll() < 0.3 ? 2 : 1,
            CutBefore = e => e is JobEffect && Roll() < 0.05,
            Jobs = new JobServer { Fate = (_, _) => (Fate)(int)(Roll() * 5), IsGone = (_, _) => Roll() < 0.1, Revokes = revokes },
            Visits = [.. Enumerable.Repeat<Action<World>>(w => w.Post(new StartRun(Plan, Revive: true)), 12)],
        };
        world.Step(); // the run is planned
        while (world.Step())
        {
            if (Roll() < 0.004)
                world.Crash();
        }

        return world;
    }

    private static void Check(World world, string how)
    {
        world.Jobs.Jobs.ShouldAllBe(made => made.Value.Count == 1, how);
        foreach (var (variant, replicate) in Plan.Instances)
        {
            var name = RunPlan.NameOf(variant, replicate);
            var events = EventsOf(world, name, Loop.Trainer);
            EventsOf(world, name, Loop.Self).OfType<Adopted>().Select(a => a.Generation).ShouldBe(Enumerable.Range(0, Plan.Rounds + 1), how);
            events.OfType<Submitted>().Select(s => s.Round).ShouldBeUnique();
            foreach (var planned in events.OfType<Planned>())
                world.Jobs.Jobs.ContainsKey(JobKey.Of(JobServer.Run, name, planned.Plan)).ShouldBeTrue(how);
        }
    }

    private static ImmutableArray<Event> EventsOf(World world, string instance, string faculty) =>
        world.Streams.Single(s => s.At == new Address(instance, faculty)).Events;

    private static IEnumerable<RoundOutcome> Outcomes(World world, string instance) => EventsOf(world, instance, Loop.Self).OfType<Adopted>().Select(a => a.Outcome);
}
