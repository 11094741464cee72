using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Tests;

// What is durable. Every row is read as it is written: its event, its index, its link, and the state to which its stream folds.
internal sealed partial class SimulatedRun
{
    private readonly SortedDictionary<string, Stream> _streams = new(StringComparer.Ordinal);
    private readonly RowCache _known = new();

    /// <summary>Events that are durable so far.</summary>
    public int Events { get; private set; }

    /// <summary>The streams that have begun, in ordinal order of their addresses.</summary>
    public IEnumerable<(FacultyAddress At, ImmutableArray<Event> Events)> Streams =>
        _streams.Values.Select(s => (s.At, s.Entries.Select(e => e.Happened).ToImmutableArray()));

    /// <summary>The journal as lines that do not depend on the schedule.</summary>
    /// <remarks>Instances have no order among them, so the lines of the supervisor are sorted.</remarks>
    public ImmutableArray<string> Journal
    {
        get
        {
            var bySupervisor = _streams.Values.ToLookup(s => s.At == FacultyAddress.Supervisor);
            return
            [
                .. bySupervisor[false].SelectMany(s => s.Entries.Select(e => $"{s.At} {e.Index} {Text(e.Row)}")),
                .. bySupervisor[true].SelectMany(s => s.Entries.Select(e => Text(e.Row))).Order(StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The supervisor's state.</summary>
    public SupervisorState Supervisor =>
        Find(FacultyAddress.Supervisor) is { } stream ? (SupervisorState)stream.State.State : SupervisorDecider.Initial;

    /// <summary>The faculty of an address.</summary>
    public static FacultyDefinition FacultyAt(FacultyAddress at) =>
        at == FacultyAddress.Supervisor ? Loop.Supervision : Loop.Faculties.Single(f => f.Name == at.Faculty);

    /// <summary>The state of a faculty that has begun.</summary>
    public T State<T>(FacultyAddress at) => (T)_streams[at.ToString()].State.State;

    /// <summary>The events of a faculty; none before it has begun.</summary>
    public ImmutableArray<Event> EventsOf(string instance, string faculty) =>
        Find(new FacultyAddress(instance, faculty)) is { } stream ? [.. stream.Entries.Select(e => e.Happened)] : [];

    /// <summary>The events of an instance in their one order.</summary>
    public IEnumerable<(long Index, string Faculty, Event Happened)> InstanceOf(string instance) =>
        from stream in _streams.Values
        where stream.At.Instance == instance
        from entry in stream.Entries
        orderby entry.Index
        select (entry.Index, stream.At.Faculty, entry.Happened);

    /// <summary>The index of the last event of an instance.</summary>
    public long IndexOf(string instance) => InstanceOf(instance).Last().Index;

    /// <summary>The index of the first event of an instance that is as wanted.</summary>
    public long IndexOf(string instance, Func<Event, bool> wanted) => InstanceOf(instance).First(e => wanted(e.Happened)).Index;

    /// <summary>The heads of an instance after one of its events.</summary>
    public Heads HeadsAt(string instance, long index) =>
        new([.. Loop.Faculties.Select(f => HeadAt(new FacultyAddress(instance, f.Name), index))]);

    private Link HeadAt(FacultyAddress at, long index) =>
        Find(at)?.Entries.LastOrDefault(e => e.Index <= index)?.Head ?? Link.Before(at.Faculty);

    private void Read(JournalRow row)
    {
        var path = row.PersistenceId.Value.Split('/');
        var at = path.Length == 2 ? FacultyAddress.Supervisor : new FacultyAddress(path[1], path[2]);
        if (Find(at) is not { } stream)
            _streams[at.ToString()] = stream = new Stream(at);
        stream.State = stream.State.Next(FacultyAt(at), row, FacultyEvents.Codec, _known, out var happened);
        stream.Entries.Add(new Entry(stream.State.Index, happened, stream.State.Head, row));
        Events++;
    }

    private Stream? Find(FacultyAddress at) => _streams.GetValueOrDefault(at.ToString());

    private PersistenceId StreamOf(FacultyAddress at) => PersistenceId.Of(plan.Run, at);

    private IReadOnlyList<JournalRow> RowsOf(FacultyAddress at) => _machine.Disk.Rows(StreamOf(at));

    private static string Text(JournalRow row) => $"{row.Manifest} {Encoding.UTF8.GetString(EventEnvelope.Read(row.Message).Data.Span)}";

    private sealed class Stream(FacultyAddress at)
    {
        public FacultyAddress At => at;

        public StreamState State { get; set; } = StreamState.Before(FacultyAt(at));

        public List<Entry> Entries { get; } = [];
    }

    private sealed record Entry(long Index, Event Happened, Link Head, JournalRow Row);
}
