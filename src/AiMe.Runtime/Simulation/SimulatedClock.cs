namespace AiMe.Runtime.Simulation;

/// <summary>Virtual time. It stands still while something is done and moves on to the next timer when it fires; the wall clock may jump, the monotonic one never does.</summary>
public sealed class SimulatedClock : TimeProvider
{
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Due, (long At, long Order)> _timers = new();
    private long _now;
    private long _jumped;
    private long _order;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Virtual time since the beginning, without jumps.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    /// <summary>Whether a timer waits.</summary>
    public bool HasTimers => _timers.Count > 0;

    /// <summary>Timers that wait and fire once. While there are none and nothing is ready, only what is periodic goes on.</summary>
    public int Pauses { get; private set; }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Beginning.AddTicks(_now + _jumped);

    /// <inheritdoc />
    public override long GetTimestamp() => _now;

    /// <summary>The wall clock jumps, forth or back, as when it is set.</summary>
    public void Jump(TimeSpan by) => _jumped += by.Ticks;

    /// <summary>Moves on to the next timer and fires it; says whether there was one.</summary>
    public bool Fire()
    {
        while (_timers.TryDequeue(out var due, out var when))
        {
            if (due.Timer is { } timer && !timer.Takes(due))
                continue; // changed or disposed since
            if (due.Once)
                Pauses--;
            _now = Math.Max(_now, when.At);
            due.Fire();
            return true;
        }

        return false;
    }

    /// <summary>Completes when so much time has passed.</summary>
    public Task PauseAsync(TimeSpan pause)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Pauses++;
        _timers.Enqueue(new Due(null, true, over.SetResult), (_now + pause.Ticks, _order++));
        return over.Task;
    }

    /// <summary>Forgets every timer: the process that set them is gone.</summary>
    public void Abandon()
    {
        _timers.Clear();
        Pauses = 0;
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed record Due(Timer? Timer, bool Once, Action Fire);

    private sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private Due? _due;

        public bool Takes(Due due) => ReferenceEquals(due, _due);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Forget();
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            var once = period <= TimeSpan.Zero;
            _due = new Due(this, once, () =>
            {
                _due = null;
                if (!once)
                    Change(period, period);
                callback(state);
            });
            if (once)
                clock.Pauses++;
            clock._timers.Enqueue(_due, (clock._now + dueTime.Ticks, clock._order++));
            return true;
        }

        public void Dispose() => Forget();

        public ValueTask DisposeAsync()
        {
            Forget();
            return ValueTask.CompletedTask;
        }

        private void Forget()
        {
            if (_due is { Once: true })
                clock.Pauses--;
            _due = null;
        }
    }
}
