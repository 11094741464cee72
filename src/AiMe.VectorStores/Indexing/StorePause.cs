namespace AiMe.VectorStores.Indexing;

/// <summary>Leaves a store alone for a while after it did not answer, so that not every search waits for its time limit.</summary>
internal sealed class StorePause(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1),
        Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private VectorStoreException? _failure;
    private TimeSpan _pause;
    private long _since;

    /// <summary>The last failure, as long as its pause lasts; else null.</summary>
    public VectorStoreException? Current
    {
        get
        {
            lock (_lock)
                return _failure is not null && time.GetElapsedTime(_since) < _pause ? _failure : null;
        }
    }

    /// <summary>Begins a pause after a failure that may pass; each further one is twice as long.</summary>
    public void Begin(VectorStoreException failure)
    {
        lock (_lock)
        {
            if (!failure.IsTransient || failure == _failure)
                return;
            _pause =
                _failure is null ? First
                : _pause * 2 < Longest ? _pause * 2
                : Longest;
            (_failure, _since) = (failure, time.GetTimestamp());
        }
    }

    /// <summary>The store has answered.</summary>
    public void End()
    {
        lock (_lock)
            _failure = null;
    }
}
