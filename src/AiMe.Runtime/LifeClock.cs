using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>
/// The turn of an instance: the index of its last event and the heads of its streams. Only the faculty that has the turn writes, so the
/// events of an instance have one order.
/// </summary>
internal sealed class LifeClock(ImmutableArray<Faculty> faculties)
{
    private readonly Lock _lock = new();
    private readonly Link[] _heads = [.. faculties.Select(f => Link.Before(f.Name))];
    private long _index;

    /// <summary>The heads as they are now.</summary>
    public Heads Heads
    {
        get
        {
            lock (_lock)
                return new Heads([.. _heads]);
        }
    }

    /// <summary>The index of the last event, and the head of a stream.</summary>
    public (long Index, Link Head) At(int stream)
    {
        lock (_lock)
            return (_index, _heads[stream]);
    }

    /// <summary>Events of a stream are durable.</summary>
    /// <exception cref="InvalidOperationException">Another faculty wrote meanwhile: two had the turn at once.</exception>
    public void Advance(int stream, long from, long to, Link head)
    {
        lock (_lock)
        {
            if (_index != from)
                throw new InvalidOperationException($"Two faculties had the turn at once: '{faculties[stream].Name}' wrote from index {from}, but the life is at {_index}.");
            (_index, _heads[stream]) = (to, head);
        }
    }

    /// <summary>What a stream says of itself when it is read back.</summary>
    public void Recover(int stream, long index, Link head)
    {
        lock (_lock)
            (_index, _heads[stream]) = (Math.Max(_index, index), head);
    }
}
