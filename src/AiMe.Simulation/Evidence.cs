using System.Runtime.InteropServices;
using AiMe.EventSourcing;

namespace AiMe.Simulation;

/// <summary>What is known of a trial when it is judged: before each crash, and at the end.</summary>
internal sealed class Evidence
{
    // The seeds of a course live much the same.
    [ThreadStatic]
    private static EventCache? t_events;

    private readonly Dictionary<FacultyAddress, long> _acknowledged = [];
    private readonly List<(string Instance, string Faculty, Event Happened)> _told = [];
    private readonly Dictionary<string, int> _submissions = new(StringComparer.Ordinal);
    private readonly Dictionary<object, object> _compared = new(ReferenceEqualityComparer.Instance);

    public Evidence()
    {
        Known = new RowCache(t_events ??= new EventCache(capacity: 12_000));
        Ledger = new DurableRecord(Known);
    }

    /// <summary>
    /// What rows and snapshots were read as: every row is read once, by the ledger, whoever reads it again.
    /// </summary>
    public RowCache Known { get; }

    /// <summary>What is durable.</summary>
    public DurableRecord Ledger { get; }

    /// <summary>Rows that the host has said are durable, a stream.</summary>
    public IReadOnlyDictionary<FacultyAddress, long> Acknowledged => _acknowledged;

    /// <summary>Events that this process' host has said are durable, in order.</summary>
    public IReadOnlyList<(string Instance, string Faculty, Event Happened)> Told => _told;

    /// <summary>Training jobs that a server has begun, by their key.</summary>
    public IReadOnlyDictionary<string, int> Submissions => _submissions;

    /// <summary>The first command that was refused, or null.</summary>
    public string? Refused { get; private set; }

    /// <summary>The first failure that nobody had planned, or null.</summary>
    public string? Failed { get; private set; }

    /// <summary>The first journal row that the host could not read, or null.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Why nothing goes on although the run has not ended, or null.</summary>
    public string? Stalled { get; set; }

    /// <summary>A faculty as the host holds it in memory, while nothing of it is under way.</summary>
    public Func<FacultyAddress, StreamState?> Live { get; set; } = _ => null;

    /// <summary>The newest snapshot of a stream, or null.</summary>
    public Func<DurableRecord.DurableStream, Snapshot?> Newest { get; set; } = _ => null;

    /// <summary>A stream as it would be read back now, from its newest snapshot on.</summary>
    public Func<DurableRecord.DurableStream, Task<StreamState>> ReadBack { get; set; } = line => Task.FromResult(line.State);

    /// <summary>The digest of the undisturbed run, where it is a measure; else null.</summary>
    public string? Measure { get; set; }

    /// <summary>Whether the run has ended and all is at rest.</summary>
    public bool AtEnd { get; set; }

    /// <summary>Whether something was not compared with this before.</summary>
    public bool IsNew(object with, object compared)
    {
        if (_compared.TryGetValue(with, out var last) && ReferenceEquals(last, compared))
            return false;
        _compared[with] = compared;
        return true;
    }

    /// <summary>A process begins: it knows what is durable.</summary>
    public void ProcessBegins()
    {
        _told.Clear();
        foreach (var line in Ledger.Lines)
            _acknowledged[line.At] = Math.Max(_acknowledged.GetValueOrDefault(line.At), line.State.SequenceNumber);
    }

    /// <summary>The host says that an event is durable.</summary>
    public void Acknowledge(string instance, string faculty, Event happened)
    {
        var at = new FacultyAddress(instance, faculty);
        CollectionsMarshal.GetValueRefOrAddDefault(_acknowledged, at, out _)++;
        _told.Add((instance, faculty, happened));
    }

    /// <summary>A command was refused.</summary>
    public void Refuse(string who, Command command, string why) => Refused ??= $"{who} refused {command.GetType().Name}: {why}";

    /// <summary>A step threw.</summary>
    public void Fail(string who, Exception failure)
    {
        if (failure is CorruptJournalException)
            Unreadable ??= $"{who}: {failure.Message}";
        else
            Failed ??= $"{who}: {failure.GetType().Name}: {failure.Message}";
    }

    /// <summary>A server begins a training job.</summary>
    public void Submit(string key) => _submissions[key] = _submissions.GetValueOrDefault(key) + 1;
}
