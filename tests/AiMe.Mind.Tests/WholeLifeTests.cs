using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Mind.Tests;

/// <summary>A run of two variants and two replicates, lived to its end in memory, and then tormented.</summary>
public sealed class WholeLifeTests
{
    private static readonly RunPlan Plan = Plans.TwoVariants();
    private static readonly World Calm = new World(Plan).RunToEnd();
    private static readonly World Visited = BesideThePlanTests.Visited().RunToEnd();

    [Fact] public void Every_instance_lives_all_its_cycles_or_is_parked()
    {
        var supervisor = Calm.Streams.Single(s => s.At == Address.Supervisor).Events;
        supervisor.OfType<InstanceFinished>().Select(f => f.Instance).Order().ShouldBe(["frozen-1", "kept-1", "kept-2"]);
        supervisor.OfType<InstanceParked>().Select(p => p.Instance).ShouldBe(["frozen-2"]);
        supervisor[^1].ShouldBeOfType<RunEnded>().ShouldSatisfyAllConditions(e => e.Finished.ShouldBe(3), e => e.Parked.ShouldBe(1));
    }

    [Fact] public void Every_generation_of_every_variant_is_probed()
    {
        foreach (var instance in (string[])["kept-1", "kept-2", "frozen-1"])
            EventsOf(instance, Loop.Self).OfType<Probed>().Select(p => p.Generation).ShouldBe(Enumerable.Range(0, Plan.Rounds + 1));
    }

    // A shard's supervisor begins with another event; ShardTests has it.
    [Fact] public void Every_event_of_the_catalogue_happens() =>
        Visited.Streams.Concat(JobWorldTests.Calm.Streams).SelectMany(s => s.Events).Select(e => e.GetType()).Append(typeof(ShardPlanned)).Distinct().OrderBy(t => t.Name, StringComparer.Ordinal).ShouldBe(MindEvents.Catalogue.Types.OrderBy(t => t.Name, StringComparer.Ordinal));

    [Fact] public void Every_duty_is_owed_at_some_time()
    {
        var owed = Visited.Streams.Concat(JobWorldTests.Calm.Streams).SelectMany(s => States(s.At, s.Events)).Select(s => s switch { SelfState self => (object)self.Duty, TrainerState trainer => trainer.Duty, _ => s }).Select(d => d.GetType()).ToHashSet();
        typeof(SelfDuty).GetNestedTypes().Concat(typeof(TrainerDuty).GetNestedTypes()).Except(owed).Select(t => t.Name).ShouldBeEmpty("so that every arm of every switch over duties is fed");
    }

    [Fact] public void An_error_is_never_taken_for_a_thought()
    {
        foreach (var stored in Calm.Streams.SelectMany(s => s.Events).OfType<Stored>())
            (stored.Output + stored.Reflection).ShouldNotContain("503");
    }

    [Fact] public void Recalled_text_is_never_stored_again_as_new()
    {
        foreach (var life in Calm.Streams.GroupBy(s => s.At.Instance))
            life.SelectMany(s => s.Events).OfType<Stored>().Select(s => s.Output).ShouldBeUnique();
    }

    [Fact] public void The_events_of_a_life_have_one_order() =>
        Calm.Journal.Where(l => l.StartsWith("kept-1/", StringComparison.Ordinal)).Select(l => int.Parse(l.Split(' ')[1])).Order().ShouldBe(Enumerable.Range(1, Plan.Instances.Any() ? EventCount("kept-1") : 0));

