using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs;

namespace AiMe.Web.View.Control;

/// <summary>The store, opened for writing at the first change, so that looking alone never writes.</summary>
/// <param name="open">Opens the store for writing; null if nothing may be changed.</param>
/// <param name="reading">The store as it is open for reading.</param>
/// <param name="parallel">Threads for model work.</param>
internal sealed class StoreWriter(Func<CancellationToken, Task<EventStore>>? open, EventStore reading, int parallel, TimeProvider time)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _closing = new();
    private ImmutableList<Task> _work = [];
    private EventStore? _store;

    /// <summary>Whether the store may be changed at all.</summary>
    public bool IsAllowed => open is not null;

    /// <summary>Threads for model work.</summary>
    public int Parallel => parallel;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The store for reading.</summary>
    public EventStore Reading => reading;

    /// <summary>Refuses every change if the server was started to look only.</summary>
    /// <exception cref="ControlException">It was.</exception>
    public void Demand()
    {
        if (open is null)
            throw new ControlException("`aime view` was started with --read-only: start it without, to change something.");
    }

    /// <summary>The store for writing.</summary>
    /// <exception cref="ControlException">The server was started to look only.</exception>
    public async Task<EventStore> OpenAsync(CancellationToken cancellationToken)
    {
        Demand();
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _store ??= await open!(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The models of a recorded run.</summary>
    public async Task<PreparedModels> PrepareAsync(RunPlan plan, Effects.IAnswerListener? listener, CancellationToken cancellationToken) =>
        await PreparedModels.PrepareAsync(plan, await OpenAsync(cancellationToken), parallel, listener, progress: null, cancellationToken);

    /// <summary>Does work of a page. It is cancelled when the server stops, and the store is closed after it.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var running = work(over.Token);
        ImmutableInterlocked.Update(ref _work, (all, one) => all.RemoveAll(w => w.IsCompleted).Add(one), running);
        await running;
    }

    /// <summary>Cancels the work of pages and waits for its end; a page gets its failure.</summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_work.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_store is { } store)
            await store.DisposeAsync();
        _gate.Dispose();
        _closing.Dispose();
    }
}
