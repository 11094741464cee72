using System.Diagnostics;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Bench;

/// <summary>A run of scripted instances in an actor system of its own, as a session of the product hosts it.</summary>
internal sealed class ScriptedRun : IRuntimeObserver, IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IJournal _journal;
    private readonly RunPlan _plan;
    private readonly Task<IRuntime> _runtime;
    private long _stored,
        _events;
    private long _first,
        _last;

    /// <param name="akkaSql">The store to which Akka.Persistence.Sql writes; null for AiMe's own plugin.</param>
    /// <param name="awake">Which instances are given messages; null for all.</param>
    public ScriptedRun(
        RunPlan plan,
        IJournal journal,
        TimeSpan passivateAfter,
        int snapshotEvery = 200,
        Func<string, bool>? awake = null,
        StoreAddress? akkaSql = null
    )
    {
        (_plan, _journal) = (plan, journal);
        var options = new HostSettings
        {
            Run = plan.Run,
            Writer = new WriterId("0123456789abcdef0123456789abcdef"),
            Faculties = Loop.Faculties,
            Supervisor = Loop.Supervision,
            Codec = FacultyEvents.Codec,
            Park = (instance, reason) => new ParkInstance(instance, reason),
            PassivateAfter = passivateAfter,
            SnapshotEvery = snapshotEvery,
            Awake = awake ?? (_ => true),
        };
        _runtime = new ActorHosting(journal, journal as ISnapshots, TimeProvider.System) { AkkaSqlStore = akkaSql }.OpenAsync(
            options,
            new ScriptedMind(),
            this
        );
    }

    /// <summary>Experiences stored after the first, and the time between the first and the last: births are left out.</summary>
    public (long Done, TimeSpan Took) Experiences => (Interlocked.Read(ref _stored) - 1, Stopwatch.GetElapsedTime(_first, _last));

    /// <summary>Events written in all.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Experiences stored so far.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Starts the run.</summary>
    public async Task StartAsync() => await (await _runtime).TellAsync(FacultyAddress.Supervisor, new StartRun(_plan));

    /// <summary>Runs all instances to their end.</summary>
    public async Task EndAsync(CancellationToken cancelled)
    {
        await StartAsync();
        await await Task.WhenAny(_ended.Task, (await _runtime).Failure).WaitAsync(cancelled);
    }

    /// <summary>Completes when nothing is in hand any more.</summary>
    public async Task RestAsync(CancellationToken cancelled)
    {
        while (!(await _runtime).IsIdle)
            await Task.Delay(10, cancelled);
    }

    /// <summary>Instances in memory.</summary>
    public async Task<int> ResidentAsync() => ((HostedInstances)await _runtime).Resident;

    /// <summary>Bytes of the texts and vectors that an instance remembers, in Memory and, for novelty, in the Curator.</summary>
    public async Task<long> MemoriesOfAsync(string instance, CancellationToken cancelled)
    {
        var (memory, curator) = (
            (MemoryState)await StateAsync(instance, Loop.Memory, cancelled),
            (CuratorState)await StateAsync(instance, Loop.Curator, cancelled)
        );
        return memory.Items.Sum(i => 2L * i.Text.Length + i.Embedding.Components.Length)
            + memory.Batch.Sum(e => 2L * e.Completion.Length)
            + curator.Past.Sum(p => p.Output.Components.Length);
    }

    public void Happened(string instance, string faculty, Event happened)
    {
        Interlocked.Increment(ref _events);
        if (happened is Stored)
        {
            var now = Stopwatch.GetTimestamp();
            if (Interlocked.Increment(ref _stored) == 1)
                _first = now;
            _last = now; // of two at once either will do
        }
        else if (happened is RunEnded ended)
        {
            if (ended.Parked > 0)
                _ended.TrySetException(new InvalidOperationException($"{ended.Parked} lives were parked: the script is wrong."));
            _ended.TrySetResult();
        }
    }

    public void Refused(string instance, string faculty, Command command, string why) =>
        _ended.TrySetException(new InvalidOperationException($"{instance}/{faculty}: {why}"));

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) => _ended.TrySetException(failure);

    public async ValueTask DisposeAsync() => await (await _runtime).DisposeAsync();

    private async Task<object> StateAsync(string instance, string faculty, CancellationToken cancelled) =>
        (
            await StreamFold.ReadAsync(
                Loop.Faculties.Single(f => f.Name == faculty),
                PersistenceId.Of(_plan.Run, new FacultyAddress(instance, faculty)),
                _journal,
                snapshots: null,
                FacultyEvents.Codec,
                cancelled
            )
        ).State;
}
