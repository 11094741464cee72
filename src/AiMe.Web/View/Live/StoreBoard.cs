using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Web.View.Live;

/// <summary>The status of every run of a store, kept up to date while a page shows it.</summary>
/// <remarks>
/// One reader for all pages. Once or twice a second it asks for the newest row, which is one indexed query; only if there are new rows does
/// it read them, and only those. A run that has ended is looked at again only if rows were added since. Without a page it asks nothing.
/// Neither a run that cannot be read nor a page that is busy holds up the others.
/// </remarks>
internal sealed class StoreBoard(EventStore store, TimeProvider time) : IAsyncDisposable
{
    // Updates are shown within a second, and looks take at most a twentieth of the time: the run may need these cores.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromMilliseconds(950);
    private const int Share = 20;

    private static readonly TimeSpan LookAtProcessesEvery = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, RunWatch> _watches = new(StringComparer.Ordinal);
    private readonly ExperimentRuns _experiments = new(store.Journal);
    private readonly CancellationTokenSource _closing = new();
    private ImmutableList<Subscription> _subscriptions = [];
    private ImmutableDictionary<string, RunStatus> _statuses = ImmutableDictionary<string, RunStatus>.Empty;
    private ImmutableArray<string> _known = [];
    private Task? _following;

    /// <summary>The names of all runs; default until they are known.</summary>
    public ImmutableArray<string> Known { get; private set; }

    /// <summary>Why the store could not be read at the last look; null if it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>The ordering up to which rows were read.</summary>
    public long Seen { get; private set; } = -1;

    /// <summary>The status of a run; null until it was read, or if there is no such run.</summary>
    public RunStatus? this[string run] => _statuses.GetValueOrDefault(run);

    /// <summary>Has a page told of changes until the subscription is disposed.</summary>
    /// <param name="run">The run that the page shows; null for all.</param>
    /// <param name="changed">Called after a change, and once more if there were others meanwhile; must not throw.</param>
    public IDisposable Subscribe(string? run, Func<Task> changed)
    {
        var subscription = new Subscription(this, run, changed);
        lock (_lock)
        {
            _subscriptions = _subscriptions.Add(subscription);
            if (_following is null or { IsCompleted: true })
                _following = Task.Run(FollowAsync);
        }

        return subscription;
    }

    /// <summary>Reads a run now, for a page that is about to be shown.</summary>
    public async Task<RunStatus?> LookAsync(string run, CancellationToken cancellationToken) =>
        this[run] ?? await LookAtAsync(run, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_following is { } following)
            await following;
        _gate.Dispose();
        _closing.Dispose();
    }

    private readonly SemaphoreSlim _gate = new(1);

    private async Task FollowAsync()
    {
        using var look = new PeriodicTimer(LookEvery, time);
        var processes = time.GetTimestamp();
        try
        {
            do
            {
                lock (_lock)
                {
                    if (_subscriptions.IsEmpty)
                    {
                        _following = null;
                        return;
                    }
                }

                var all = time.GetElapsedTime(processes) >= LookAtProcessesEvery || Seen < 0;
                if (all)
                    processes = time.GetTimestamp();
                var began = time.GetTimestamp();
                await LookAsync(all);
                look.Period = TimeSpan.FromTicks(
                    Math.Clamp(time.GetElapsedTime(began).Ticks * Share, LookEvery.Ticks, LookAtLeastEvery.Ticks)
                );
            } while (await look.WaitForNextTickAsync(_closing.Token));
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task LookAsync(bool processes)
    {
        try
        {
            var newest = await store.Glance.NewestAsync(_closing.Token);
            var moved = newest != Seen;
            if (moved)
            {
                _known = [.. await InstanceReader.RunsAsync(store.Journal, _closing.Token)];
                if (Known.IsDefault || !Known.SequenceEqual(_known))
                {
                    Known = _known;
                    Tell(null);
                }
            }

            string? problem = null;
            var watched = _subscriptions;
            foreach (var run in _known.Where(r => IsDue(r, moved, processes, watched)))
                problem = await FindProblemAsync(run) ?? problem;
            (Seen, Problem) = (newest, problem);
        }
        catch (JournalException e)
        {
            Problem = e.Message; // pages show it; the next look may succeed
            Tell(null);
        }
    }

    private bool IsDue(string run, bool moved, bool processes, ImmutableList<Subscription> watched) =>
        this[run] is not { } status
        || !_watches[run].HasCounted
        || moved && (status.State != RunState.Ended || watched.Exists(s => s.Run == run) || status.Waiting > 0)
        || processes && status.State is not RunState.Ended;

    // A run that cannot be read is named; the others are read all the same.
    private async Task<string?> FindProblemAsync(string run)
    {
        try
        {
            await LookAtAsync(run, _closing.Token);
            return null;
        }
        catch (CorruptJournalException e)
        {
            Tell(null);
            return e.Message;
        }
    }

    private async Task<RunStatus?> LookAtAsync(string run, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var watch = _watches.GetValueOrDefault(run) ?? new RunWatch(store, run, time, _experiments, isQuick: true);
            if (await watch.LookAsync(cancellationToken) is not { } status)
                return null;
            _watches[run] = watch; // only of a run that exists: a page may ask for any name
            _statuses = _statuses.SetItem(run, status);
        }
        finally
        {
            _gate.Release();
        }

        Tell(run);
        return this[run];
    }

    private void Tell(string? run)
    {
        foreach (var subscription in _subscriptions.Where(s => run is null || s.Run is null || s.Run == run))
            subscription.Tell();
    }

    private sealed class Subscription(StoreBoard board, string? run, Func<Task> changed) : IDisposable
    {
        private int _untold; // changes since the page was told last

        public string? Run => run;

        public void Tell()
        {
            if (Interlocked.Increment(ref _untold) == 1)
                _ = Task.Run(TellAsync);
        }

        public void Dispose()
        {
            lock (board._lock)
                board._subscriptions = board._subscriptions.Remove(this);
        }

        private async Task TellAsync()
        {
            int told;
            do
            {
                told = Volatile.Read(ref _untold);
                await changed();
            } while (Interlocked.CompareExchange(ref _untold, 0, told) != told);
        }
    }
}
