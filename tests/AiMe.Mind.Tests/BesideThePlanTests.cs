using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Mind.Tests;

/// <summary>What people give to an instance beside its plan, and what becomes of it however messages and crashes fall.</summary>
public sealed class BesideThePlanTests
{
    private static readonly World Calm = Visited().RunToEnd();

    [Fact] public void A_finished_life_answers_what_is_said_to_it_and_rests_again()
    {
        var life = LifeOf(Calm, "kept-1");
        life.IsAtRest.ShouldBeTrue();
        EventsOf(Calm, "kept-1", Loop.Memory).OfType<Stored>().Single(s => s.Input == "Are you there?").Cycle.ShouldBe(life.Beside[0]);
        life.Beside[0].ShouldBe(Calm.State<SupervisorState>(Address.Supervisor).Plan!.Cycles + 1);
    }

    [Fact] public void What_was_given_is_anchored_and_does_not_change_the_runs_digest()
    {
        var supervisor = EventsOf(Calm, Address.Run, Loop.Supervisor);
        supervisor.OfType<InputAnswered>().Select(a => a.Arrival).ShouldBe(["a1", "a2", "a3", "a5", "a6", "a7"]);
        supervisor.OfType<RunEnded>().Select(e => (e.Finished, e.Parked)).ShouldBe([(3, 1), (4, 0)], "the last is of the revived life, before anything was given");
    }

    [Fact] public void An_experience_that_is_told_is_remembered_with_its_own_answer_reflection_and_time()
    {
        var stored = EventsOf(Calm, "kept-1", Loop.Memory).OfType<Stored>().Single(s => s.Input == "Where were you?");
        (stored.Output, stored.Reflection, stored.Timestamp, stored.Model).ShouldBe(("At home.", "I rested.", new DateTime(2025, 5, 5, 0, 0, 0, DateTimeKind.Utc), ModelId.Given));
        stored.Scores.Alignment.ShouldBe(Some.Answer.Scores.Alignment, "it is measured like any other");
    }

    [Fact] public void A_called_round_ends_early_with_training_and_probes()
    {
        var ended = EventsOf(Calm, "kept-1", Loop.Memory).OfType<RoundEnded>().Single();
        EventsOf(Calm, "kept-1", Loop.Trainer).OfType<Sealed>().Last().Round.ShouldBe(ended.Round);
        EventsOf(Calm, "kept-1", Loop.Self).OfType<Probed>().Last().Generation.ShouldBe(ended.Round);
        EventsOf(Calm, "kept-1", Loop.Memory).OfType<Stored>().Where(s => s.Round == ended.Round).Count().ShouldBe(ended.Lived);
    }

    [Fact] public void What_cannot_be_answered_is_taken_back_and_the_life_goes_on()
    {
        var withdrawn = EventsOf(Calm, Address.Run, Loop.Supervisor).OfType<InputWithdrawn>().Single();
        (withdrawn.Arrival, withdrawn.Reason).ShouldBe(("a4", "503: nobody can"));
        EventsOf(Calm, "kept-1", Loop.Memory).OfType<Stored>().ShouldNotContain(s => s.Input == Script.Unanswerable);
        EventsOf(Calm, "kept-1", Loop.Memory).OfType<Stored>().Last().Input.ShouldBe("And now?");
    }

    [Fact] public void A_parked_life_that_is_revived_lives_to_its_end()
    {
        EventsOf(Calm, Address.Run, Loop.Supervisor).OfType<InstanceParked>().Select(p => p.Reason).ShouldBe(["503: it does not speak now"]);
        EventsOf(Calm, "frozen-2", Loop.Self).OfType<TriedAgain>().Single().Cycle.ShouldBe(5);
        LifeOf(Calm, "frozen-2").Status.ShouldBe(LifeStatus.Finished);
    }

