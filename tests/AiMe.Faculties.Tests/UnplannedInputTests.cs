using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>What people give to an instance unplanned, and what becomes of it however messages and crashes fall.</summary>
public sealed class UnplannedInputTests
{
    private static readonly DateTime Earlier = new(2025, 5, 5, 0, 0, 0, DateTimeKind.Utc);
    private static readonly SimulatedRun Calm = Visited().RunToEnd();

    [Fact]
    public void A_finished_instance_answers_what_is_said_to_it_and_rests_again()
    {
        var instance = InstanceOf(Calm, "kept-1");
        instance.IsAtRest.ShouldBeTrue();
        Calm.EventsOf("kept-1", Loop.Memory)
            .OfType<Stored>()
            .Single(s => s.Input == "Are you there?")
            .Cycle.ShouldBe(instance.Unplanned[0]);
        instance.Unplanned[0].ShouldBe(Calm.Supervisor.Plan!.Cycles + 1);
    }

    [Fact]
    public void What_was_given_is_anchored_and_does_not_change_the_runs_digest()
    {
        var supervisor = Calm.EventsOf(FacultyAddress.Run, Loop.Supervisor);
        supervisor.OfType<InputAnswered>().Select(a => a.Arrival).ShouldBe(["a1", "a2", "a3", "a5", "a6", "a7"]);
        supervisor
            .OfType<RunEnded>()
            .Select(e => (e.Finished, e.Parked))
            .ShouldBe([(3, 1), (4, 0)], "the last is of the revived life, before anything was given");
    }

    [Fact]
    public void An_experience_that_is_told_is_remembered_with_its_own_answer_reflection_and_time()
    {
        var stored = Calm.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Single(s => s.Input == "Where were you?");
        (stored.Output, stored.Reflection, stored.Timestamp, stored.Model).ShouldBe(("At home.", "I rested.", Earlier, ModelId.Given));
        stored.Scores.Alignment.ShouldBe(Some.Answer.Scores.Alignment, "it is measured like any other");
    }

    [Fact]
    public void A_called_round_ends_early_with_training_and_probes()
    {
        var ended = Calm.EventsOf("kept-1", Loop.Memory).OfType<RoundEnded>().Single();
        Calm.EventsOf("kept-1", Loop.Trainer).OfType<Sealed>().Last().Round.ShouldBe(ended.Round);
        Calm.EventsOf("kept-1", Loop.Self).OfType<Probed>().Last().Generation.ShouldBe(ended.Round);
        Calm.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Where(s => s.Round == ended.Round).Count().ShouldBe(ended.Lived);
    }

    [Fact]
    public void What_cannot_be_answered_is_taken_back_and_the_instance_goes_on()
    {
        var withdrawn = Calm.EventsOf(FacultyAddress.Run, Loop.Supervisor).OfType<InputWithdrawn>().Single();
        (withdrawn.Arrival, withdrawn.Reason).ShouldBe(("a4", "503: nobody can"));
        Calm.EventsOf("kept-1", Loop.Memory).OfType<Stored>().ShouldNotContain(s => s.Input == Script.Unanswerable);
        Calm.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Last().Input.ShouldBe("And now?");
    }

    [Fact]
    public void A_parked_instance_that_is_revived_runs_to_its_end()
    {
        Calm.EventsOf(FacultyAddress.Run, Loop.Supervisor)
            .OfType<InstanceParked>()
            .Select(p => p.Reason)
            .ShouldBe(["503: it does not speak now"]);
        Calm.EventsOf("frozen-2", Loop.Self).OfType<TriedAgain>().Single().Cycle.ShouldBe(5);
        InstanceOf(Calm, "frozen-2").Status.ShouldBe(InstanceState.Finished);
    }

    [Fact]
    public void A_fork_bears_its_own_name_shares_its_parents_links_and_goes_on_alone()
    {
        var (fork, parent) = (InstanceOf(Calm, "branch"), InstanceOf(Calm, "kept-2"));
        fork.Parent.ShouldBe("kept-2");
        Calm.EventsOf("branch", Loop.Memory).OfType<Stored>().Last().Input.ShouldBe("Who are you now?");
        Calm.EventsOf("kept-2", Loop.Memory).OfType<Stored>().ShouldNotContain(s => s.Input == "Who are you now?");
        fork.Cycle.ShouldBe(parent.Cycle + 1);
    }