    [Fact] public void Every_command_taken_twice_yields_no_events_the_second_time()
    {
        HashSet<Type> seen = [];
        BesideThePlanTests.Visited(taken: Twice).RunToEnd();
        JobWorldTests.Visited(taken: Twice).RunToEnd();
        var all = typeof(Loop).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Command)));
        all.Except(seen).Select(t => t.Name).ShouldBeEmpty("every command occurs in these lives");

        void Twice(Faculty faculty, object state, Command command)
        {
            seen.Add(command.GetType());
            var once = faculty.Decide(state, command);
            var after = once.Events.Aggregate(state, faculty.Evolve);
            var twice = faculty.Decide(after, command);
            twice.Events.ShouldBeEmpty($"{command.GetType().Name} again");
            twice.Refusal.ShouldBe(once.Refusal);
        }
    }

    [Fact] public void Every_command_of_a_life_is_old_news_at_its_end()
    {
        List<(Faculty Faculty, Address At, Command Command)> taken = [];
        var world = new World(Plan) { Taken = (faculty, _, command) => taken.Add((faculty, default, command)) }.RunToEnd();
        foreach (var (faculty, _, command) in taken)
        {
            foreach (var stream in world.Streams.Where(s => World.FacultyAt(s.At) == faculty))
            {
                if (Concerns(stream.At.Instance, command))
                    faculty.Decide(stream.Events.Aggregate(faculty.Initial, faculty.Evolve), command).Events.ShouldBeEmpty($"{command} at the end of {stream.At}");
            }
        }
    }

    [Fact] public void Every_state_survives_its_snapshot_and_owes_the_same()
    {
        foreach (var (at, events) in Visited.Streams.Concat(JobWorldTests.Calm.Streams))
        {
            var faculty = World.FacultyAt(at);
            foreach (var state in States(at, events))
            {
                var bytes = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, faculty.StateJson);
                var read = System.Text.Json.JsonSerializer.Deserialize(bytes, faculty.StateJson)!;
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(read, faculty.StateJson).ShouldBe(bytes);
                faculty.Pending(read).Select(e => e.Key).ShouldBe(faculty.Pending(state).Select(e => e.Key));
            }
        }
    }

    [Fact] public void A_crash_at_any_step_changes_nothing()
    {
        for (var step = 1; step < Calm.Steps; step++)
        {
            var world = new World(Plan);
            for (var i = 0; i < step; i++)
                world.Step();
            world.Crash();
            Compare(world.RunToEnd(), $"after a crash at step {step}");
        }
    }

    [Fact] public void A_crash_again_and_again_changes_nothing()
    {
        var world = new World(Plan);
        for (var step = 1; world.Step(); step++)
        {
            if (step % 151 == 0)
                world.Crash();
            step.ShouldBeLessThan(50_000, "a life must get on between crashes");
        }

        Compare(world, "after many crashes");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_message_delivered_several_times_changes_nothing(int copies) =>
        Compare(new World(Plan) { Copies = waiting => waiting < 400 ? copies : 1 }.RunToEnd(), $"with {copies} copies of each message");

    [Fact] public void Duplicates_in_any_order_change_nothing()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var (dice, rolls) = (new Seed(seed), 0L);
            double Roll() => dice.Derive(rolls++).Unit();
            var world = new World(Plan) { Choose = n => (int)(Roll() * n), Copies = waiting => waiting < 60 && Roll() < 0.4 ? 2 : 1 };
            Compare(world.RunToEnd(), $"with seed {seed}");
        }
    }

    [Fact] public void Duplicates_in_any_order_and_crashes_change_nothing()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var (dice, rolls) = (new Seed(seed), 0L);
            double Roll() => dice.Derive(rolls++).Unit();
            var world = new World(Plan) { Choose = n => (int)(Roll() * n), Copies = waiting => waiting < 60 && Roll() < 0.3 ? 2 : 1 };
            world.Step(); // the run is planned
            while (world.Step())
            {
                if (Roll() < 0.005)
                    world.Crash();
            }

            Compare(world, $"with seed {seed}");
        }
    }

    private static IEnumerable<object> States(Address at, ImmutableArray<Event> events)
    {
        var (faculty, state) = (World.FacultyAt(at), World.FacultyAt(at).Initial);
        yield return state;
        foreach (var happened in events)
            yield return state = faculty.Evolve(state, happened);
    }

    private static bool Concerns(string instance, Command command) => command switch
    {
        BeginSelf b => b.Spec.Name == instance,
        BeginTrainer b => b.Spec.Name == instance,
        BeginMemory b => b.Instance == instance,
        BeginCurator b => b.Instance == instance,
        _ => instance != "frozen-2", // the parked one was left in the middle of its life
    };

    private static void Compare(World world, string how) => Compare(Calm, world, how);

    internal static void Compare(World calm, World world, string how)
    {
        var (expected, actual) = (calm.Journal, world.Journal);
        for (var i = 0; i < Math.Min(expected.Length, actual.Length); i++)
            Assert.True(actual[i] == expected[i], $"{how}, line {i} is\n{actual[i]}\nand not\n{expected[i]}");
        actual.Length.ShouldBe(expected.Length, how);
    }

    private static ImmutableArray<Event> EventsOf(string instance, string faculty) => Calm.Streams.Single(s => s.At == new Address(instance, faculty)).Events;

    private static int EventCount(string instance) => Calm.Streams.Where(s => s.At.Instance == instance).Sum(s => s.Events.Length);
}
