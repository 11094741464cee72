namespace AiMe.Actors;

/// <summary>
/// How far a host is: how many of its actors are at work, whether it begins nothing new, and why it cannot go on.
/// </summary>
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

    /// <summary>Whether nothing new is begun.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether no actor has anything in hand, and none is about to recover.</summary>
    public bool IsIdle => Volatile.Read(ref _working) == 0 && Volatile.Read(ref _pausing) == 0;

    /// <summary>
    /// Whether an actor has anything in hand. One that waits before it recovers has not: a host that stops does not
    /// wait for it.
    /// </summary>
    public bool IsWorking => Volatile.Read(ref _working) > 0;

    /// <summary>Instances in memory.</summary>
    public int Resident => Volatile.Read(ref _resident);

    /// <summary>Cancelled once nothing new is begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled once effects in flight are to be left as owed.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Faults when the host cannot go on.</summary>
    public Task Failure => _failed.Task;

    /// <summary>What an actor has to do has changed.</summary>
    public void Change(Work from, Work to)
    {
        if (from == to)
            return;
        if (to == Work.InHand)
            Interlocked.Increment(ref _working);
        if (from == Work.Pausing)
            Interlocked.Decrement(ref _pausing);
        if (to == Work.Pausing)
            Interlocked.Increment(ref _pausing);
        if (from != Work.InHand || Interlocked.Decrement(ref _working) != 0 || !IsStopping)
            return;
        lock (_lock)
            _idle.TrySetResult();
    }

    /// <summary>An instance came into memory, or (below 0) left it.</summary>
    public void Reside(int more) => Interlocked.Add(ref _resident, more);

    /// <summary>The host cannot go on.</summary>
    public void Fail(Exception failure)
    {
        IsStopping = true;
        _failed.TrySetException(failure);
    }

    /// <summary>Begins nothing new.</summary>
    public void BeginStopping() => IsStopping = true;

    /// <summary>
    /// Begins nothing new, and completes when no actor has anything in hand, when the host cannot go on, or when the
    /// caller does not wait any longer.
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
            await Task.WhenAny(idle, _failed.Task, Task.Delay(Timeout.Infinite, now)); // again, should something have come just then
        }
    }

    /// <summary>Leaves effects in flight as still owed.</summary>
    public Task CancelAsync() => _cancelled.CancelAsync();

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Dispose();
        _cancelled.Dispose();
    }
}

/// <summary>What an actor has to do.</summary>
internal enum Work
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A command, a write or an effect is in hand.</summary>
    InHand,

    /// <summary>It failed, and waits before it recovers. A host that stops does not wait for that.</summary>
    Pausing,
}