    // Before the first of them it is the run of WholeRunTests.
    [Fact]
    public void A_crash_at_any_event_of_unplanned_input_loses_and_doubles_nothing()
    {
        foreach (
            var (run, how) in SimulatedRun.CrashedAtEach(
                r => r.Events,
                () => Visited(),
                first: WholeRunTests.Calm.Events,
                step: Trials.Step
            )
        )
            WholeRunTests.Compare(Calm, run, how);
    }

    [Fact]
    public void Duplicates_in_any_order_and_crashes_change_nothing()
    {
        foreach (var seed in Trials.Seeds(20))
            WholeRunTests.Compare(Calm, Visited(seed, SimulatedRun.Disorder with { Crash = 0.001 }).RunToEnd(), $"with seed {seed}");
    }

    [Fact]
    public void An_old_message_of_a_cycle_that_has_passed_is_passed_over()
    {
        var plan = Plans.TwoVariants();
        SupervisorEvent[] past =
        [
            new RunPlanned(plan),
            new InputReceived("kept-1", "a1", Said("first"), Some.Epoch),
            new InstanceAdvanced("kept-1", 0, 0, Some.Heads),
            new InputTaken("kept-1", "a1", 1),
            new InputAnswered("kept-1", "a1", 1, Some.Heads),
        ];
        var state = past.Aggregate(SupervisorDecider.Initial, SupervisorDecider.Evolve);
        var decision = SupervisorDecider.Decide(state, new CycleClosed("kept-1", 0, "", 0, Some.Heads));
        (decision.Refusal, decision.Events.Length, decision.Effects.Length).ShouldBe((null, 0, 0));
    }

    // Given in the middle of a running instance, into any disorder of messages: where exactly it falls is free, that it falls once is not.
    [Fact]
    public void What_is_given_to_running_instances_is_processed_once_in_order_and_nothing_planned_is_left_out()
    {
        var plan = Plans.TwoVariants();
        foreach (var seed in Trials.Seeds(60))
        {
            var dice = new Dice(new Seed(seed));
            var run = new SimulatedRun(plan, seed, SimulatedRun.Disorder);
            run.RunUntil(() => run.Supervisor.Plan is not null);
            Input[] inputs =
            [
                Said("first"),
                new Input.RoundEnd(),
                Said("second"),
                Said(Script.Unanswerable),
                new Input.Appointment(Some.Base, "Ada", "to begin anew"),
                Said("third"),
            ];
            var given = 0;
            while (run.Step())
            {
                if (given < inputs.Length && dice.Chance(0.002))
                    run.Post(Give("kept-1", $"g{given}", inputs[given++]));
                if (dice.Chance(0.002))
                {
                    run.Crash();
                    for (var i = 0; i < given; i++) // as the inbox does
                        run.Post(Give("kept-1", $"g{i}", inputs[i]));
                }
            }

            var lived = run.EventsOf("kept-1", Loop.Memory).OfType<Stored>().ToArray();
            var heard = run.EventsOf("kept-1", Loop.Self)
                .OfType<Heard>()
                .Select(h => h.Stimulus)
                .Where(s => s.Id.StartsWith("beside", StringComparison.Ordinal))
                .Select(s => s.Text)
                .ToArray();
            var received = run.EventsOf(FacultyAddress.Run, Loop.Supervisor).OfType<InputReceived>().Select(r => r.Input).ToArray();
            received.ShouldBe(inputs.Take(given), ignoreOrder: true, $"with seed {seed}"); // messages may overtake each other
            heard.ShouldBe(received.OfType<Input.Said>().Select(s => s.Text), $"with seed {seed}");
            lived
                .Where(s => !s.Internal && s.Input.StartsWith("What of", StringComparison.Ordinal))
                .Select(s => s.Input)
                .Order()
                .ShouldBe(plan.Stimuli.Select(s => s.Text).Order(), $"with seed {seed}");
            InstanceOf(run, "kept-1").IsAtRest.ShouldBeTrue($"with seed {seed}");
            run.EventsOf("kept-1", Loop.Self)
                .OfType<Probed>()
                .Select(p => p.Generation)
                .ShouldBe(Enumerable.Range(0, InstanceOf(run, "kept-1").Generation + 1), $"with seed {seed}");
        }
    }

