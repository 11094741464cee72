using System.Collections.Immutable;
using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;

namespace AiMe.Runtime.Tests;

/// <summary>A local runtime over test doubles.</summary>
internal sealed class Host : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly LocalRuntime _runtime;

    public Host(TestJournal journal, TestEffects? effects = null, RunPlan? plan = null, ImpatientClock? clock = null, Func<HostOptions, HostOptions>? with = null, RuntimeOptions? running = null)
    {
        Plan = plan ?? Plans.TwoVariants();
        (Clock, Effects) = (clock ?? new ImpatientClock(), effects ?? new TestEffects());
        var options = new HostOptions
        {
            Run = "test",
            Writer = new WriterId("w1"),
            Faculties = Loop.Faculties,
            Supervision = Loop.Supervision,
            Catalogue = MindEvents.Catalogue,
            Park = (instance, reason) => new ParkInstance(instance, reason),
            Parallel = 2,
            SnapshotEvery = 0,
        };
        _runtime = new LocalRuntime(with?.Invoke(options) ?? options, journal, journal, Effects, Watcher, Clock, running);
    }

    public RunPlan Plan { get; }

    public ImpatientClock Clock { get; }

    public TestEffects Effects { get; }

    public Watcher Watcher { get; } = new();

    public LocalRuntime Runtime => _runtime;

    public async Task<Host> StartAsync()
    {
        await _runtime.TellAsync(Address.Supervisor, new StartRun(Plan));
        return this;
    }

    public async Task<RunEnded> EndAsync()
    {
        var first = await Task.WhenAny(Watcher.Ended, _runtime.Failure).WaitAsync(Patience);
        await first;
        return await Watcher.Ended;
    }

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
