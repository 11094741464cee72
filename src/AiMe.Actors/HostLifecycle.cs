namespace AiMe.Actors;

/// <summary>State of a host: how many of its actors are busy, whether it is stopping, and why it failed.</summary>
internal sealed class HostLifecycle : IDisposable
{
    private readonly CancellationTokenSource _stopping = new(),
        _cancelled = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _working;
    private int _pausing;
    private int _resident;

    /// <summary>Whether the host is stopping: no new work starts.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether no actor is busy or about to recover.</summary>
    public bool IsIdle => Volatile.Read(ref _working) == 0 && Volatile.Read(ref _pausing) == 0;

    /// <summary>
    /// Whether an actor is busy. An actor that waits before it recovers is not: a stopping host does not wait for it.
    /// </summary>
    public bool IsWorking => Volatile.Read(ref _working) > 0;

    /// <summary>Number of instances in memory.</summary>
    public int Resident => Volatile.Read(ref _resident);

    /// <summary>Cancelled when the host starts to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when running effects are to be abandoned; they stay pending.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Faults when the host cannot continue.</summary>
    public Task Failure => _failed.Task;

    /// <summary>Records that an actor's work has changed.</summary>
    public void Change(Work from, Work to)
    {
        if (from == to)
            return;
        if (to == Work.Busy)
            Interlocked.Increment(ref _working);
        if (from == Work.Pausing)
            Interlocked.Decrement(ref _pausing);
        if (to == Work.Pausing)
            Interlocked.Increment(ref _pausing);
        if (from != Work.Busy || Interlocked.Decrement(ref _working) != 0 || !IsStopping)
            return;
        lock (_lock)
            _idle.TrySetResult();
    }

    /// <summary>Changes the number of instances in memory.</summary>
    public void AddResident(int change) => Interlocked.Add(ref _resident, change);

    /// <summary>Records that the host cannot continue, and why.</summary>
    public void Fail(Exception failure)
    {
        IsStopping = true;
        _failed.TrySetException(failure);
    }

    /// <summary>Starts no new work from now on.</summary>
    public void BeginStopping() => IsStopping = true;

    /// <summary>
    /// Starts no new work, and completes when no actor is busy, when the host has failed, or when the token is
    /// cancelled.
    /// </summary>
    public async Task BecomeIdleAsync(CancellationToken now)
    {
        BeginStopping();
        await _stopping.CancelAsync();
        while (IsWorking && !now.IsCancellationRequested && !_failed.Task.IsCompleted)
        {
            Task idle;
            lock (_lock)
            {
                if (_idle.Task.IsCompleted)
                    _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                idle = _idle.Task;
            }

            if (!IsWorking)
                return;
            await Task.WhenAny(idle, _failed.Task, Task.Delay(Timeout.Infinite, now)); // then checks again: work may have arrived meanwhile
        }
    }

    /// <summary>Abandons running effects; they stay pending.</summary>
    public Task CancelAsync() => _cancelled.CancelAsync();

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Dispose();
        _cancelled.Dispose();
    }
}

/// <summary>An actor's work, as its host counts it.</summary>
internal enum Work
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A command, a write or an effect is in progress.</summary>
    Busy,

    /// <summary>The actor failed and waits before it recovers. A stopping host does not wait for it.</summary>
    Pausing,
}
