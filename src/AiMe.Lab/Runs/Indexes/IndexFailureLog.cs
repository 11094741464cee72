using System.Numerics;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.VectorStores;
using AiMe.VectorStores.Indexing;

namespace AiMe.Lab.Runs.Indexes;

/// <summary>Has the run's supervisor record how many searches its vector store did not answer.</summary>
/// <remarks>
/// The first failure of a kind is durable before its search goes on; so is the second, the fourth and so on, so that a store that stays
/// down adds few events. The exact number follows when the session closes.
/// </remarks>
/// <param name="store">The kind of the store.</param>
internal sealed class IndexFailureLog(string store) : IIndexFailures
{
    // A message to another process may be lost.
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Searches, string Words)> _failed = new(StringComparer.Ordinal);
    private volatile OpenSession? _session;

    /// <inheritdoc />
    /// <remarks>Without a session, a user asks and hosts no run: nothing is recorded.</remarks>
    public async Task FailedAsync(VectorStoreException failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (_session is not { } session)
            return;
        var kind = failure.IsTransient ? IndexFailed.Unanswered : IndexFailed.Refused;
        int searches;
        lock (_lock)
        {
            searches = _failed.GetValueOrDefault(kind).Searches + 1;
            _failed[kind] = (searches, failure.Message);
        }

        if (BitOperations.IsPow2(searches))
            await session.RecordAsync(new NoteIndexFailures(session.Holder, store, kind, failure.Message, searches), cancellationToken);
    }

    /// <inheritdoc />
    public async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _session?.Closing ?? CancellationToken.None);
        try
        {
            await Task.Delay(pause, _session?.Time ?? TimeProvider.System, over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StaysOwedException("The session is closed.");
        }
    }

    /// <summary>Connects a session's supervisor.</summary>
    /// <param name="holder">The session's writer id.</param>
    public void Open(string holder, Func<SupervisorCommand, ValueTask> tell, SessionWatch watch, TimeProvider time)
    {
        lock (_lock)
            _failed.Clear();
        _session = new OpenSession(holder, tell, watch, time);
    }

    /// <summary>Ends the waiting for a store: those searches stay pending.</summary>
    public void Shut() => _session?.Shut();

    /// <summary>Records the exact numbers. The supervisor still takes commands.</summary>
    public async Task SettleAsync(CancellationToken now)
    {
        if (_session is not { } session)
            return;
        NoteIndexFailures[] last;
        lock (_lock)
            last = [.. _failed.Select(f => new NoteIndexFailures(session.Holder, store, f.Key, f.Value.Words, f.Value.Searches))];
        foreach (var command in last)
            await session.RecordOnceAsync(command, now);
    }

    private sealed class OpenSession(string holder, Func<SupervisorCommand, ValueTask> tell, SessionWatch watch, TimeProvider time)
    {
        private readonly CancellationTokenSource _closing = new();

        public string Holder => holder;

        public TimeProvider Time => time;

        public CancellationToken Closing => _closing.Token;

        public void Shut() => _closing.Cancel();

        // A closing session records the last number alone.
        public async Task RecordAsync(NoteIndexFailures command, CancellationToken cancellationToken)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
            try
            {
                while (!watch.State.HasNoted(command))
                    await RecordOnceAsync(command, over.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It is closing.
            }
        }

        public async Task RecordOnceAsync(NoteIndexFailures command, CancellationToken cancellationToken)
        {
            if (watch.State.HasNoted(command))
                return;
            await tell(command);
            using var patience = new CancellationTokenSource(AgainAfter, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            try
            {
                await watch.UntilAsync(run => run.HasNoted(command), either.Token);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // told again, if it may
            }
        }
    }
}
