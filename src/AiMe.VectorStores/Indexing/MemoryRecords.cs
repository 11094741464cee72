using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.VectorStores.Indexing;

/// <summary>What a store is to hold of an instance, read from the stream of its Memory.</summary>
/// <remarks>
/// The journal has what a search does not tell: topic, verdict, round. It is read from its beginning once, and then from where the last
/// reading ended.
/// </remarks>
/// <param name="variant">The variant of the instance.</param>
public sealed class MemoryRecords(IJournal journal, InstanceKey owner, string variant)
{
    private static readonly string[] s_read =
    [
        .. new[] { typeof(Stored), typeof(InsightStored), typeof(Forgot), typeof(HeldSettled) }.Select(t =>
            ((ManifestAttribute)Attribute.GetCustomAttribute(t, typeof(ManifestAttribute))!).Name
        ),
    ];

    private readonly PersistenceId _stream = PersistenceId.Of(owner.Run, new FacultyAddress(owner.Instance, Loop.Memory));

    // Those that may still change: one that is rejected or forgotten stays so.
    private readonly Dictionary<MemoryId, StoredMemory> _recallable = [];
    private readonly OrderedDictionary<MemoryId, StoredMemory> _changed = [];
    private InsightStored? _insight;
    private long _sequenceNumber;

    /// <summary>Whose memories.</summary>
    public InstanceKey Owner => owner;

    /// <summary>The sequence number of the last event that was read; 0 before the first reading.</summary>
    public long SequenceNumber => _sequenceNumber;

    /// <summary>The sequence number of the last event in the journal; 0 if there is none.</summary>
    public Task<long> HighestAsync(CancellationToken cancellationToken) => journal.HighestSequenceNumberAsync(_stream, cancellationToken);

    /// <summary>The memories that are new or changed since the last reading, each once and in its last form, oldest first.</summary>
    /// <exception cref="CorruptEventException">An event cannot be read.</exception>
    public async Task<IReadOnlyList<StoredMemory>> ReadOnAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in journal.ReadAsync(_stream, _sequenceNumber + 1, long.MaxValue, cancellationToken))
        {
            if (s_read.Contains(row.Manifest[..row.Manifest.IndexOf('@', StringComparison.Ordinal)], StringComparer.Ordinal))
                Apply(FacultyEvents.Codec.Read(row.Manifest, EventEnvelope.Read(row.Message).Data.Span));
            _sequenceNumber = row.SequenceNumber;
        }

        IReadOnlyList<StoredMemory> changed = [.. _changed.Values];
        _changed.Clear();
        return changed;
    }

    private void Apply(Event happened)
    {
        switch (happened)
        {
            case InsightStored insight:
                _insight = insight; // written together with the experience that closes its cycle, just before it
                break;
            case Stored experience:
                if (_insight is { } formed)
                    Set(Of(formed, experience));
                _insight = null;
                Set(Of(experience));
                break;
            case Forgot forgot:
                foreach (var id in forgot.Ids)
                    Change(id, memory => memory with { Recallable = false });
                break;
            case HeldSettled settled:
                foreach (var review in settled.Settled)
                    Change(review.Id, memory =>
                        memory with
                        {
                            Verdict = NameOf(review.Verdict),
                            Recallable = review.Verdict != Verdict.Reject,
                        }
                    );
                break;
        }
    }

    private void Change(MemoryId id, Func<StoredMemory, StoredMemory> change)
    {
        if (_recallable.TryGetValue(id, out var memory))
            Set(change(memory));
    }

    private void Set(StoredMemory memory)
    {
        _changed[memory.Id] = memory;
        if (memory.Recallable)
            _recallable[memory.Id] = memory;
        else
            _recallable.Remove(memory.Id);
    }

    private StoredMemory Of(Stored s) =>
        new(
            owner,
            s.Id,
            s.Embedding,
            variant,
            "experience",
            MemoryDecider.TextOf(s.Input, s.Output),
            s.Cycle,
            s.Round,
            s.Topic,
            NameOf(s.Verdict),
            s.Importance,
            s.Timestamp,
            Recallable: s.Verdict != Verdict.Reject
        );

    private StoredMemory Of(InsightStored i, Stored with) =>
        new(
            owner,
            i.Insight.Id,
            i.Embedding,
            variant,
            "insight",
            i.Insight.Statement,
            with.Cycle,
            with.Round,
            Topic: "",
            Verdict: "",
            i.Insight.Importance,
            i.At,
            Recallable: true
        );

    private static string NameOf(Verdict verdict) =>
        verdict switch
        {
            Verdict.Keep => "keep",
            Verdict.Reject => "reject",
            Verdict.Hold => "hold",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
