namespace AiMe.Journal.Postgres;

/// <summary>
/// A server that is away, as all operations of one journal see it: since when, how many wait, and whether that was
/// told.
/// </summary>
/// <remarks>
/// It begins when an operation loses its connection, and is over when none waits any more. A connection that is lost
/// alone is replaced at the first try, so an outage is told only when an operation has failed twice, or when the second
/// try takes long.
/// </remarks>
internal sealed class Outage(string place, PostgresSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private volatile bool _isOn;
    private bool _isTold;
    private int _waiting;
    private long _since,
        _failed;
    private long? _ended;
    private ITimer? _telling;
    private TaskCompletionSource _through = NewSource();

    /// <summary>How long it has lasted; zero without one.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
                return _isOn ? clock.GetElapsedTime(_since) : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Completes when an operation that waited gets through: then the others need not wait for the end of their pause.
    /// </summary>
    public Task Through
    {
        get
        {
            lock (_lock)
                return _through.Task;
        }
    }

    /// <summary>
    /// Whether less than so long ago there was an outage that was told. The first who get through are still within it.
    /// </summary>
    public bool HasBeenWithin(TimeSpan span)
    {
        lock (_lock)
            return _isOn && _isTold || _ended is { } ended && clock.GetElapsedTime(ended) < span;
    }

    /// <summary>An operation has failed and begins to wait.</summary>
    public void Enter(Exception fault)
    {
        lock (_lock)
        {
            // When nobody has asked for so long, the server may have been there meanwhile: this is another outage.
            if (!_isOn || _waiting == 0 && clock.GetElapsedTime(_failed) > settings.Patience)
            {
                (_isOn, _isTold, _since) = (true, false, clock.GetTimestamp());
                _telling?.Dispose();
                _telling = clock.CreateTimer(_ => TellLong(fault), null, Long, Timeout.InfiniteTimeSpan);
            }

            _waiting++;
            _failed = clock.GetTimestamp();
        }
    }

    /// <summary>An operation that waits has failed again.</summary>
    public void FailedAgain(Exception fault)
    {
        lock (_lock)
        {
            _failed = clock.GetTimestamp();
            Tell(fault);
        }
    }

    /// <summary>An operation waits no longer.</summary>
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

    private void TellLong(Exception fault)
    {
        lock (_lock)
        {
            if (_isOn && _waiting > 0)
                Tell(fault);
        }
    }

    private void Tell(Exception fault)
    {
        if (_isTold)
            return;
        _isTold = true;
        settings.Outages?.Away(place, PostgresFaults.Reason(fault), settings.Patience);
    }

    private void End()
    {
        _isOn = false;
        _telling?.Dispose();
        if (!_isTold)
            return;
        _ended = clock.GetTimestamp();
        settings.Outages?.Back(place, clock.GetElapsedTime(_since));
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
