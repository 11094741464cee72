using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;

namespace AiMe.Lab.History.Replay;

/// <summary>Index of an instance: the faculty, cycle and generation of each event. A few bytes an event.</summary>
public sealed class TimelineIndex
{
    private readonly List<IndexEntry> _entries = [];
    private readonly List<string> _manifests = [];
    private readonly List<(long Index, Event Happened)> _changes = [];

    /// <summary>Data of an event that is known without reading it.</summary>
    /// <param name="Faculty">Index in <see cref="Loop.Faculties"/>.</param>
    /// <param name="Cycle">The cycle that it belongs to; 0 before the first.</param>
    /// <param name="Generation">The generation when it happened; -1 before birth.</param>
    /// <param name="Manifest">Index in <see cref="Manifests"/>.</param>
    public readonly record struct IndexEntry(byte Faculty, int Cycle, int Generation, byte Manifest);

    /// <summary>The kinds of event that occur, in the order of their first.</summary>
    public IReadOnlyList<string> Manifests => _manifests;

    /// <summary>Requests for another policy or model and their completion, whole, in order: an instance has few.</summary>
    public IReadOnlyList<(long Index, Event Happened)> Changes => _changes;

    /// <summary>Number of events.</summary>
    public long Length => _entries.Count;

    /// <summary>An event by its index, from 1.</summary>
    public IndexEntry this[long index] => _entries[(int)index - 1];

    /// <summary>The nearest event of some faculties before or after a position, or null if there is none.</summary>
    /// <param name="from">An index; 0 or one more than there are is allowed too.</param>
    /// <param name="step">1 forward, -1 back.</param>
    /// <param name="faculties">One bit a faculty, the first the lowest.</param>
    public long? Next(long from, int step, int faculties) => Find(from, step, i => Has(faculties, this[i].Faculty));

    /// <summary>
    /// The first event of the next (or previous) cycle. Within a cycle, back leads to its own first event.
    /// </summary>
    public long? NextCycle(long from, int step) => Find(from, step, BeginsCycle);

    /// <summary>The event at which the next (or previous) generation was reached.</summary>
    public long? NextGeneration(long from, int step) => Find(from, step, BeginsGeneration);

    /// <summary>The first event of a cycle, or null if there is no such cycle.</summary>
    public long? OfCycle(int cycle) => Find(0, 1, i => BeginsCycle(i) && this[i].Cycle == cycle);

    /// <summary>The event at which a generation was reached, or null.</summary>
    public long? OfGeneration(int generation) => Find(0, 1, i => BeginsGeneration(i) && this[i].Generation == generation);

    /// <summary>Whether a set of faculties contains a faculty.</summary>
    public static bool Has(int faculties, int faculty) => (faculties & 1 << faculty) != 0;

    internal void Add(InstanceEvent happened)
    {
        var before = _entries.Count == 0 ? new IndexEntry(0, 0, -1, 0) : _entries[^1];
        _entries.Add(
            new IndexEntry(
                (byte)Loop.Faculties.IndexOf(Loop.Faculties.First(f => f.Name == happened.Faculty)),
                happened.Happened is Heard h ? h.Cycle : before.Cycle,
                happened.Happened is Adopted a ? a.Generation : before.Generation,
                ManifestOf(happened.Manifest)
            )
        );
        if (happened.Happened is PolicyCalled or PolicyChanged or ModelCalled or ModelChanged)
            _changes.Add((Length, happened.Happened));
    }

    // There are some sixty kinds.
    private byte ManifestOf(string manifest)
    {
        if (_manifests.IndexOf(manifest) is >= 0 and var known)
            return (byte)known;
        _manifests.Add(manifest);
        return checked((byte)(_manifests.Count - 1));
    }

    private bool BeginsCycle(long i) => this[i].Cycle > 0 && (i == 1 || this[i - 1].Cycle != this[i].Cycle);

    private bool BeginsGeneration(long i) => this[i].Generation >= 0 && (i == 1 || this[i - 1].Generation != this[i].Generation);

    private long? Find(long from, int step, Func<long, bool> wanted)
    {
        for (var i = from + step; i >= 1 && i <= Length; i += step)
        {
            if (wanted(i))
                return i;
        }

        return null;
    }
}
