using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>Up to 4,096 memories in arrays that a scan reads front to back.</summary>
/// <param name="width">Components of each vector.</param>
/// <param name="expected">Number of memories for which there is room at first, if it is within the bounds of a chunk.</param>
/// <remarks>Beside the vector, a memory takes 44 bytes here.</remarks>
internal sealed class MemoryChunk(int width, int expected)
{
    /// <summary>Greatest number of memories: 1 MiB of vectors of 256 bytes.</summary>
    public const int Capacity = 4096;

    private const int Fewest = 256; // least room

    private sbyte[] _vectors = new sbyte[Room(expected) * width];
    private double[] _norms = new double[Room(expected)];
    private double[] _importances = new double[Room(expected)];
    private long[] _used = new long[Room(expected)];
    private double[] _fadings = new double[Room(expected)];
    private double[] _relevances = new double[Room(expected)];
    private int[] _dots = new int[Room(expected)];
    private bool _stale;

    /// <summary>Number of memories.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no memory more has room.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>Importance of each memory.</summary>
    public ReadOnlySpan<double> Importances => _importances.AsSpan(0, Count);

    /// <summary>Ticks of logical time at which each memory was last used.</summary>
    public ReadOnlySpan<long> Used => _used.AsSpan(0, Count);

    /// <summary>Approximate recency of each memory, by <see cref="Fading.Of"/>.</summary>
    public ReadOnlySpan<double> Fadings => _fadings.AsSpan(0, Count);

    /// <summary>Relevance of each memory to the last query, unscaled.</summary>
    public ReadOnlySpan<double> Relevances => _relevances.AsSpan(0, Count);

    /// <summary>Ends of the importance; as of the last <see cref="Refresh"/>, like the next one.</summary>
    public Scale Importance { get; private set; } = Scale.Empty;

    /// <summary>The earliest and the latest last use, in ticks.</summary>
    public (long Earliest, long Latest) Uses { get; private set; } = (long.MaxValue, long.MinValue);

    /// <summary>Adds a memory at the end.</summary>
    public void Add(MemoryItem item, Fading fading)
    {
        MakeRoom(Count + 1);
        Set(Count++, item, fading);
    }

    /// <summary>Adds the memories of another chunk at the end.</summary>
    public void Add(MemoryChunk other)
    {
        MakeRoom(Count + other.Count);
        other._vectors.AsSpan(0, other.Count * width).CopyTo(_vectors.AsSpan(Count * width));
        other._norms.AsSpan(0, other.Count).CopyTo(_norms.AsSpan(Count));
        other.Importances.CopyTo(_importances.AsSpan(Count));
        other.Used.CopyTo(_used.AsSpan(Count));
        other.Fadings.CopyTo(_fadings.AsSpan(Count));
        (Count, _stale) = (Count + other.Count, true);
    }

    /// <summary>Replaces a memory.</summary>
    public void Set(int row, MemoryItem item, Fading fading)
    {
        item.Embedding.Components.CopyTo(_vectors.AsSpan(row * width, width));
        _norms[row] = item.Embedding.Norm();
        SetUse(row, item, fading);
    }

    /// <summary>Replaces a memory whose vector is the same.</summary>
    public void SetUse(int row, MemoryItem item, Fading fading)
    {
        (_importances[row], _used[row]) = (item.Importance, item.Used.Ticks);
        (_fadings[row], _stale) = (fading.Of(item.Used.Ticks), true);
    }

    /// <summary>Computes the approximate recencies for another reference or decay.</summary>
    public void Fade(Fading fading)
    {
        for (var row = 0; row < Count; row++)
            _fadings[row] = fading.Of(_used[row]);
    }

    /// <summary>Moves a memory to an earlier row.</summary>
    public void Move(int from, int to)
    {
        _vectors.AsSpan(from * width, width).CopyTo(_vectors.AsSpan(to * width, width));
        (_norms[to], _importances[to], _used[to]) = (_norms[from], _importances[from], _used[from]);
        (_fadings[to], _stale) = (_fadings[from], true);
    }

    /// <summary>Drops all memories from a row on.</summary>
    public void Truncate(int count) => (Count, _stale) = (count, true);

    /// <summary>Looks for the ends again, if a memory has changed.</summary>
    public void Refresh()
    {
        if (!_stale)
            return;
        Importance = Ends.Of(Importances);
        Uses = Ends.Of(Used);
        _stale = false;
    }

    /// <summary>Computes the relevance of every memory to a query.</summary>
    /// <param name="query">The query's components, widened.</param>
    /// <param name="norm">The query's length.</param>
    /// <returns>Ends of the relevance.</returns>
    public Scale Compare(ReadOnlySpan<short> query, double norm)
    {
        RowDots.Of(_vectors.AsSpan(0, Count * width), query, _dots.AsSpan(0, Count));
        return Cosines.Of(_dots.AsSpan(0, Count), _norms.AsSpan(0, Count), norm, _relevances.AsSpan(0, Count));
    }

    private static int Room(int memories) => Math.Clamp(memories, Fewest, Capacity);

    private void MakeRoom(int count)
    {
        if (count <= _used.Length)
            return;
        var room = Math.Max(count, Math.Min(2 * _used.Length, Capacity));
        Array.Resize(ref _vectors, room * width);
        Array.Resize(ref _norms, room);
        Array.Resize(ref _importances, room);
        Array.Resize(ref _used, room);
        Array.Resize(ref _fadings, room);
        Array.Resize(ref _relevances, room);
        Array.Resize(ref _dots, room);
    }
}
