using System.Runtime.InteropServices;
using AiMe.EventSourcing;

namespace AiMe.Simulation;

/// <summary>The observations that the invariants check, before each crash and at the end.</summary>
internal sealed class Evidence
{
    // The seeds of a course have mostly the same rows.
    [ThreadStatic]
    private static SharedCache? t_shared;

    private readonly Dictionary<FacultyAddress, long> _acknowledged = [];
    private readonly List<(string Instance, string Faculty, Event Happened)> _reported = [];
    private readonly Dictionary<string, int> _submissions = new(StringComparer.Ordinal);
    private readonly Dictionary<object, object> _compared = new(ReferenceEqualityComparer.Instance);

    public Evidence()
    {
        Rows = new RowCache(t_shared ??= new SharedCache(capacity: 12_000));
        Ledger = new DurableRecord(Rows);
    }

    /// <summary>Cache of decoded rows and snapshots; every row is decoded once.</summary>
    public RowCache Rows { get; }

    /// <summary>The durable events.</summary>
    public DurableRecord Ledger { get; }

    /// <summary>Number of rows per stream that the host has reported as durable.</summary>
    public IReadOnlyDictionary<FacultyAddress, long> Acknowledged => _acknowledged;

    /// <summary>Events that the current process has reported as durable, in order.</summary>
    public IReadOnlyList<(string Instance, string Faculty, Event Happened)> Reported => _reported;

    /// <summary>Number of training jobs that the server has started, by key.</summary>
    public IReadOnlyDictionary<string, int> Submissions => _submissions;

    /// <summary>The first command that was refused, or null.</summary>
    public string? Refused { get; private set; }

    /// <summary>The first unplanned failure, or null.</summary>
    public string? Failed { get; private set; }

    /// <summary>The first row that the host could not read, or null.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Why the simulation makes no progress although the run has not ended, or null.</summary>
    public string? Stalled { get; set; }

    /// <summary>The state of a faculty in the host's memory, or null.</summary>
    public Func<FacultyAddress, StreamState?> Live { get; set; } = _ => null;

    /// <summary>The newest snapshot of a stream, or null.</summary>
    public Func<DurableRecord.DurableStream, Snapshot?> Newest { get; set; } = _ => null;

    /// <summary>A stream as a recovery would read it now, from its newest snapshot.</summary>
    public Func<DurableRecord.DurableStream, Task<StreamState>> ReadBack { get; set; } = stream => Task.FromResult(stream.State);

    /// <summary>The digest of the undisturbed run, if it must be the same; else null.</summary>
    public string? Reference { get; set; }

    /// <summary>Whether the run has ended and all instances are idle.</summary>
    public bool AtEnd { get; set; }

    /// <summary>Whether a pair of objects has not been compared before.</summary>
    public bool IsNew(object with, object compared)
    {
        if (_compared.TryGetValue(with, out var last) && ReferenceEquals(last, compared))
            return false;
        _compared[with] = compared;
        return true;
    }

    /// <summary>A process starts: all durable rows count as acknowledged to it.</summary>
    public void ProcessStarts()
    {
        _reported.Clear();
        foreach (var stream in Ledger.Streams)
            _acknowledged[stream.At] = Math.Max(_acknowledged.GetValueOrDefault(stream.At), stream.State.SequenceNumber);
    }

    /// <summary>The host reports an event as durable.</summary>
    public void Acknowledge(string instance, string faculty, Event happened)
    {
        var at = new FacultyAddress(instance, faculty);
        CollectionsMarshal.GetValueRefOrAddDefault(_acknowledged, at, out _)++;
        _reported.Add((instance, faculty, happened));
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

    /// <summary>The server starts a training job.</summary>
    public void Submit(string key) => _submissions[key] = _submissions.GetValueOrDefault(key) + 1;
}
