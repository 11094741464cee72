using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>
/// Folds the content of a store again and compares everything that was recorded: links, numbers, anchors, writers,
/// snapshots, blobs, digests. Writes nothing and calls no model.
/// </summary>
/// <remarks>
/// A whole store is read once in the order of its rows. An instance with a problem is read again by itself, with all
/// links remembered, and only the second result counts. So a store that is being written gives no false alarm: the
/// supervisor is read before its instances.
/// </remarks>
public sealed class Verifier
{
    // While rows are read in their order, every instance under check holds its state in memory; more of them are read
    // one after another.
    private const int InstancesAtOnce = 2000;

    private readonly EventStore _store;
    private readonly IProgress<long>? _progress;
    private readonly StoreMap _map = new();
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RunCheck> _runs = new(StringComparer.Ordinal);
    private readonly BlobReferences _references = new();
    private readonly Tally _tally = new();
    private readonly List<(InstanceCheck Child, SharedPast Past)> _pasts = [];
    private readonly Dictionary<(string Run, string Instance), Dictionary<long, Heads>> _branches = [];

    private Verifier(EventStore store, IProgress<long>? progress) => (_store, _progress) = (store, progress);

    /// <summary>Checks a store, a run of it, or one instance.</summary>
    /// <param name="run">Only this run; null for all.</param>
    /// <param name="instance">Only this instance; null for all.</param>
    /// <param name="progress">Receives the number of events read so far, from time to time.</param>
    public static async Task<VerificationReport> VerifyAsync(
        EventStore store,
        string? run,
        string? instance,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        return await new Verifier(store, progress).RunAsync(run, instance, cancellationToken);
    }

    private async Task<VerificationReport> RunAsync(string? only, string? instance, CancellationToken cancellationToken)
    {
        foreach (var id in await _store.Journal.PersistenceIdsAsync(only is null ? "" : $"{only}/", cancellationToken))
        {
            _map.Add(id);
            _highest[id.Value] = await _store.Journal.HighestSequenceNumberAsync(id, cancellationToken);
        }

        foreach (var run in _map.Supervisors.Keys)
            await ReadRunAsync(run, cancellationToken);
        var instances = _map
            .Instances.SelectMany(r => r.Value.Select(l => (Run: r.Key, Instance: l)))
            .Concat(_runs.Values.SelectMany(r => r.Instances.Select(l => (r.Run, Instance: l))))
            .Distinct()
            .Where(l => instance is null || l.Instance == instance)
            .OrderBy(l => l.Run, StringComparer.Ordinal)
            .ThenBy(l => l.Instance, StringComparer.Ordinal)
            .ToArray();
        if (only is not null || instances.Length > InstancesAtOnce || !await PassAsync(cancellationToken))
        {
            foreach (var found in instances)
                await ExamineAsync(found.Run, found.Instance, cancellationToken);
        }

        foreach (var run in _map.Instances.Keys.Where(r => !_runs.ContainsKey(r)))
            _tally.Diverge(
                new Divergence(
                    $"{run}/{FacultyAddress.Run}",
                    null,
                    1,
                    null,
                    null,
                    "persistence_id",
                    "the stream of the run's supervisor",
                    "none",
                    "instances without the supervisor that planned them: its stream was deleted or renamed"
                )
            );
        foreach (
            var missing in instances
                .Select(l => (l.Run, Shard: _runs.GetValueOrDefault(l.Run)?.MissingFor(l.Instance)))
                .Where(l => l.Shard is not null && _map.Instances.ContainsKey(l.Run))
                .Distinct()
        )
            _tally.Diverge(
                new Divergence(
                    Shard.StreamOf(missing.Run, missing.Shard).Value,
                    null,
                    1,
                    null,
                    null,
                    "persistence_id",
                    "the stream of the shard's supervisor",
                    "none",
                    "instances without the supervisor that planned them: its stream was deleted or renamed"
                )
            );
        ComparePasts();
        return await _tally.EndAsync(
            _store,
            only is null ? _map.Foreign : [],
            _runs.Values,
            _references,
            wholeStore: only is null,
            cancellationToken
        );
    }

    private async Task ReadRunAsync(string run, CancellationToken cancellationToken) =>
        _runs[run] = await RunCheck.ReadAsync(_store, run, _map.Supervisors[run], _references, cancellationToken);