    [Fact] public void A_fork_bears_its_own_name_shares_its_parents_links_and_lives_on_alone()
    {
        var (fork, parent) = (LifeOf(Calm, "branch"), LifeOf(Calm, "kept-2"));
        fork.Parent.ShouldBe("kept-2");
        EventsOf(Calm, "branch", Loop.Memory).OfType<Stored>().Last().Input.ShouldBe("Who are you now?");
        EventsOf(Calm, "kept-2", Loop.Memory).OfType<Stored>().ShouldNotContain(s => s.Input == "Who are you now?");
        fork.Cycle.ShouldBe(parent.Cycle + 1);
    }

    [Fact] public void A_crash_at_any_step_loses_and_doubles_nothing()
    {
        for (var step = 1; step < Calm.Steps; step += 3)
        {
            var world = Visited();
            for (var i = 0; i < step; i++)
                world.Step();
            world.Crash();
            WholeLifeTests.Compare(Calm, world.RunToEnd(), $"after a crash at step {step}");
        }
    }

    [Fact] public void Duplicates_in_any_order_and_crashes_change_nothing()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var dice = new Dice(seed);
            var world = Visited(n => (int)(dice.Roll() * n), waiting => waiting < 40 && dice.Roll() < 0.3 ? 2 : 1);
            world.Step();
            while (world.Step())
            {
                if (dice.Roll() < 0.003)
                    world.Crash();
            }

