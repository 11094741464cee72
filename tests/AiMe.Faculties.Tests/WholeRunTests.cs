using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>A run of two variants and two replicates, run to its end by the actors on a simulated machine, and then disturbed.</summary>
public sealed class WholeRunTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants();
    internal static readonly SimulatedRun Calm = new SimulatedRun(Plan).RunToEnd();
    private static readonly SimulatedRun Visited = UnplannedInputTests.Visited().RunToEnd();

    [Fact]
    public void Every_instance_finishes_its_cycles_or_is_parked()
    {
        var supervisor = Calm.Streams.Single(s => s.At == FacultyAddress.Supervisor).Events;
        supervisor.OfType<InstanceFinished>().Select(f => f.Instance).Order().ShouldBe(["frozen-1", "kept-1", "kept-2"]);
        supervisor.OfType<InstanceParked>().Select(p => p.Instance).ShouldBe(["frozen-2"]);
        supervisor[^1].ShouldBeOfType<RunEnded>().ShouldSatisfyAllConditions(e => e.Finished.ShouldBe(3), e => e.Parked.ShouldBe(1));
    }

    [Fact]
    public void Every_generation_of_every_variant_is_probed()
    {
        foreach (var instance in (string[])["kept-1", "kept-2", "frozen-1"])
            Calm.EventsOf(instance, Loop.Self).OfType<Probed>().Select(p => p.Generation).ShouldBe(Enumerable.Range(0, Plan.Rounds + 1));
    }

    // A shard's supervisor begins with another event; ShardTests has it.
    [Fact]
    public void Every_event_of_the_catalogue_happens() =>
        Visited
            .Streams.Concat(JobWorldTests.Calm.Streams)
            .Concat(MatchedTests.Calm.Streams)
            .Concat(ReviewTests.Calm.Streams)
            .Concat(JudgeTests.Calm.Streams)
            .Concat(InterventionTests.Treated.Streams)
            .SelectMany(s => s.Events)
            .Select(e => e.GetType())
            .Append(typeof(ShardPlanned))
            .Distinct()
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .ShouldBe(FacultyEvents.Codec.Types.OrderBy(t => t.Name, StringComparer.Ordinal));

    [Fact]
    public void Every_duty_is_owed_at_some_time()
    {
        var owed = Visited
            .Streams.Concat(JobWorldTests.Calm.Streams)
            .Concat(InterventionTests.Treated.Streams)
            .SelectMany(s => States(s.At, s.Events))
            .Select(s =>
                s switch
                {
                    SelfState self => (object)self.Phase,
                    TrainerState trainer => trainer.Phase,
                    _ => s,
                }
            )
            .Select(d => d.GetType())
            .ToHashSet();
        typeof(SelfPhase)
            .GetNestedTypes()
            .Concat(typeof(TrainerPhase).GetNestedTypes())
            .Except(owed)
            .Select(t => t.Name)
            .ShouldBeEmpty("so that every arm of every switch over duties is fed");
    }

    [Fact]
    public void An_error_is_never_taken_for_a_thought()
    {
        foreach (var stored in Calm.Streams.SelectMany(s => s.Events).OfType<Stored>())
            (stored.Output + stored.Reflection).ShouldNotContain("503");
    }

    [Fact]
    public void Recalled_text_is_never_stored_again_as_new()
    {
        foreach (var instance in Calm.Streams.GroupBy(s => s.At.Instance))
            instance.SelectMany(s => s.Events).OfType<Stored>().Select(s => s.Output).ShouldBeUnique();
    }

    [Fact]
    public void The_events_of_an_instance_have_one_order() =>
        Calm
            .Journal.Where(l => l.StartsWith("kept-1/", StringComparison.Ordinal))
            .Select(l => int.Parse(l.Split(' ')[1]))
            .Order()
            .ShouldBe(Enumerable.Range(1, Plan.Instances.Any() ? EventCount("kept-1") : 0));

    [Fact]
    public void Every_command_taken_twice_yields_no_events_the_second_time()
    {
        HashSet<Type> seen = [];
        SimulatedRun[] runs =
        [
            UnplannedInputTests.Visited(taken: Twice),
            JobWorldTests.Visited(taken: Twice),
            new(Plans.Judged()) { Taken = Twice },
            ReviewTests.Reviewed(taken: Twice),
            InterventionTests.Run(InterventionTests.Plan, taken: Twice),
        ];
        foreach (var run in runs)
        {
            foreach (var (faculty, state, command) in ForkCommands(run.RunToEnd()))
                Twice(faculty, state, command);
        }

        var all = typeof(Loop).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Command)));
        all.Except(seen).Select(t => t.Name).ShouldBeEmpty("every command occurs in these lives");

        void Twice(FacultyDefinition faculty, object state, Command command)
        {
            seen.Add(command.GetType());
            var once = faculty.Decide(state, command);
            var after = once.Events.Aggregate(state, faculty.Evolve);
            var twice = faculty.Decide(after, command);
            twice.Events.ShouldBeEmpty($"{command.GetType().Name} again");
            twice.Refusal.ShouldBe(once.Refusal);
        }
    }

    [Fact]
    public void Every_command_of_an_instance_is_old_news_at_its_end()
    {
        List<(FacultyDefinition Faculty, Command Command)> taken = [];
        var run = new SimulatedRun(Plan) { Taken = (faculty, _, command) => taken.Add((faculty, command)) }.RunToEnd();
        foreach (var (faculty, command) in taken)
        {
            foreach (var stream in run.Streams.Where(s => SimulatedRun.FacultyAt(s.At) == faculty))
            {
                if (Concerns(stream.At.Instance, command))
                    faculty
                        .Decide(stream.Events.Aggregate(faculty.Initial, faculty.Evolve), command)
                        .Events.ShouldBeEmpty($"{command} at the end of {stream.At}");
            }
        }
    }

    [Fact]
    public void Every_state_survives_its_snapshot_and_owes_the_same()
    {
        foreach (
            var (at, events) in Visited
                .Streams.Concat(JobWorldTests.Calm.Streams)
                .Concat(MatchedTests.Calm.Streams)
                .Concat(ReviewTests.Calm.Streams)
                .Concat(InterventionTests.Treated.Streams)
        )
        {
            var faculty = SimulatedRun.FacultyAt(at);
            foreach (var state in States(at, events))
            {
                var bytes = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, faculty.StateJson);
                var read = System.Text.Json.JsonSerializer.Deserialize(bytes, faculty.StateJson)!;
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(read, faculty.StateJson).ShouldBe(bytes);
                faculty.Pending(read).Select(e => e.Key).ShouldBe(faculty.Pending(state).Select(e => e.Key));
            }
        }
    }

    [Fact]
    public void A_crash_at_any_event_changes_nothing()
    {
        foreach (var (run, how) in SimulatedRun.CrashedAtEach(r => r.Events, () => new SimulatedRun(Plan), step: Trials.Step))
            Compare(run, how);
    }

    [Fact]
    public void A_crash_again_and_again_changes_nothing()
    {
        var run = new SimulatedRun(Plan);
        for (var step = 1; run.Step(); step++)
        {
            if (step % 600 == 0) // to recover takes a process some 200
                run.Crash();
        }

        Compare(run, "after many crashes");
    }

    [Fact]
    public void Every_message_delivered_twice_changes_nothing() =>
        Compare(new SimulatedRun(Plan, faults: new SimulatedFaults { Duplicate = 1 }).RunToEnd(), "with two copies of each message");

    [Fact]
    public void Every_message_of_one_instance_delivered_three_times_changes_nothing()
    {
        var alone = Plan with { Replicates = 1, Variants = [Plan.Variants[0]] };
        var run = new SimulatedRun(alone, faults: new SimulatedFaults { Duplicate = 1, Copies = 3 }).RunToEnd();
        Compare(new SimulatedRun(alone).RunToEnd(), run, "with three copies of each message");
    }

    [Fact]
    public void Duplicates_in_any_order_change_nothing()
    {
        foreach (var seed in Trials.Seeds(60))
            Compare(new SimulatedRun(Plan, seed, SimulatedRun.Disorder).RunToEnd(), $"with seed {seed}");
    }

    [Fact]
    public void Duplicates_in_any_order_and_crashes_change_nothing()
    {
        foreach (var seed in Trials.Seeds(30))
            Compare(new SimulatedRun(Plan, seed, SimulatedRun.Disorder with { Crash = 0.002 }).RunToEnd(), $"with seed {seed}");
    }

    private static IEnumerable<object> States(FacultyAddress at, ImmutableArray<Event> events)
    {
        var (faculty, state) = (SimulatedRun.FacultyAt(at), SimulatedRun.FacultyAt(at).Initial);
        yield return state;
        foreach (var happened in events)
            yield return state = faculty.Evolve(state, happened);
    }

    private static bool Concerns(string instance, Command command) =>
        command switch
        {
            BeginSelf b => b.Spec.Name == instance,
            BeginTrainer b => b.Spec.Name == instance,
            BeginMemory b => b.Instance == instance,
            BeginCurator b => b.Instance == instance,
            _ => instance != "frozen-2", // the parked one was left in the middle of its plan
        };

    // The commands that make a copy another instance are decided by whoever writes the copy, not by actors: they are found from its events.
    private static IEnumerable<(FacultyDefinition Faculty, object State, Command Command)> ForkCommands(SimulatedRun run)
    {
        foreach (var f in run.Streams.SelectMany(s => s.Events).OfType<Forked>())
        {
            var before = StateBefore(f.Name, Loop.Self, e => e is Forked);
            yield return (Loop.Faculties[0], before, new BecomeFork(f.Name, f.Parent, f.Index, f.Heads, f.Rests, f.Changed, Given: null));
            var spec = ((SelfState)Loop.Faculties[0].Evolve(before, f)).Spec!;
            foreach (var (faculty, command) in Loop.Changes(spec))
                yield return (SimulatedRun.FacultyAt(new FacultyAddress(f.Name, faculty)), StateBefore(f.Name, faculty, IsChange), command);
        }

        object StateBefore(string instance, string name, Func<Event, bool> changes)
        {
            var faculty = SimulatedRun.FacultyAt(new FacultyAddress(instance, name));
            return run.EventsOf(instance, name).TakeWhile(e => !changes(e)).Aggregate(faculty.Initial, faculty.Evolve);
        }

        static bool IsChange(Event happened) => happened is MemoryChanged or ReflectorChanged or CuratorChanged or TrainerChanged;
    }

    private static void Compare(SimulatedRun run, string how) => Compare(Calm, run, how);

    internal static void Compare(SimulatedRun calm, SimulatedRun run, string how)
    {
        var (expected, actual) = (calm.Journal, run.Journal);
        for (var i = 0; i < Math.Min(expected.Length, actual.Length); i++)
            Assert.True(actual[i] == expected[i], $"{how}, line {i} is\n{actual[i]}\nand not\n{expected[i]}");
        actual.Length.ShouldBe(expected.Length, how);
    }

    private static int EventCount(string instance) => Calm.Streams.Where(s => s.At.Instance == instance).Sum(s => s.Events.Length);
}
