using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>
/// Checks a run's supervisor: its plan, the heads that it recorded, and whether its digest follows from them.
/// </summary>
internal sealed class RunCheck
{
    private readonly Dictionary<string, Dictionary<string, List<SupervisedAnchor>>> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<long>> _branches = new(StringComparer.Ordinal);
    private readonly List<StreamCheck> _streams = [];
    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shard> _elsewhere = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableSortedDictionary<string, InstanceProgress>> _ended = new(StringComparer.Ordinal);

    private RunCheck(string run) => Run = run;

    public string Run { get; }

    public IReadOnlyList<StreamCheck> Streams => _streams;

    /// <summary>Names of the run's instances.</summary>
    public SortedSet<string> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Recomputed run digests.</summary>
    public int Digests { get; private set; }

    /// <summary>The run's digest over all its shards; null if it has not ended.</summary>
    public string? Digest =>
        _ended.Count > 0 && _ended.Count == _streams.Count && _elsewhere.Keys.All(Instances.Contains)
            ? SupervisorState.DigestOf(_ended.Values.SelectMany(instances => instances).Where(l => l.Value.Parent is null))
            : null;

    /// <summary>How an instance began.</summary>
    public Origin OriginOf(string instance) =>
        _origins.TryGetValue(instance, out var planned) ? planned
        : Instances.Contains(instance) ? new Origin.CopiedOrigin()
        : new Origin.UnknownOrigin();

    /// <summary>The shard whose supervisor should know an instance and does not; null if there is none.</summary>
    public Shard? MissingFor(string instance) => Instances.Contains(instance) ? null : _elsewhere.GetValueOrDefault(instance);

    /// <summary>The recorded heads of an instance, a list for each stream that has some.</summary>
    public IEnumerable<ImmutableArray<SupervisedAnchor>> AnchorsOf(string instance) =>
        _anchors.TryGetValue(instance, out var byStream) ? byStream.Values.Select(a => a.ToImmutableArray()) : [];

    /// <summary>The indices at which forks branched off from an instance.</summary>
    public IReadOnlyCollection<long> BranchesOf(string instance) => _branches.GetValueOrDefault(instance) ?? [];

    /// <summary>Reads the supervisor's streams of a run.</summary>
    public static async Task<RunCheck> ReadAsync(
        EventStore store,
        string run,
        IEnumerable<PersistenceId> streams,
        BlobReferences references,
        CancellationToken cancellationToken
    )
    {
        var check = new RunCheck(run);
        foreach (var id in streams)
        {
            var snapshots = await SnapshotCheck.ReadAsync(store.Snapshots, id, whole: true, cancellationToken);
            var stream = new StreamCheck(Loop.Supervision, id, place: 0, snapshots, references, detailed: true);
            check._streams.Add(stream);
            await check.ReadAsync(store.Journal, stream, cancellationToken);
        }

        return check;
    }

    private async Task ReadAsync(IJournal journal, StreamCheck stream, CancellationToken cancellationToken)
    {
        var (writers, last) = (new Writers(), default(ChainStep));
        await StreamReading.ReadAsync(journal, stream, Take, cancellationToken);
        stream.End();

        void Take(JournalRow row)
        {
            if (stream.Take(row, out var happened) is not { } step)
                return;
            if (step.Place.Index != step.Place.SequenceNumber)
                stream.Accuse(
                    step.Place.Diverges(
                        "i",
                        $"{step.Place.SequenceNumber}",
                        $"{step.Place.Index}",
                        "a supervisor's events have the numbers of its rows: this history was forged"
                    )
                );
            if (writers.Take(row.Writer, step.Place) is { } between)
                stream.Accuse(between);
            Note(stream, step, last, happened!);
            last = step;
        }
    }

    private void Note(StreamCheck stream, ChainStep step, ChainStep before, Event happened)
    {
        var state = (SupervisorState)stream.Current.State;
        switch (happened)
        {
            case RunPlanned or ShardPlanned:
                Instances.UnionWith(state.Instances.Keys);
                foreach (var name in state.Instances.Keys)
                    _origins[name] = new Origin.PlannedOrigin();
                if (happened is ShardPlanned planned)
                    NoteShards(planned);
                break;
            case InstanceForked f:
                Instances.Add(f.Instance);
                (_branches.TryGetValue(f.Parent, out var known) ? known : _branches[f.Parent] = []).Add(f.Index);
                break;
            case RunEnded e:
                CompareEnd(stream, step, before, e, state);
                break;
        }

        if (Anchors.Supervised(happened) is not ({ Length: > 0 } instance, var heads))
            return;
        if (!_anchors.TryGetValue(instance, out var byStream))
            _anchors[instance] = byStream = new(StringComparer.Ordinal);
        if (!byStream.TryGetValue(stream.Id.Value, out var anchors))
            byStream[stream.Id.Value] = anchors = [];
        anchors.Add(new SupervisedAnchor(stream.Id, step.Place.Ordering, step.Place.SequenceNumber, step.Place.Manifest, heads));
    }

    private void NoteShards(ShardPlanned planned)
    {
        foreach (var shard in Shard.All(planned.Shard.Count))
        {
            foreach (var (variant, replicate) in shard.InstancesOf(planned.Plan))
                _elsewhere[RunPlan.NameOf(variant, replicate)] = shard;
        }
    }

    private void CompareEnd(StreamCheck stream, ChainStep step, ChainStep before, RunEnded ended, SupervisorState state)
    {
        Digests++;
        _ended[stream.Id.Value] = state.Instances; // at that moment: later input is not in the digest
        var planned = state.Instances.Where(l => l.Value.Parent is null).ToArray();
        var (digest, finished, parked) = (
            SupervisorState.DigestOf(planned),
            planned.Count(l => l.Value.Status == InstanceState.Finished),
            planned.Count(l => l.Value.Status == InstanceState.Parked)
        );
        if (digest != ended.Digest)
            stream.Accuse(
                step.Place.Diverges(
                    "d.digest",
                    digest,
                    ended.Digest,
                    "the run's digest does not follow from the heads that the supervisor recorded: this history was forged"
                )
            );
        if ((finished, parked) != (ended.Finished, ended.Parked))
            stream.Accuse(
                step.Place.Diverges(
                    "d.finished",
                    $"{finished} finished, {parked} parked",
                    $"{ended.Finished} finished, {ended.Parked} parked",
                    "the run's end does not follow from its instances: this history was forged"
                )
            );
        if (before.Writer.Value is not null && before.Writer != step.Writer)
            stream.Accuse(
                step.Place.Diverges(
                    "writer_uuid",
                    before.Writer.Value,
                    step.Writer.Value,
                    "the end of a run is written in one append with the event before it: the writer was altered"
                )
            );
    }
}
