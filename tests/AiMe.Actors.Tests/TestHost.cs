using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Actors.Tests;

/// <summary>A journal in memory in which a test can stand in the way.</summary>
internal sealed class WatchedJournal : IJournal, ISnapshots
{
    private readonly InMemoryJournal _inner = new(TimeProvider.System);
    private int _appends;

    /// <summary>Runs before an append is made.</summary>
    public Func<PersistenceId, ImmutableArray<JournalEntry>, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What a row is read as; null for missing.</summary>
    public Func<JournalRow, JournalRow?> Read { get; set; } = row => row;

    /// <summary>What a snapshot is read as.</summary>
    public Func<byte[], byte[]> Loaded { get; set; } = bytes => bytes;

    public int Appends => Volatile.Read(ref _appends);

    public ConcurrentQueue<(string Stream, long From)> Reads { get; } = [];

    public async Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _appends);
        await Before(stream, entries);
        await _inner.AppendAsync(stream, writer, entries, cancellationToken);
    }

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Reads.Enqueue((stream.Value, from));
        await foreach (var row in _inner.ReadAsync(stream, from, to, cancellationToken))
        {
            if (Read(row) is { } read)
                yield return read;
        }
    }

    public IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        _inner.ReadAllAsync(afterOrdering, cancellationToken);

    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        _inner.HighestSequenceNumberAsync(stream, cancellationToken);

    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        _inner.DeleteAsync(stream, toSequenceNumber, cancellationToken);

    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        _inner.PersistenceIdsAsync(prefix, cancellationToken);

    public Task SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    ) => ((ISnapshots)_inner).SaveAsync(stream, sequenceNumber, manifest, state, cancellationToken);

    public async Task<Snapshot?> LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken) =>
        await ((ISnapshots)_inner).LoadAsync(stream, atMost, cancellationToken) is { } snapshot
            ? snapshot with
            {
                State = Loaded(snapshot.State.ToArray()),
            }
            : null;

    public IAsyncEnumerable<Snapshot> AllAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        ((ISnapshots)_inner).AllAsync(stream, cancellationToken);

    Task ISnapshots.DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        ((ISnapshots)_inner).DeleteAsync(stream, toSequenceNumber, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What was journalled: instances' streams exactly, the supervisor's without order.</summary>
    public async Task<ImmutableArray<string>> LinesAsync()
    {
        List<(string Stream, string Line)> lines = [];
        foreach (var id in await PersistenceIdsAsync("", default))
        {
            await foreach (var row in _inner.ReadAsync(id, 1, long.MaxValue, default))
            {
                var (envelope, stream) = (EventEnvelope.Read(row.Message), id.Value["test/".Length..]);
                var text = $"{row.Manifest} {System.Text.Encoding.UTF8.GetString(envelope.Data.Span)}";
                lines.Add((stream, stream == "supervisor" ? text : $"{stream} {envelope.Index} {text}"));
            }
        }

        return
        [
            .. lines.Where(l => l.Stream != "supervisor").Select(l => l.Line),
            .. lines.Where(l => l.Stream == "supervisor").Select(l => l.Line).Order(StringComparer.Ordinal),
        ];
    }
}

/// <summary>The script as a world, with a test standing in the way.</summary>
internal sealed class TestEffects : IEffects
{
    /// <summary>Runs before an effect is answered.</summary>
    public Func<string, Effect, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
    {
        await Before(instance, effect, cancellationToken);
        return Faculties.Tests.Script.Answer(instance, effect);
    }
}

/// <summary>Notes what the runtime does.</summary>
internal sealed class HostWatcher : IRuntimeObserver
{
    private readonly TaskCompletionSource<RunEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<RunEnded> Ended => _ended.Task;

    public ConcurrentQueue<(string Instance, Event Happened)> Events { get; } = [];

    public ConcurrentQueue<(string Instance, int Attempt, TimeSpan Pause)> Restarts { get; } = [];

    public ConcurrentQueue<string> Refusals { get; } = [];

    /// <summary>Called at every notice.</summary>
    public Action Here { get; set; } = () => { };

    public void Happened(string instance, string faculty, Event happened)
    {
        Here();
        Events.Enqueue((instance, happened));
        if (happened is RunEnded ended)
            _ended.TrySetResult(ended);
    }

    public void Refused(string instance, string faculty, Command command, string why) => Refusals.Enqueue($"{instance}/{faculty}: {why}");

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause)
    {
        Here();
        Restarts.Enqueue((instance, attempt, pause));
    }
}

/// <summary>An actor system over test doubles.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Task<IRuntime> _opening;

    public TestHost(
        WatchedJournal journal,
        TestEffects? effects = null,
        RunPlan? plan = null,
        Func<HostSettings, HostSettings>? with = null
    )
    {
        Plan = plan ?? Faculties.Tests.Plans.TwoVariants();
        Effects = effects ?? new TestEffects();
        var options = new HostSettings
        {
            Run = "test",
            Writer = new WriterId("w1"),
            Faculties = Loop.Faculties,
            Supervisor = Loop.Supervision,
            Codec = FacultyEvents.Codec,
            Park = (instance, reason) => new ParkInstance(instance, reason),
            Parallel = 2,
            SnapshotEvery = 0,
        };
        _opening = new ActorHosting(journal, journal, TimeProvider.System).OpenAsync(with?.Invoke(options) ?? options, Effects, Watcher);
    }

    public RunPlan Plan { get; }

    public TestEffects Effects { get; }

    public HostWatcher Watcher { get; } = new();

    /// <summary>The host, once it is open.</summary>
    public IRuntime Runtime => _opening.IsCompletedSuccessfully ? _opening.Result : throw new InvalidOperationException("open it first");

    public async Task<TestHost> OpenAsync()
    {
        await _opening;
        return this;
    }

    public async Task<TestHost> StartAsync()
    {
        await (await _opening).TellAsync(FacultyAddress.Supervisor, new StartRun(Plan));
        return this;
    }

    public async Task<RunEnded> EndAsync()
    {
        await await Task.WhenAny(Watcher.Ended, Runtime.Failure).WaitAsync(Patience);
        return await Watcher.Ended;
    }

    public async ValueTask DisposeAsync() => await (await _opening).DisposeAsync();
}