    [Fact]
    public void What_is_taken_back_while_it_is_being_answered_leaves_no_experience_and_the_next_is_answered()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var run = new SimulatedRun(Plans.TwoVariants(), seed).RunToEnd();
            run.Post(Give("kept-1", "a", Said("Never mind.")));
            var steps = new Dice(new Seed(seed)).Below(60);
            for (var i = 0; i < steps && run.Step(); i++) { }

            run.Post(new TakeBack("kept-1", "a", "cancelled"));
            run.Post(Give("kept-1", "b", Said("Then this.")));
            run.RunToEnd();
            var stored = run.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Count(s => s.Input == "Never mind.");
            var withdrawn = run.EventsOf(FacultyAddress.Run, Loop.Supervisor).OfType<InputWithdrawn>().Count();
            (stored + withdrawn).ShouldBe(1, $"answered or taken back, with seed {seed}");
            run.EventsOf("kept-1", Loop.Memory).OfType<Stored>().Last().Input.ShouldBe("Then this.", $"with seed {seed}");
        }
    }

    /// <summary>A run whose instances are given inputs after it has ended.</summary>
    internal static SimulatedRun Visited(
        ulong seed = 0,
        SimulatedFaults? faults = null,
        Action<FacultyDefinition, object, Command>? taken = null
    )
    {
        var plan = Plans.TwoVariants();
        return new SimulatedRun(plan, seed, faults)
        {
            Taken = taken ?? ((_, _, _) => { }),
            Visits =
            [
                r => r.Post(new StartRun(plan, Revive: true)),
                r => r.Post(new ParkInstance("kept-2", "nothing is in its hand")),
                r => r.Post(Give("kept-1", "a1", Said("Are you there?"))),
                r => r.Post(Give("kept-1", "a2", new Input.Told("Where were you?", "home", new Given("At home.", "I rested."), Earlier))),
                r => r.Post(Give("kept-1", "a3", new Input.RoundEnd())),
                r => r.Post(Give("kept-1", "a4", Said(Script.Unanswerable))),
                r => r.Post(Give("kept-1", "a5", Said("And now?"))),
                r => r.Post(new TakeBack("kept-1", "a5", "too late")),
                r => r.Fork("kept-2", r.IndexOf("kept-2"), "branch"),
                r => r.Post(Give("branch", "a6", Said("Who are you now?"))),
                r => r.Fork("kept-1", MiddleOf(r, "kept-1"), "twig", rests: false, Otherwise(r, "kept-1")),
                r => r.Post(Give("kept-1", "a7", new Input.Appointment(new ModelId("kept-1-m2"), "Ada", "it was turned away"))),
                r => r.Post(new SetBudget(new Budget(2_000_000, 4.5m))),
                r => r.Post(new ReserveSpending("writer-1", 1, new Cost(1_200, 0.0007m), default)),
                r => r.Post(new ReserveSpending("writer-2", 1, new Cost(3_000_000, 0), default)),
                r => r.Post(new SettleSpending("writer-1", new Cost(800, 0.0004m))),
                r => r.Post(new LeaveOutParameter("seed", "", "unknown parameter: seed")),
                r => r.Post(new IdentifyServer("m", "m-2026", "fp_1", "0.9")),
                r => r.Post(new NoteIndexFailures("writer-1", "pgvector", IndexFailed.Unanswered, "there is no connection", 1)),
            ],
        };
    }

    // Between its second Reflected and what followed.
    private static long MiddleOf(SimulatedRun run, string instance) =>
        run.InstanceOf(instance).Where(e => e.Happened is Reflected).ElementAt(1).Index;

    private static InstanceSettings Otherwise(SimulatedRun run, string instance)
    {
        var settings = run.State<SelfState>(new FacultyAddress(instance, Loop.Self)).Spec!.Settings;
        return settings with { Seed = new Seed(77), Reflector = Some.Reflector with { InsightThreshold = 5 }, Curate = [new KeepAll()] };
    }

    internal static Give Give(string instance, string arrival, Input input) => new(instance, arrival, input, Some.Epoch);

    private static Input.Said Said(string text) => new(text, "talk");

    private static InstanceProgress InstanceOf(SimulatedRun run, string instance) => run.Supervisor.Instances[instance];
}
