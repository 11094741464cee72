namespace AiMe.Runtime.Tests;

/// <summary>A clock that stands still: a pause ends at once and is noted; what is periodic ticks when told to.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Action> _periodic = [];
    private readonly List<Action> _pauses = [];
    private long _ticks = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>False: pauses never end by themselves.</summary>
    public bool EndsPauses { get; init; } = true;

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period > TimeSpan.Zero)
        {
            lock (_lock)
                _periodic.Add(() => callback(state));
        }
        else if (EndsPauses)
        {
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }
        else if (dueTime != Timeout.InfiniteTimeSpan)
        {
            lock (_lock)
                _pauses.Add(() => callback(state));
        }

        return new Still();
    }

    /// <summary>Ends the pauses that wait, where they do not end by themselves.</summary>
    public void EndPauses()
    {
        Action[] due;
        lock (_lock)
        {
            due = [.. _pauses];
            _pauses.Clear();
        }

        foreach (var end in due)
            end();
    }

    public void Advance(TimeSpan by)
    {
        Interlocked.Add(ref _ticks, by.Ticks);
        Action[] due;
        lock (_lock)
            due = [.. _periodic];
        foreach (var tick in due)
            tick();
    }

    private sealed class Still : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
