using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

/// <summary>An instance branches off at any event of another, and goes on as that one would have gone on.</summary>
public sealed class ForkTests
{
    private const string Child = "child";

    private static readonly RunPlan Plan = Plans.TwoVariants(replicates: 1, stimuli: 12);

    // An instance with failures, insights, trainings, drives, an early end of a round, and what people said and told; it has nothing to give up on.
    private static readonly ImmutableArray<(long Index, string Faculty, Event Happened)> Parent =
    [
        .. Lived().RunToEnd().InstanceOf("kept-1"),
    ];

    public static TheoryData<int> Tenths { get; } = [.. Enumerable.Range(0, 10)];

    [Theory, MemberData(nameof(Tenths))]
    public void A_fork_at_any_event_repeats_its_parents_events(int tenth)
    {
        for (var at = tenth + 1; at <= Parent.Length; at += 10 * Trials.Step)
        {
            var run = Lived(r => r.Fork("kept-1", at, Child, rests: false)).RunToEnd();
            MustBeWhole(run, at);
            var lived = Told(run.InstanceOf(Child).Where(e => e.Index > at).Select(e => e.Happened));
            var expected = Told(Parent.Where(e => e.Index > at).Select(e => e.Happened));
            lived.ShouldBe(expected.Take(lived.Length), $"forked at event {at}, {Parent[at - 1].Happened.GetType().Name}");
            lived.Length.ShouldBe(
                Told(Parent.Where(e => e.Index > at && e.Index <= EndOfPlan(at)).Select(e => e.Happened)).Length,
                $"to the end of the plan and of what was in hand at event {at}"
            );
        }
    }

    [Theory, MemberData(nameof(Tenths))]
    public void A_fork_at_any_event_that_crashes_on_its_way_has_the_same_events(int tenth)
    {
        for (var at = tenth + 1; at <= Parent.Length; at += 10 * Trials.Step)
        {
            var calm = Lived(r => r.Fork("kept-1", at, Child, rests: false)).RunToEnd();
            var run = Lived(r => r.Fork("kept-1", at, Child, rests: false));
            run.RunUntil(() => run.Supervisor.Instances.ContainsKey(Child)).ShouldBeTrue();
            for (var step = 1; run.Step(); step++)
            {
                if (step % 499 == at % 499)
                    run.Crash();
            }

            WholeRunTests.Compare(calm, run, $"forked at event {at}");
        }
    }

    // Also from before its birth: it is born, and then rests.
    [Fact]
    public void A_fork_that_is_to_rest_ends_what_was_in_hand_and_rests()
    {
        foreach (var at in Enumerable.Range(1, 12).Concat(Enumerable.Range(13, Parent.Length - 12).Where(i => i % 9 == 0)))
        {
            var run = Lived(r => r.Fork("kept-1", at, Child, rests: true)).RunToEnd();
            run.Supervisor.Instances[Child].IsAtRest.ShouldBeTrue($"forked at event {at}");
            var heard = run.InstanceOf(Child).Where(e => e.Index > at && e.Happened is Heard);
            heard.ShouldBeEmpty($"forked at event {at}: it takes up nothing of the plan");
        }
    }

    [Theory, MemberData(nameof(Tenths))]
    public void A_fork_of_a_fork_repeats_the_same_events(int tenth)
    {
        for (var at = tenth + 1; at <= Parent.Length; at += 10 * Trials.Step)
        {
            var run = Lived(r => r.Fork("kept-1", at, Child, rests: false, Otherwise)).RunToEnd();
            var instance = run.InstanceOf(Child).ToArray();
            var second = at + 1 + (at * 31 % (instance.Length - at)); // somewhere behind the first, between its changes too
            run.Fork(Child, second, "grandchild", rests: false);
            run.RunToEnd();
            var lived = Told(run.InstanceOf("grandchild").Where(e => e.Index > second).Select(e => e.Happened));
            lived.ShouldBe(
                Told(instance.Where(e => e.Index > second).Select(e => e.Happened)),
                $"forked at event {at} and again at {second}"
            );
        }
    }

    [Theory, MemberData(nameof(Tenths))]
    public void A_fork_with_other_settings_follows_them_to_the_plans_end(int tenth)
    {
        for (var at = tenth + 1; at <= Parent.Length; at += 10 * Trials.Step)
        {
            var run = Lived(r => r.Fork("kept-1", at, Child, rests: false, Otherwise)).RunToEnd();
            MustBeWhole(run, at);
            var instance = run.InstanceOf(Child).Where(e => e.Index > at).Select(e => e.Happened).ToArray();
            instance.OfType<Judged>().ShouldAllBe(j => j.Judgement.Verdict == Verdict.Reject, $"forked at event {at}");
            var memory = run.State<MemoryState>(new FacultyAddress(Child, Loop.Memory));
            (memory.Instance, memory.Settings).ShouldBe((Child, Otherwise.Memory));
            run.State<TrainerState>(new FacultyAddress(Child, Loop.Trainer)).Began!.Settings.ShouldBe(Otherwise.Trainer);
        }
    }

    [Fact]
    public void The_parent_has_enough_events() => Parent.Length.ShouldBeGreaterThan(200);

    [Fact]
    public void A_fork_leaves_its_parent_and_the_runs_digest_as_they_were()
    {
        var before = Lived().RunToEnd();
        var run = Lived(r => r.Fork("kept-1", Parent.Length / 2, Child, rests: false, Otherwise)).RunToEnd();
        run.Journal.Where(line => !IsOf(Child, line)).ShouldBe(before.Journal);
        run.Supervisor.Digest.ShouldBe(before.Supervisor.Digest);
    }

