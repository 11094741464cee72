using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.VectorStores;
using AiMe.VectorStores.Indexing;

namespace AiMe.Lab.Runs.Indexes;

/// <summary>The vector store in which the memories of a run are found.</summary>
/// <remarks>
/// Nothing is connected before the first search. A session that opens the index disposes of it at its end, also after a failure; a
/// command that searches without a session does so itself. Then connections and copies of memories are gone, and no search is answered
/// until the next session opens the index.
/// </remarks>
public sealed class RunIndex : IAsyncDisposable
{
    // A session that closes does not wait for long.
    private static readonly TimeSpan LastWritesAtMost = TimeSpan.FromSeconds(30),
        LastNoteAtMost = TimeSpan.FromSeconds(5);

    private readonly Func<StoreIndex> _connect;
    private readonly IndexFailureLog _failures;
    private readonly Lock _lock = new();
    private StoreIndex? _index;
    private IndexReleases? _releases;
    private bool _isClosed;

    private RunIndex(RunPlan plan, IndexPlan index, IJournal journal)
    {
        StoreConnections.CheckKey(index.Store);
        _failures = new IndexFailureLog(index.Store.Kind);
        _connect = () =>
            new StoreIndex(
                StoreConnections.Connect(index),
                new ScanIndex(),
                async (instance, cancellationToken) =>
                    new MemoryRecords(
                        journal,
                        new InstanceKey(plan.Run, instance),
                        await VariantOfAsync(plan, journal, instance, cancellationToken)
                    ),
                new StoreIndexOptions(index.Candidates, index.Waits),
                _failures,
                TimeProvider.System
            );
        Search = new Searches(this);
    }

    /// <summary>Searches it.</summary>
    internal IMemoryIndex Search { get; }

    /// <summary>Number of instances whose memories are copied in this process, to be compared with the store.</summary>
    public int Copies
    {
        get
        {
            lock (_lock)
                return _index?.Copies ?? 0;
        }
    }

    /// <summary>The store that a plan names; null for the embedded index. No call is made.</summary>
    /// <exception cref="Models.MissingKeyException">A key is missing; the message names its variable.</exception>
    internal static RunIndex? Of(RunPlan plan, IJournal journal) => plan.Index is { } index ? new RunIndex(plan, index, journal) : null;

    /// <summary>Connects a session's supervisor.</summary>
    /// <param name="holder">The session's writer id.</param>
    internal void Open(string holder, Func<SupervisorCommand, ValueTask> tell, SessionWatch watch, TimeProvider time)
    {
        _failures.Open(holder, tell, watch, time);
        lock (_lock)
        {
            _isClosed = false;
            _releases = new IndexReleases(Current());
            watch.Rested = _releases.Add;
        }
    }

    /// <summary>Ends the waiting for a store that is down: those searches stay pending. Copies are released at the end alone.</summary>
    internal void Shut()
    {
        _failures.Shut();
        _releases?.Shut();
    }

    /// <summary>
    /// Writes the memories that no search came after, and records how many searches were not answered. The supervisor still takes
    /// commands.
    /// </summary>
    internal async Task FinishAsync(CancellationToken now)
    {
        if (_releases is { } releases)
            await releases.EndAsync();
        await WithinAsync(LastWritesAtMost, Current().CatchUpAsync, now);
        await WithinAsync(LastNoteAtMost, _failures.SettleAsync, now); // also after writes that took too long
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        StoreIndex? index;
        IndexReleases? releases;
        lock (_lock)
        {
            (index, releases) = (_index, _releases);
            (_index, _releases, _isClosed) = (null, null, true);
        }

        releases?.Shut();
        if (index is not null)
            await index.DisposeAsync();
    }

    private StoreIndex Current()
    {
        lock (_lock)
            return _isClosed ? throw new StaysOwedException("The session is closed.") : _index ??= _connect();
    }

    private static async Task WithinAsync(TimeSpan most, Func<CancellationToken, Task> work, CancellationToken now)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(now);
        over.CancelAfter(most);
        try
        {
            await work(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The next session writes what is missing.
        }
    }

    // A fork is in the journal before its first effect.
    private static async Task<string> VariantOfAsync(
        RunPlan plan,
        IJournal journal,
        string instance,
        CancellationToken cancellationToken
    ) =>
        plan.PlannedVariantOf(instance)?.Name
        ?? (await InstanceReader.ReadRunAsync(journal, plan.Run, cancellationToken))?.Instances.GetValueOrDefault(instance)?.Variant
        ?? throw new InvalidOperationException(
            $"{plan.Run}/{instance} is neither planned nor a fork in the journal, so its variant is unknown. This is a bug in AiMe."
        );

    private sealed class Searches(RunIndex run) : IMemoryIndex
    {
        public async Task<ImmutableArray<ImmutableArray<Hit>>> SearchAsync(
            MemoryView view,
            ImmutableArray<Embedding> queries,
            CancellationToken cancellationToken
        ) => await run.Current().SearchAsync(view, queries, cancellationToken);
    }
}
