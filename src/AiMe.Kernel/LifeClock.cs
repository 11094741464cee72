using System.Collections.Immutable;

namespace AiMe.Kernel;

/// <summary>
/// The turn of an instance: the index of its last event and the heads of its streams. Only the faculty that has the turn writes, so the
/// events of an instance have one order.
/// </summary>
public sealed class LifeClock(ImmutableArray<Faculty> faculties)
{
    private readonly Lock _lock = new();
    private readonly Link[] _heads = [.. faculties.Select(f => Link.Before(f.Name))];
    private long _index;
    private int _writing = -1;

    /// <summary>The heads as they are now.</summary>
    public Heads Heads
    {
        get
        {
            lock (_lock)
                return new Heads([.. _heads]);
        }
    }

    /// <summary>Takes the turn for a stream: the index of the last event, and the stream's head. It is given back by <see cref="Advance"/>.</summary>
    /// <exception cref="InvalidOperationException">Another faculty is writing: two have the turn at once. Nothing was written.</exception>
    public (long Index, Link Head) Take(int stream)
    {
        lock (_lock)
        {
            if (_writing >= 0)
                throw new InvalidOperationException($"Two faculties have the turn at once: '{faculties[stream].Name}' would write while '{faculties[_writing].Name}' is writing.");
            _writing = stream;
            return (_index, _heads[stream]);
        }
    }

    /// <summary>Events of the stream that has the turn are durable.</summary>
    public void Advance(int stream, long index, Link head)
    {
        lock (_lock)
            (_index, _heads[stream], _writing) = (index, head, -1);
    }

    /// <summary>What a stream says of itself when it is read back.</summary>
    public void Recover(int stream, long index, Link head)
    {
        lock (_lock)
            (_index, _heads[stream]) = (Math.Max(_index, index), head);
    }
}
