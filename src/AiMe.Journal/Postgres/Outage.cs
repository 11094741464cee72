namespace AiMe.Journal.Postgres;

/// <summary>
/// The outage of a server, as all operations of one journal see it: its start, the waiting operations, and whether it
/// was reported.
/// </summary>
/// <remarks>
/// It begins when an operation loses its connection, and ends when none waits any more. A single lost connection is
/// replaced at the first try, so an outage is reported only if an operation has failed twice, or if the second try
/// takes long.
/// </remarks>
internal sealed class Outage(string place, PostgresSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private volatile bool _isOn;
    private bool _isReported;
    private int _waiting;
    private long _since,
        _failed;
    private long? _ended;
    private ITimer? _reporting;
    private TaskCompletionSource _through = NewSource();

    /// <summary>Duration of the current outage; zero if there is none.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
                return _isOn ? clock.GetElapsedTime(_since) : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Completes when a waiting operation reaches the server, so that the others can end their pause.
    /// </summary>
    public Task Through
    {
        get
        {
            lock (_lock)
                return _through.Task;
        }
    }

    /// <summary>Whether a reported outage is in progress, or ended less than a time span ago.</summary>
    public bool HasBeenWithin(TimeSpan span)
    {
        lock (_lock)
            return _isOn && _isReported || _ended is { } ended && clock.GetElapsedTime(ended) < span;
    }

    /// <summary>An operation has failed and starts to wait.</summary>
    public void Enter(Exception fault)
    {
        lock (_lock)
        {
            // If no operation has tried for that long, the server may have been reachable meanwhile: this is another
            // outage.
            if (!_isOn || _waiting == 0 && clock.GetElapsedTime(_failed) > settings.Patience)
            {
                (_isOn, _isReported, _since) = (true, false, clock.GetTimestamp());
                _reporting?.Dispose();
                _reporting = clock.CreateTimer(_ => ReportIfWaiting(fault), null, Long, Timeout.InfiniteTimeSpan);
            }

            _waiting++;
            _failed = clock.GetTimestamp();
        }
    }

    /// <summary>A waiting operation has failed again.</summary>
    public void FailedAgain(Exception fault)
    {
        lock (_lock)
        {
            _failed = clock.GetTimestamp();
            Report(fault);
        }
    }

    /// <summary>An operation stops waiting.</summary>
    /// <param name="isThrough">Whether it reached the server.</param>
    public void Leave(bool isThrough)
    {
        lock (_lock)
        {
            _waiting--;
            if (!isThrough)
                return;
            _through.TrySetResult();
            _through = NewSource();
            if (_waiting == 0)
                End();
        }
    }

    /// <summary>An operation reached the server at its first try.</summary>
    public void Reached()
    {
        if (!_isOn)
            return;
        lock (_lock)
        {
            if (_isOn && _waiting == 0)
                End();
        }
    }

    private void ReportIfWaiting(Exception fault)
    {
        lock (_lock)
        {
            if (_isOn && _waiting > 0)
                Report(fault);
        }
    }

    private void Report(Exception fault)
    {
        if (_isReported)
            return;
        _isReported = true;
        settings.Outages?.Away(place, PostgresFaults.Reason(fault), settings.Patience);
    }

    private void End()
    {
        _isOn = false;
        _reporting?.Dispose();
        if (!_isReported)
            return;
        _ended = clock.GetTimestamp();
        settings.Outages?.Back(place, clock.GetElapsedTime(_since));
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
