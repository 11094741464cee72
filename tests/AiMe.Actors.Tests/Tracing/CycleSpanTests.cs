using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Hosts;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Actors.Tests.Tracing;

/// <summary>What a listener in the process is told of a small run.</summary>
public sealed class CycleSpanTests
{
    private const string Heard = "traced-12345678",
        InTrouble = "troubled-12345678",
        Unheard = "unheard-12345678";

    private static readonly string[] s_ofEveryCycle = ["search_memory", "generate_answer", "generate_reflection", "embed_experience"];

    [Fact]
    public async Task A_cycle_is_a_span_with_its_effects_as_children()
    {
        using var listener = new Spans(Heard);
        var plan = await LiveAsync(Heard);

        var cycles = listener.Ended.Where(s => s.OperationName == "cycle").ToArray();
        cycles.Length.ShouldBe(plan.Instances.Count() * plan.Cycles);
        cycles.Select(c => (c.GetTagItem("aime.instance"), c.GetTagItem("aime.cycle"))).ShouldBeUnique();
        foreach (var cycle in cycles)
        {
            cycle.Parent.ShouldBeNull();
            cycle.Status.ShouldBe(ActivityStatusCode.Unset);
            cycle.GetTagItem("gen_ai.agent.id").ShouldBe($"{Heard}/{cycle.GetTagItem("aime.instance")}");
            cycle.GetTagItem("aime.verdict").ShouldBeOfType<string>();
            var children = listener.Ended.Where(s => s.ParentSpanId == cycle.SpanId).ToArray();
            children.ShouldAllBe(s => s.TraceId == cycle.TraceId && s.OperationName.StartsWith("effect ", StringComparison.Ordinal));
            children.ShouldAllBe(s => Equals(s.GetTagItem("aime.instance"), cycle.GetTagItem("aime.instance")));
            children.ShouldAllBe(s =>
                s.StartTimeUtc >= cycle.StartTimeUtc && s.StartTimeUtc + s.Duration <= cycle.StartTimeUtc + cycle.Duration
            );
            s_ofEveryCycle.Except(children.Select(s => $"{s.GetTagItem("aime.effect")}")).ShouldBeEmpty();
        }

        listener.Ended.Where(s => s.OperationName is "effect train_model" or "effect ask_probes").ShouldAllBe(s => s.ParentId == null);
    }

    [Fact]
    public async Task An_effect_that_throws_is_a_failed_span_and_a_failure_in_the_metrics()
    {
        var failures = new ConcurrentBag<string>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Name == "aime.failures")
                    l.EnableMeasurementEvents(i);
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => failures.Add($"{tags[0].Value}"));
        meters.Start();
        using var listener = new Spans(InTrouble);
        var thrown = 0;

        await LiveAsync(InTrouble, (_, effect) =>
            effect is GenerateReflection && Interlocked.Increment(ref thrown) == 1 ? new TimeoutException("slow") : null
        );

        var failed = listener.Ended.Where(s => s.Status == ActivityStatusCode.Error).ToArray();
        failed.Select(s => s.OperationName).Order(StringComparer.Ordinal).ShouldBe(["cycle", "effect generate_reflection"]);
        failed.ShouldAllBe(s => Equals(s.GetTagItem("error.type"), "System.TimeoutException"));
        failures.ShouldContain("System.TimeoutException");
    }

    [Fact]
    public async Task Experiences_rounds_and_queues_are_counted()
    {
        var sums = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var meters = new MeterListener
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Name == Telemetry.Name)
                    l.EnableMeasurementEvents(i);
            },
        };
        meters.SetMeasurementEventCallback<long>((i, n, _, _) => sums.AddOrUpdate(i.Name, n, (_, before) => before + n));
        meters.Start();

        var plan = await LiveAsync(Unheard);

        // tests beside this one count too
        sums["aime.experiences"].ShouldBeGreaterThanOrEqualTo(plan.Instances.Count() * plan.Cycles);
        sums["aime.rounds"].ShouldBeGreaterThanOrEqualTo(plan.Instances.Count() * plan.Rounds);
        sums.ShouldContainKey("aime.effects.active");
        sums.ShouldContainKey("aime.commands.waiting");
    }

    [Fact]
    public async Task A_listener_changes_no_event()
    {
        string[] digests = new string[2];
        using (new Spans("none"))
            digests[0] = await DigestAsync();
        digests[1] = await DigestAsync();

        digests[0].ShouldBe(digests[1]);

        static async Task<string> DigestAsync()
        {
            var journal = new InMemoryJournal(TimeProvider.System);
            await LiveAsync("same-12345678", null, journal);
            return (await InstanceReader.ReadRunAsync(journal, "same-12345678", CancellationToken.None))!.Digest.ShouldNotBeNull();
        }
    }

    private static async Task<RunPlan> LiveAsync(
        string run,
        Func<string, Effect, Exception?>? trouble = null,
        InMemoryJournal? journal = null
    )
    {
        var blobs = new InMemoryBlobs();
        var plan = await ScriptedRun.PlanAsync(blobs, run, Plans.TwoVariants(replicates: 1, stimuli: 9, internalEvery: 3, every: 4));
        var watch = new Watch();
        await using var runtime = await new ActorHosting(
            journal ?? new InMemoryJournal(TimeProvider.System),
            null,
            TimeProvider.System
        ).OpenAsync(
            new HostSettings
            {
                Run = run,
                Writer = new WriterId("writer-1"),
                Faculties = Loop.Faculties,
                Supervisor = Loop.Supervision,
                Codec = FacultyEvents.Codec,
                Park = (i, why) => new ParkInstance(i, why),
                BackOff = TimeSpan.FromMilliseconds(1),
            },
            new ScriptedEffects(blobs, trouble is null ? null : new Troubled(trouble)),
            watch
        );
        await runtime.TellAsync(FacultyAddress.Supervisor, new StartRun(plan));
        await (await Task.WhenAny(watch.Ended.Task, runtime.Failure)).WaitAsync(TimeSpan.FromMinutes(1));
        await runtime.StopAsync(CancellationToken.None);
        return plan;
    }

    private sealed class Watch : IRuntimeObserver
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Happened(string instance, string faculty, Event happened)
        {
            if (happened is RunEnded)
                Ended.TrySetResult();
        }

        public void Refused(string instance, string faculty, Command command, string why) { }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
    }

    /// <summary>The ended spans of one run.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;

        public Spans(string run)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = s => s.Name == Telemetry.Name,
                Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = a =>
                {
                    if (Equals(a.GetTagItem("aime.run"), run))
                        Ended.Add(a);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentBag<Activity> Ended { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
