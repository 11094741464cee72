namespace AiMe.Simulation.Machine;

/// <summary>
/// Virtual time. It advances only when the next timer fires. The wall clock may jump; the monotonic clock never does.
/// </summary>
public sealed class SimulatedClock : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Due, When> _due = new();
    private long _now;
    private long _jumped;
    private long _order;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Virtual time since the start, without jumps.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    /// <summary>
    /// Number of timers that delay progress. If there are none and no step is ready, the machine is idle.
    /// </summary>
    public int Pauses { get; private set; }

    /// <summary>Time until the next timer fires; null if there is none.</summary>
    public TimeSpan? Next
    {
        get
        {
            while (_due.TryPeek(out var due, out var when))
            {
                if (!due.IsOver)
                    return TimeSpan.FromTicks(Math.Max(0, when.At - _now));
                _due.Dequeue();
            }

            return null;
        }
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Beginning.AddTicks(_now + _jumped);

    /// <inheritdoc />
    public override long GetTimestamp() => _now;

    /// <summary>Makes the wall clock jump, forwards or backwards.</summary>
    public void Jump(TimeSpan by) => _jumped += by.Ticks;

    /// <summary>Advances to the next timer and fires it; false if there is none.</summary>
    public bool Fire()
    {
        while (_due.TryDequeue(out var due, out var when))
        {
            if (due.IsOver)
                continue;
            _now = Math.Max(_now, when.At);
            due.Cancel();
            due.Fire();
            return true;
        }

        return false;
    }

    /// <summary>Sets a timer.</summary>
    /// <param name="awaited">Whether progress depends on it, unlike a periodic timer.</param>
    internal Due After(TimeSpan delay, bool awaited, Action fire)
    {
        var due = new Due(this, awaited, fire);
        if (awaited)
            Pauses++;
        _due.Enqueue(due, new When(_now + delay.Ticks, _order++));
        return due;
    }

    /// <summary>Completes after a pause. The continuation runs within the step that fires the timer.</summary>
    public Task PauseAsync(TimeSpan pause)
    {
        var over = new TaskCompletionSource();
        After(pause, awaited: true, over.SetResult);
        return over.Task;
    }

    /// <summary>Cancels every timer, because the process that set them is gone.</summary>
    public void Abandon()
    {
        foreach (var (due, _) in _due.UnorderedItems)
            due.Cancel();
        _due.Clear();
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    // Timers for the same time fire in the order in which they were set.
    private readonly record struct When(long At, long Order) : IComparable<When>
    {
        public int CompareTo(When other) => At != other.At ? At.CompareTo(other.At) : Order.CompareTo(other.Order);

        public static bool operator <(When one, When other) => one.CompareTo(other) < 0;

        public static bool operator >(When one, When other) => one.CompareTo(other) > 0;

        public static bool operator <=(When one, When other) => one.CompareTo(other) <= 0;

        public static bool operator >=(When one, When other) => one.CompareTo(other) >= 0;
    }

    /// <summary>A one-shot timer.</summary>
    internal sealed class Due(SimulatedClock clock, bool awaited, Action fire)
    {
        /// <summary>Whether the timer has fired or was cancelled.</summary>
        public bool IsOver { get; private set; }

        public Action Fire => fire;

        /// <summary>Cancels the timer.</summary>
        public void Cancel()
        {
            if (IsOver)
                return;
            IsOver = true;
            if (awaited)
                clock.Pauses--;
        }
    }

    private sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private Due? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due?.Cancel();
            _due = null;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            var once = period <= TimeSpan.Zero;
            _due = clock.After(dueTime, once, () =>
            {
                if (!once)
                    Change(period, period);
                callback(state);
            });
            return true;
        }

        public void Dispose() => _due?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
