using System.Collections.Immutable;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>A copy of an instance's memories, packed for a scan, in the order of the view.</summary>
/// <param name="width">Components of each vector.</param>
internal sealed class PackedMemories(int width)
{
    private readonly List<MemoryChunk> _chunks = [];
    private ImmutableArray<MemoryItem> _items = [];
    private bool _whole = true; // false while the chunks are changed

    /// <summary>Components of each vector.</summary>
    public int Width => width;

    /// <summary>Number of memories.</summary>
    public int Count => _items.Length;

    /// <summary>The memories, oldest first.</summary>
    public IReadOnlyList<MemoryChunk> Chunks => _chunks;

    /// <summary>The object with which the copy leaves memory, or null.</summary>
    public object? Owner { get; set; }

    /// <summary>How the copy approximates recency.</summary>
    public Fading Fading { get; private set; }

    /// <summary>Ends of the importance over all memories.</summary>
    public Scale Importance { get; private set; } = Scale.Empty;

    /// <summary>Brings the copy up to date. What is the same object as before is not looked at.</summary>
    /// <returns>False if a vector has another number of components: then the copy is of no use.</returns>
    public bool Update(MemoryView view)
    {
        if (!_whole)
            Clear();
        if (!Fading.Serves(view.Settings.Decay, view.At.Ticks))
        {
            Fading = new Fading(view.Settings.Decay, view.At.Ticks);
            foreach (var chunk in _chunks)
                chunk.Fade(Fading);
        }

        if (view.Items == _items)
            return true;
        _whole = false;
        if (!Take(view.Items))
            return false;
        (_items, _whole) = (view.Items, true);
        return true;
    }

    private void Clear()
    {
        _chunks.Clear();
        (_items, _whole) = ([], true);
    }

    private bool Take(ImmutableArray<MemoryItem> items)
    {
        var old = _items.AsSpan();
        var now = items.AsSpan();
        var (at, start) = (0, 0);
        foreach (var chunk in _chunks)
        {
            var count = chunk.Count;
            if (!Update(chunk, old.Slice(start, count), now, ref at))
                return false;
            start += count;
        }

        _chunks.RemoveAll(chunk => chunk.Count == 0);
        for (; at < now.Length; at++)
        {
            if (now[at].Embedding.Components.AsSpan().Length != width)
                return false;
            if (_chunks is not [.., { IsFull: false }])
                _chunks.Add(new MemoryChunk(width, now.Length - at));
            _chunks[^1].Add(now[at], Fading);
        }

        Join();
        Importance = Scale.Empty;
        foreach (var chunk in _chunks)
        {
            chunk.Refresh();
            Importance = Importance.Including(chunk.Importance);
        }

        return true;
    }

    // A memory of the chunk is the next one of the view, or an older form of it, or it is gone.
    private bool Update(MemoryChunk chunk, ReadOnlySpan<MemoryItem> old, ReadOnlySpan<MemoryItem> now, ref int at)
    {
        var to = Same(old, now[at..]);
        at += to;
        for (var row = to; row < old.Length && at < now.Length; row++)
        {
            var next = now[at];
            var same = ReferenceEquals(old[row], next);
            if (!same && old[row].Id != next.Id)
                continue;
            if (to < row)
                chunk.Move(row, to);
            if (!same && !Replace(chunk, to, old[row], next))
                return false;
            (at, to) = (at + 1, to + 1);
        }

        if (to < old.Length)
            chunk.Truncate(to);
        return true;
    }

    // The number of memories at the beginning that are the same objects: nearly all.
    private static int Same(ReadOnlySpan<MemoryItem> old, ReadOnlySpan<MemoryItem> now)
    {
        if (now.Length > old.Length)
            now = now[..old.Length];
        for (var i = 0; i < now.Length; i++)
        {
            if (!ReferenceEquals(old[i], now[i]))
                return i;
        }

        return now.Length;
    }

    private bool Replace(MemoryChunk chunk, int row, MemoryItem old, MemoryItem next)
    {
        if (next.Embedding.Components.AsSpan().Length != width)
            return false;
        if (old.Embedding.Components == next.Embedding.Components)
            chunk.SetUse(row, next, Fading);
        else
            chunk.Set(row, next, Fading);
        return true;
    }

    // Forgetting leaves gaps, so neighbours that fit into one chunk become one.
    private void Join()
    {
        for (var i = _chunks.Count - 1; i > 0; i--)
        {
            if (_chunks[i - 1].Count + _chunks[i].Count > MemoryChunk.Capacity)
                continue;
            _chunks[i - 1].Add(_chunks[i]);
            _chunks.RemoveAt(i);
        }
    }
}