            WholeLifeTests.Compare(Calm, world, $"with seed {seed}");
        }
    }

    [Fact] public void An_old_message_of_a_cycle_that_has_passed_is_passed_over()
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

    // Given in the middle of a running life, into any disorder of messages: where exactly it falls is free, that it falls once is not.
    [Fact] public void What_is_given_to_running_lives_is_lived_once_in_order_and_nothing_planned_is_left_out()
    {
        var plan = Plans.TwoVariants();
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var dice = new Dice(seed);
            var world = new World(plan) { Choose = n => (int)(dice.Roll() * n), Copies = waiting => waiting < 40 && dice.Roll() < 0.3 ? 2 : 1 };
            world.Step();
            Input[] inputs = [Said("first"), new Input.RoundEnd(), Said("second"), Said(Script.Unanswerable), new Input.Appointment(Some.Base, "Ada", "to begin anew"), Said("third")];
            var given = 0;
            while (world.Step())
            {
                if (given < inputs.Length && dice.Roll() < 0.01)
                    world.Post(new Give("kept-1", $"g{given}", inputs[given++], Some.Epoch));
                if (dice.Roll() < 0.002)
                {
                    world.Crash();
                    for (var i = 0; i < given; i++) // as the inbox does
                        world.Post(new Give("kept-1", $"g{i}", inputs[i], Some.Epoch));
                }
            }

            var lived = EventsOf(world, "kept-1", Loop.Memory).OfType<Stored>().ToArray();
            var heard = EventsOf(world, "kept-1", Loop.Self).OfType<Heard>().Where(h => h.Stimulus.Id.StartsWith("beside", StringComparison.Ordinal)).Select(h => h.Stimulus.Text).ToArray();
            var received = EventsOf(world, Address.Run, Loop.Supervisor).OfType<InputReceived>().Select(r => r.Input).ToArray();
            received.ShouldBe(inputs.Take(given), ignoreOrder: true, $"with seed {seed}"); // messages may overtake each other
            heard.ShouldBe(received.OfType<Input.Said>().Select(s => s.Text), $"with seed {seed}");
            lived.Where(s => !s.Internal && s.Input.StartsWith("What of", StringComparison.Ordinal)).Select(s => s.Input).Order().ShouldBe(plan.Stimuli.Select(s => s.Text).Order(), $"with seed {seed}");
            LifeOf(world, "kept-1").IsAtRest.ShouldBeTrue($"with seed {seed}");
            EventsOf(world, "kept-1", Loop.Self).OfType<Probed>().Select(p => p.Generation).ShouldBe(Enumerable.Range(0, LifeOf(world, "kept-1").Generation + 1), $"with seed {seed}");
        }
    }

    [Fact] public void What_is_taken_back_while_it_is_being_answered_leaves_no_experience_and_the_next_is_answered()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var dice = new Dice(seed);
            var world = new World(Plans.TwoVariants()) { Choose = n => (int)(dice.Roll() * n) }.RunToEnd();
            world.Post(new Give("kept-1", "a", Said("Never mind."), Some.Epoch));
            for (var i = 0; i < 1 + (int)(dice.Roll() * 8) && world.Step(); i++)
            {
            }

            world.Post(new TakeBack("kept-1", "a", "cancelled"));
            world.Post(new Give("kept-1", "b", Said("Then this."), Some.Epoch));
            world.RunToEnd();
            var (stored, withdrawn) = (EventsOf(world, "kept-1", Loop.Memory).OfType<Stored>().Count(s => s.Input == "Never mind."), EventsOf(world, Address.Run, Loop.Supervisor).OfType<InputWithdrawn>().Count());
            (stored + withdrawn).ShouldBe(1, $"answered or taken back, with seed {seed}");
            EventsOf(world, "kept-1", Loop.Memory).OfType<Stored>().Last().Input.ShouldBe("Then this.", $"with seed {seed}");
        }
    }

    /// <summary>A run to whose lives people come when it has ended.</summary>
    internal static World Visited(Func<int, int>? choose = null, Func<int, int>? copies = null, Action<Faculty, object, Command>? taken = null)
    {
        var plan = Plans.TwoVariants();
        return new World(plan)
        {
            Choose = choose ?? (_ => 0),
            Copies = copies ?? (_ => 1),
            Taken = taken ?? ((_, _, _) => { }),
            Visits =
            [
                w => w.Post(new StartRun(plan, Revive: true)),
                w => w.Post(new ParkInstance("kept-2", "nothing is in its hand")),
                w => w.Post(Give("kept-1", "a1", Said("Are you there?"))),
                w => w.Post(Give("kept-1", "a2", new Input.Told("Where were you?", "home", new Given("At home.", "I rested."), new DateTime(2025, 5, 5, 0, 0, 0, DateTimeKind.Utc)))),
                w => w.Post(Give("kept-1", "a3", new Input.RoundEnd())),
                w => w.Post(Give("kept-1", "a4", Said(Script.Unanswerable))),
                w => w.Post(Give("kept-1", "a5", Said("And now?"))),
                w => w.Post(new TakeBack("kept-1", "a5", "too late")),
                w => w.Fork("kept-2", w.IndexOf("kept-2"), "branch"),
                w => w.Post(Give("branch", "a6", Said("Who are you now?"))),
                w => w.Fork("kept-1", MiddleOf(w, "kept-1"), "twig", rests: false, Otherwise(w, "kept-1")),
                w => w.Post(Give("kept-1", "a7", new Input.Appointment(new ModelId("kept-1-m2"), "Ada", "to hear the one that was turned away"))),
                w => w.Post(new SetBudget(new Budget(2_000_000, 4.5m))),
                w => w.Post(new ReserveSpending("writer-1", 1, new Cost(1_200, 0.0007m), default)),
                w => w.Post(new ReserveSpending("writer-2", 1, new Cost(3_000_000, 0), default)),
                w => w.Post(new SettleSpending("writer-1", new Cost(800, 0.0004m))),
            ],
        };
    }

    // Between its second Reflected and what followed.
    private static long MiddleOf(World world, string instance) => world.LifeOf(instance).Where(e => e.Happened is Reflected).ElementAt(1).Index;

    private static LifeSettings Otherwise(World world, string instance) => world.State<SelfState>(new Address(instance, Loop.Self)).Spec!.Settings with
    {
        Seed = new Seed(77),
        Reflector = Some.Reflector with { InsightThreshold = 5 },
        Curate = [new KeepAll()],
    };

    private static Give Give(string instance, string arrival, Input input) => new(instance, arrival, input, Some.Epoch);

    private static Input.Said Said(string text) => new(text, "talk");

    private static LifeProgress LifeOf(World world, string instance) => world.State<SupervisorState>(Address.Supervisor).Lives[instance];

    private static ImmutableArray<Event> EventsOf(World world, string instance, string faculty) =>
        world.Streams.Single(s => s.At == new Address(instance, faculty)).Events;

    private sealed class Dice(ulong seed)
    {
        private long _rolls;

        public double Roll() => new Seed(seed).Derive(_rolls++).Unit();
    }
}