    private static bool IsOf(string instance, string line) =>
        line.StartsWith(instance, StringComparison.Ordinal) || line.Contains($"\"instance\":\"{instance}\"", StringComparison.Ordinal);

    [Fact]
    public void A_fork_of_an_instance_that_gave_up_tries_again()
    {
        var run = new SimulatedRun(Plans.TwoVariants()).RunToEnd();
        run.Supervisor.Instances["frozen-2"].Status.ShouldBe(InstanceState.Parked);
        run.Fork("frozen-2", run.IndexOf("frozen-2"), Child, rests: false); // another name, to which the world answers
        run.RunToEnd();
        run.InstanceOf(Child).Select(e => e.Happened).OfType<TriedAgain>().ShouldHaveSingleItem();
        run.Supervisor.Instances[Child].Status.ShouldBe(InstanceState.Finished);
        run.Supervisor.Instances["frozen-2"].Status.ShouldBe(InstanceState.Parked);
    }

    [Fact]
    public void A_fork_in_a_running_run_ends_nothing_and_holds_nothing_up()
    {
        var run = new SimulatedRun(Plans.TwoVariants());
        run.RunUntil(() => run.EventsOf("kept-1", Loop.Self).Any(e => e is Probed { Generation: 1 })).ShouldBeTrue();
        run.Fork("kept-1", run.IndexOf("kept-1") / 2, Child, rests: false);
        run.RunToEnd();
        var alone = new SimulatedRun(Plans.TwoVariants()).RunToEnd();
        run.Supervisor.Digest.ShouldBe(alone.Supervisor.Digest);
        run.Supervisor.Instances[Child].IsAtRest.ShouldBeTrue();
    }

    [Fact]
    public void A_closed_cycle_is_known_from_what_happened()
    {
        var (point, closed, generation) = (InstancePosition.Start, 0, -1);
        foreach (var (_, _, happened) in Parent)
        {
            point = point.Next(happened);
            generation = happened is Probed p ? p.Generation : generation;
            if (happened is Heard h)
                point.Cycle.ShouldBe(h.Cycle - 1);
            if (point.IsBoundary)
                closed = point.Self.Cycle;
            (point.Cycle, point.Generation).ShouldBe((closed, generation), happened.ToString());
        }
    }

    private static InstanceSettings Otherwise { get; } =
        new(
            new Seed(77),
            Some.Self with
            {
                Candidates = 1,
                Attempts = 3,
            },
            Some.Memory with
            {
                Recall = 1,
                Capacity = 3,
            },
            Some.Reflector with
            {
                InsightThreshold = 4,
                Attempts = 3,
            },
            [new KeepNone()],
            Some.Trainer with
            {
                Data = DataRegime.Replace,
            }
        );

    private static SimulatedRun Lived(params ImmutableArray<Action<SimulatedRun>> visits)
    {
        Input[] inputs =
        [
            new Input.Said("Are you there?", "talk"),
            new Input.Told("Where were you?", "home", new Given("At home.", "I rested."), null),
            new Input.RoundEnd(),
            new Input.Told("And then?", "home", new Given("Abroad.", null), null),
            new Input.Said(Script.Unanswerable, "talk"),
            new Input.Appointment(Some.Base, "Ada", "to begin anew"),
            new Input.Said("And now?", "talk"),
        ];
        return new SimulatedRun(Plan) { Visits = [.. inputs.Select(Giving), .. visits] };

        static Action<SimulatedRun> Giving(Input input, int i) => run => run.Post(new Give("kept-1", $"a{i}", input, Some.Epoch));
    }

    // Unplanned input waited for the parent alone: a fork meets none of it but what was in hand.
    private static long EndOfPlan(long at)
    {
        var (point, cycles) = (InstancePosition.Start, Plan.Cycles);
        foreach (var (index, _, happened) in Parent)
        {
            point = point.Next(happened);
            if (index >= at && point.IsBoundary && point.Self.Cycle >= cycles)
                return index;
        }

        return Parent.Length;
    }

    private static void MustBeWhole(SimulatedRun run, long at)
    {
        var instance = run.InstanceOf(Child).ToArray();
        instance.Select(e => e.Index).ShouldBe(Enumerable.Range(1, instance.Length).Select(i => (long)i), $"forked at event {at}");
        var forked = instance[(int)at].Happened.ShouldBeOfType<Forked>();
        (forked.Index, forked.Heads).ShouldBe((at, run.HeadsAt("kept-1", at)));
        run.Supervisor.Instances[Child].IsAtRest.ShouldBeTrue($"forked at event {at}");
        var stored = instance
            .Select(e => e.Happened)
            .OfType<Stored>()
            .Select(s => s.Input)
            .Where(i => i.StartsWith("What of", StringComparison.Ordinal));
        stored.Order().ShouldBe(Plan.Stimuli.Select(s => s.Text).Order(), $"forked at event {at}");
    }

    // Without what names the instance, and the heads, which hold the index.
    private static ImmutableArray<string> Told(IEnumerable<Event> events) =>
        [
            .. events
                .Where(e => e is not (Forked or MemoryChanged or ReflectorChanged or CuratorChanged or TrainerChanged))
                .Select(e =>
                    e switch
                    {
                        Stored s => s with { Heads = Heads.None },
                        Probed p => p with { Heads = Heads.None },
                        _ => e,
                    }
                )
                .Select(e =>
                    $"{FacultyEvents.Codec.ManifestOf(e)} {System.Text.Encoding.UTF8.GetString(FacultyEvents.Codec.Write(e))}"
                        .Replace("grandchild", "kept-1", StringComparison.Ordinal)
                        .Replace(Child, "kept-1", StringComparison.Ordinal)
                ),
        ];
}
