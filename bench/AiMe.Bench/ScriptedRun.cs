using System.Diagnostics;
using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Runtime;

namespace AiMe.Bench;

/// <summary>A run of scripted lives on the local host, as a session of the product makes it.</summary>
internal sealed class ScriptedRun : IRuntimeObserver, IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalRuntime _runtime;
    private readonly RunPlan _plan;
    private long _stored, _events;
    private long _first, _last;

    public ScriptedRun(RunPlan plan, IJournal journal, TimeProvider time, TimeSpan passivateAfter, int snapshotEvery = 200)
    {
        _plan = plan;
        _runtime = new LocalRuntime(
            new HostOptions
            {
                Run = plan.Run,
                Writer = new WriterId("0123456789abcdef0123456789abcdef"),
                Faculties = Loop.Faculties,
                Supervision = Loop.Supervision,
                Catalogue = MindEvents.Catalogue,
                Park = (instance, reason) => new ParkInstance(instance, reason),
                PassivateAfter = passivateAfter,
                SnapshotEvery = snapshotEvery,
            },
            journal, journal as ISnapshots, new ScriptedMind(), this, time);
    }

    /// <summary>Experiences stored after the first, and the time between the first and the last: births are left out.</summary>
    public (long Done, TimeSpan Took) Experiences => (Interlocked.Read(ref _stored) - 1, Stopwatch.GetElapsedTime(_first, _last));

    /// <summary>Events written in all.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Lives all lives to their end.</summary>
    public async Task EndAsync(CancellationToken cancelled)
    {
        await _runtime.TellAsync(Address.Supervisor, new StartRun(_plan));
        await await Task.WhenAny(_ended.Task, _runtime.Failure).WaitAsync(cancelled);
    }

    /// <summary>Completes when nothing is in hand any more.</summary>
    public async Task RestAsync(CancellationToken cancelled)
    {
        while (!_runtime.IsIdle)
            await Task.Delay(10, cancelled);
    }

    /// <summary>Bytes of the texts and vectors that an instance remembers, in Memory and, for novelty, in the Curator.</summary>
    public long MemoriesOf(string instance)
    {
        var (memory, curator) = ((MemoryState)_runtime.Look(new Address(instance, Loop.Memory))!.State, (CuratorState)_runtime.Look(new Address(instance, Loop.Curator))!.State);
        return memory.Items.Sum(i => 2L * i.Text.Length + i.Embedding.Components.Length) + memory.Batch.Sum(e => 2L * e.Completion.Length) + curator.Past.Sum(p => p.Output.Components.Length);
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

    public void Refused(string instance, string faculty, Command command, string why) => _ended.TrySetException(new InvalidOperationException($"{instance}/{faculty}: {why}"));

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) => _ended.TrySetException(failure);

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();
}
