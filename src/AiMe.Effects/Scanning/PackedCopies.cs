using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>The packed copies of all instances, each brought up to date at a recall.</summary>
/// <remarks>
/// A copy lives as long as the vector of the newest memory in it. The instance's state holds that vector, so a copy leaves memory after its
/// instance, and takes at most about as much memory as the instance's own vectors.
/// </remarks>
internal sealed class PackedCopies
{
    private const int Spare = 64; // names of instances that have left memory, before they are swept

    private readonly ConcurrentDictionary<string, WeakReference<PackedMemories>> _byInstance = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<object, PackedMemories> _alive = [];
    private int _sweepAt = Spare;

    /// <summary>The instance's copy, as it was left by its last recall; or a new one.</summary>
    public PackedMemories Of(MemoryView view)
    {
        var width = view.Items[0].Embedding.Components.Length;
        if (_byInstance.TryGetValue(view.Instance, out var known) && known.TryGetTarget(out var copy) && copy.Width == width)
            return copy;
        Sweep();
        copy = new PackedMemories(width);
        _byInstance[view.Instance] = new WeakReference<PackedMemories>(copy);
        return copy;
    }

    /// <summary>Keeps a copy for as long as the newest memory of the view lives.</summary>
    public void Keep(PackedMemories copy, MemoryView view)
    {
        object vector = ImmutableCollectionsMarshal.AsArray(view.Items[^1].Embedding.Components)!;
        if (ReferenceEquals(copy.Owner, vector))
            return;
        if (copy.Owner is { } earlier)
            _alive.Remove(earlier);
        _alive.AddOrUpdate(vector, copy);
        copy.Owner = vector;
    }

    private void Sweep()
    {
        if (_byInstance.Count < _sweepAt)
            return;
        foreach (var (instance, copy) in _byInstance.Where(c => !c.Value.TryGetTarget(out _)))
            _byInstance.TryRemove(KeyValuePair.Create(instance, copy));
        _sweepAt = 2 * _byInstance.Count + Spare;
    }
}