    // False if the file is damaged in the middle: each stream is then read by itself, so that one bad page does not
    // hide the rest.
    private async Task<bool> PassAsync(CancellationToken cancellationToken)
    {
        var (instances, slots) = (
            new Dictionary<(string, string), InstanceCheck>(),
            new Dictionary<string, (InstanceCheck Check, int Faculty)?>(StringComparer.Ordinal)
        );
        try
        {
            var (newest, read) = (await _store.Glance.NewestAsync(cancellationToken), 0L);
            await foreach (var row in _store.Journal.ReadAllAsync(0, cancellationToken))
            {
                if (row.Ordering > newest)
                    break;
                if (!slots.TryGetValue(row.PersistenceId.Value, out var slot))
                    slots[row.PersistenceId.Value] = slot = await SlotAsync(row.PersistenceId);
                slot?.Check.Take(slot.Value.Faculty, row);
                if (++read % 10_000 == 0)
                    _progress?.Report(read);
            }
        }
        catch (JournalException)
        {
            return false;
        }

        foreach (var (run, known) in _runs)
        {
            foreach (var unseen in known.Instances.Where(l => !instances.ContainsKey((run, l))))
                instances[(run, unseen)] = await OpenAsync(run, unseen, detailed: false, cancellationToken);
        }

        foreach (
            var ((run, instance), check) in instances
                .OrderBy(l => l.Key.Item1, StringComparer.Ordinal)
                .ThenBy(l => l.Key.Item2, StringComparer.Ordinal)
        )
        {
            check.End();
            var isWhole = check.Streams.All(s => _highest.GetValueOrDefault(s.Id.Value) <= s.Current.SequenceNumber);
            if (isWhole && !check.IsTroubled && _runs.GetValueOrDefault(run)?.Instances.Contains(instance) == true)
                Keep(check);
            else
                await ExamineAsync(run, instance, cancellationToken);
        }

        return true;

        async Task<(InstanceCheck, int)?> SlotAsync(PersistenceId id)
        {
            if (_map.Add(id) is not var (run, instance, faculty))
                return null;
            if (!instances.TryGetValue((run, instance), out var check))
                instances[(run, instance)] = check = await OpenAsync(run, instance, detailed: false, cancellationToken);
            return (check, faculty);
        }
    }

    /// <summary>
    /// Reads one instance by itself and remembers every link, so that a divergence can be assigned to its stream.
    /// </summary>
    private async Task ExamineAsync(string run, string instance, CancellationToken cancellationToken)
    {
        if (_runs.TryGetValue(run, out var known) && !known.Instances.Contains(instance) && !known.Streams.Any(s => s.Broken is not null))
            await ReadRunAsync(run, cancellationToken); // it may have joined since
        else if (known is null && _map.Supervisors.ContainsKey(run))
            await ReadRunAsync(run, cancellationToken);
        var check = await OpenAsync(run, instance, detailed: true, cancellationToken);
        for (var i = 0; i < check.Streams.Length; i++)
        {
            var faculty = i;
            await StreamReading.ReadAsync(_store.Journal, check.Streams[faculty], row => check.Take(faculty, row), cancellationToken);
        }

        check.End();
        Keep(check);
    }

    private async Task<InstanceCheck> OpenAsync(string run, string instance, bool detailed, CancellationToken cancellationToken)
    {
        var streams = ImmutableArray.CreateBuilder<StreamCheck>();
        foreach (var (id, place) in StoreMap.StreamsOf(run, instance).Select((id, place) => (id, place)))
            streams.Add(
                new StreamCheck(
                    Loop.Faculties[place],
                    id,
                    place,
                    await SnapshotCheck.ReadAsync(_store.Snapshots, id, detailed, cancellationToken),
                    _references,
                    detailed
                )
            );
        var known = _runs.GetValueOrDefault(run);
        return new InstanceCheck(
            run,
            instance,
            streams.ToImmutable(),
            known?.AnchorsOf(instance) ?? [],
            known?.OriginOf(instance) ?? new Origin.UnknownOrigin(),
            known?.BranchesOf(instance) ?? []
        );
    }

    private void Keep(InstanceCheck instance)
    {
        _tally.Keep(instance, _runs.GetValueOrDefault(instance.Run)?.Instances.Contains(instance.Instance) == true);
        _branches[(instance.Run, instance.Instance)] = instance.At;
        if (instance.Past is { } past)
            _pasts.Add((instance, past));
        _progress?.Report(_tally.Events);
    }

    // The events that a fork shares with its parent are an anchor of the parent too.
    private void ComparePasts()
    {
        foreach (var (child, past) in _pasts)
        {
            if (
                !_branches.TryGetValue((child.Run, past.Parent), out var parent)
                || _runs.GetValueOrDefault(child.Run)?.BranchesOf(past.Parent).Contains(past.Index) != true
            )
                continue;
            var at = parent.GetValueOrDefault(past.Index);
            if (at is not null && at.Equals(past.Heads))
                _tally.Cover(child.Run, past.Parent, past.Index);
            else if (!_tally.HasDiverged(child.Run, past.Parent))
                _tally.Diverge(
                    new Divergence(
                        $"{child.Run}/{past.Parent}",
                        null,
                        null,
                        past.Index,
                        null,
                        "heads",
                        string.Join(' ', past.Heads.Links),
                        at is null ? "an earlier end" : string.Join(' ', at.Links),
                        $"the fork {past.Child} shares its parent's events up to {past.Index}, but the parent differs "
                            + "there: the parent was cut off or rewritten"
                    )
                );
        }
    }
}
