using System.Collections.Immutable;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>Sums up the checks.</summary>
internal sealed class Tally
{
    private readonly List<InstanceCoverage> _instances = [];
    private readonly List<Divergence> _divergences = [];
    private readonly SortedDictionary<string, int> _others = new(StringComparer.Ordinal);
    private int _streams;
    private long _bytes,
        _instanceAnchors,
        _runAnchors,
        _snapshots;

    /// <summary>Number of checked events.</summary>
    public long Events { get; private set; }

    /// <summary>Adds a checked instance.</summary>
    public void Keep(InstanceCheck instance, bool isKnown)
    {
        foreach (var stream in instance.Streams)
            Take(stream);
        _instanceAnchors += instance.InstanceAnchors;
        _runAnchors += instance.RunAnchors;
        _instances.Add(new InstanceCoverage(instance.Run, instance.Instance, instance.Rows, instance.Covered, isKnown));
    }

    /// <summary>Records that another anchor covers an instance up to an event.</summary>
    public void Cover(string run, string instance, long index)
    {
        var at = _instances.FindIndex(l => l.Run == run && l.Instance == instance);
        _instances[at] = _instances[at] with { Covered = Math.Max(_instances[at].Covered, index) };
        _runAnchors++;
    }

    /// <summary>Whether an instance has a divergence.</summary>
    public bool HasDiverged(string run, string instance) =>
        _divergences.Any(d => d.Stream.StartsWith($"{run}/{instance}/", StringComparison.Ordinal));

    /// <summary>Adds a divergence.</summary>
    public void Diverge(Divergence divergence) => _divergences.Add(divergence);

    /// <summary>Checks the supervisors, then blobs and model files, and returns the report.</summary>
    public async Task<VerificationReport> EndAsync(
        EventStore store,
        IEnumerable<string> foreign,
        IEnumerable<RunCheck> runs,
        BlobReferences references,
        bool wholeStore,
        CancellationToken cancellationToken
    )
    {
        var (covered, digests) = (new List<RunCoverage>(), 0);
        foreach (var run in runs)
        {
            foreach (var stream in run.Streams)
                Take(stream);
            digests += run.Digests;
            covered.Add(new RunCoverage(run.Run, run.Instances.Count, run.Streams.Sum(s => s.Rows), run.Digest));
        }

        var inOrder = _divergences.OrderBy(d => d.Stream, StringComparer.Ordinal).ThenBy(d => d.SequenceNumber).ToList();
        var blobs = await BlobCheck.RunAsync(store.Blobs, references, cancellationToken);
        var models = wholeStore ? await ModelFiles.CheckAsync(store.ModelsDirectory, cancellationToken) : new(0, []);
        return new VerificationReport(
            [.. covered],
            [.. _instances],
            [.. inOrder, .. blobs.Divergences, .. models.Divergences],
            new(
                _streams,
                Events,
                _bytes,
                _instanceAnchors,
                _runAnchors,
                digests,
                _snapshots,
                _others.ToImmutableSortedDictionary(StringComparer.Ordinal),
                blobs.Count,
                blobs.Bytes,
                models.Count
            )
            {
                RemovedCheckpoints = blobs.Removed,
            },
            [.. foreign],
            await OwnersAsync(store, cancellationToken)
        );
    }

    private static async Task<ImmutableArray<string>> OwnersAsync(EventStore store, CancellationToken cancellationToken)
    {
        try
        {
            return
            [
                .. (await store.Ownership.HoldersAsync(cancellationToken))
                    .Where(h => h.IsAlive)
                    .Select(h => $"process {h.Owner.Info.ProcessId} on {h.Owner.Info.Host}")
                    .Distinct(StringComparer.Ordinal),
            ];
        }
        catch (JournalException)
        {
            return []; // owners are only informational, and their table may be the damaged one
        }
    }

    private void Take(StreamCheck stream)
    {
        _streams += stream.Rows > 0 ? 1 : 0;
        Events += stream.Rows;
        _bytes += stream.Bytes;
        _snapshots += stream.Snapshots.Equal;
        foreach (var other in stream.Snapshots.Others)
            _others[other] = _others.GetValueOrDefault(other) + 1;
        if (stream.Broken is { } broken)
            _divergences.Add(broken);
        _divergences.AddRange(stream.Snapshots.Bad);
    }
}
