using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Simulation;

/// <summary>Reads every row as it becomes durable, and folds each stream from its first event.</summary>
/// <param name="readings">Cache of decoded rows.</param>
internal sealed class DurableRecord(RowCache readings)
{
    private readonly Dictionary<string, DurableStream> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<FacultyAddress, DurableStream> _byAddress = [];
    private readonly Dictionary<string, List<Event>> _instances = new(StringComparer.Ordinal);

    /// <summary>The first row that does not continue its chain, or null.</summary>
    public string? Broken { get; private set; }

    /// <summary>The supervisor's state.</summary>
    public SupervisorState Supervisor => (SupervisorState?)StreamOf(FacultyAddress.Supervisor)?.State.State ?? SupervisorDecider.Initial;

    /// <summary>Every stream that has begun, in ordinal order.</summary>
    public IEnumerable<DurableStream> Streams => _streams.Values.OrderBy(l => l.Id.Value, StringComparer.Ordinal);

    /// <summary>Names of the instances that have begun, in ordinal order.</summary>
    public IEnumerable<string> Instances => _instances.Keys.Where(l => l != FacultyAddress.Run).Order(StringComparer.Ordinal);

    /// <summary>The events of an instance, or of the supervisor, in the order in which they became durable.</summary>
    public IReadOnlyList<Event> EventsOf(string instance) => _instances.GetValueOrDefault(instance, []);

    /// <summary>A stream, or null before its first row.</summary>
    public DurableStream? StreamOf(FacultyAddress at) => _byAddress.GetValueOrDefault(at);

    /// <summary>Number of rows in a stream.</summary>
    public long CountOf(FacultyAddress at) => StreamOf(at)?.State.SequenceNumber ?? 0;

    /// <summary>Number of rows in all streams.</summary>
    public long Count { get; private set; }

    /// <summary>Reads a row.</summary>
    public void Read(JournalRow row)
    {
        Count++;
        var stream = _streams.TryGetValue(row.PersistenceId.Value, out var known) ? known : Begin(row.PersistenceId);
        try
        {
            stream.State = stream.State.Next(stream.Faculty, row, FacultyEvents.Codec, readings, out var happened);
            stream.Instance.Add(happened);
        }
        catch (Exception e) when (e is CorruptJournalException or InvalidOperationException)
        {
            Broken ??= e.Message;
        }
    }

    private DurableStream Begin(PersistenceId stream)
    {
        var path = stream.Value.Split('/');
        var at = path.Length == 2 ? FacultyAddress.Supervisor : new FacultyAddress(path[1], path[2]);
        var faculty = at == FacultyAddress.Supervisor ? Loop.Supervision : Loop.Faculties.First(f => f.Name == at.Faculty);
        if (!_instances.TryGetValue(at.Instance, out var instance))
            _instances[at.Instance] = instance = [];
        return _streams[stream.Value] = _byAddress[at] = new DurableStream(at, stream, faculty, instance);
    }

    /// <summary>One stream.</summary>
    public sealed class DurableStream(FacultyAddress at, PersistenceId id, FacultyDefinition faculty, List<Event> instance)
    {
        public FacultyAddress At { get; } = at;

        public PersistenceId Id { get; } = id;

        public FacultyDefinition Faculty { get; } = faculty;

        /// <summary>The events of its instance in all streams.</summary>
        public List<Event> Instance { get; } = instance;

        /// <summary>The fold of all its rows.</summary>
        public StreamState State { get; set; } = StreamState.Before(faculty);
    }
}
