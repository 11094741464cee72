using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>Compares the stored snapshots of one stream with the states that its events fold to.</summary>
internal sealed class SnapshotCheck
{
    private readonly Queue<Kept> _waiting;
    private readonly List<Divergence> _bad = [];

    private SnapshotCheck(IEnumerable<Kept> kept) => _waiting = new(kept);

    /// <summary>A check without snapshots.</summary>
    public static SnapshotCheck None => new([]);

    /// <summary>Snapshots that equal the folded state.</summary>
    public int Equal { get; private set; }

    /// <summary>Manifests of snapshots of other builds.</summary>
    public List<string> Others { get; } = [];

    /// <summary>The divergences, by sequence number.</summary>
    public IReadOnlyList<Divergence> Bad => _bad;

    /// <summary>
    /// The sequence number of the next snapshot to compare; <see cref="long.MaxValue"/> if there is none.
    /// </summary>
    public long Next => _waiting.TryPeek(out var kept) ? kept.SequenceNumber : long.MaxValue;

    /// <param name="whole">Whether to keep their bytes, to find what differs in them; else only their digests.</param>
    public static async Task<SnapshotCheck> ReadAsync(
        ISnapshots snapshots,
        PersistenceId stream,
        bool whole,
        CancellationToken cancellationToken
    )
    {
        var kept = new List<Kept>();
        try
        {
            await foreach (var snapshot in snapshots.AllAsync(stream, cancellationToken))
                kept.Add(Kept.Of(snapshot, whole));
        }
        catch (JournalException e) when (whole)
        {
            var unread = new SnapshotCheck(kept);
            unread._bad.Add(
                new Divergence(
                    stream.Value,
                    null,
                    null,
                    null,
                    null,
                    "snapshot",
                    "a snapshot that can be read",
                    e.Message,
                    "the journal's file is damaged here; without the snapshot the events are folded"
                )
            );
            return unread;
        }

        return new(kept);
    }

    /// <summary>Compares the snapshots at a state, and reports those that should have come before it.</summary>
    public void At(FacultyDefinition faculty, StreamState current)
    {
        while (Next <= current.SequenceNumber)
        {
            var kept = _waiting.Dequeue();
            if (kept.SequenceNumber < current.SequenceNumber)
                Refuse(
                    kept,
                    "sequence_number",
                    "1 or more",
                    $"{kept.SequenceNumber}",
                    "a snapshot of no event: its sequence number was altered"
                );
            else
                Compare(kept, faculty, current);
        }
    }

    /// <summary>Reports the remaining snapshots, which are beyond the end of the stream.</summary>
    public void End(StreamState last)
    {
        while (_waiting.TryDequeue(out var kept))
            Refuse(
                kept,
                "sequence_number",
                $"at most {last.SequenceNumber}, the stream's last",
                $"{kept.SequenceNumber}",
                "a snapshot beyond the end of its stream: its sequence number was altered, or events were cut off"
            );
    }

    private void Compare(Kept kept, FacultyDefinition faculty, StreamState current)
    {
        var expected = current.ToSnapshot(faculty);
        var equal = SHA256.HashData(expected).AsSpan().SequenceEqual(kept.Digest.AsSpan());
        if (equal && kept.Manifest == faculty.StateManifest)
            Equal++;
        else if (equal)
            Refuse(
                kept,
                "manifest",
                faculty.StateManifest,
                kept.Manifest,
                "the snapshot's manifest was altered: its bytes are of this build's form"
            );
        else if (kept.Manifest != faculty.StateManifest && IsOtherVersion(kept.Manifest, faculty) && kept.IsAt(current))
            Others.Add(kept.Manifest);
        else if (kept.Manifest != faculty.StateManifest && !IsOtherVersion(kept.Manifest, faculty))
            Refuse(
                kept,
                "manifest",
                faculty.StateManifest,
                kept.Manifest,
                "a snapshot of no state of this faculty: its manifest was altered"
            );
        else if (kept.Content is { } content && kept.IsAt(current) && Difference(expected, content) is var (path, right, wrong))
            Refuse(
                kept,
                path,
                right,
                wrong,
                "the snapshot's state is not the one that the events fold to: it was made by a build that folds differently, or forged"
            );
        else
            Refuse(
                kept,
                "snapshot",
                Head(expected),
                kept.Content is { } damaged ? Head(damaged) : "other bytes",
                "the snapshot was altered; recovery ignores it and folds the events"
            );
    }

    private void Refuse(Kept kept, string field, string expected, string found, string meaning) =>
        _bad.Add(
            new Divergence(
                kept.Stream.Value,
                null,
                kept.SequenceNumber,
                null,
                kept.Manifest,
                field.StartsWith("snapshot", StringComparison.Ordinal) ? field : $"snapshot.{field}",
                expected,
                found,
                meaning
            )
        );

    private static bool IsOtherVersion(string manifest, FacultyDefinition faculty)
    {
        var stem = faculty.StateManifest[..(faculty.StateManifest.IndexOf('@') + 1)];
        return manifest.StartsWith(stem, StringComparison.Ordinal)
            && int.TryParse(manifest.AsSpan(stem.Length), System.Globalization.NumberStyles.None, null, out _);
    }

    private static (string Path, string Expected, string Found)? Difference(byte[] expected, byte[] found) =>
        JsonPlace.OfDifference(expected.AsMemory(expected.IndexOf((byte)'\n') + 1), found.AsMemory(found.IndexOf((byte)'\n') + 1))
            is var (path, right, wrong)
            ? ($"snapshot.{path}", right, wrong)
            : null;

    private static string Head(byte[] snapshot) =>
        Encoding.UTF8.GetString(
            snapshot.AsSpan(0, Math.Min(snapshot.Length, snapshot.IndexOf((byte)'\n') is > 0 and var end ? Math.Min(end, 140) : 40))
        );

    // The data of a snapshot that the check needs, without its state.
    private sealed record Kept(
        PersistenceId Stream,
        long SequenceNumber,
        string Manifest,
        ImmutableArray<byte> Digest,
        long Index,
        string Link,
        bool IsWhole,
        byte[]? Content
    )
    {
        public static Kept Of(Snapshot snapshot, bool whole)
        {
            var bytes = snapshot.State.Span;
            var digest = SHA256.HashData(bytes).ToImmutableArray();
            var end = bytes.IndexOf((byte)'\n');
            var head = end < 0 ? [] : Encoding.ASCII.GetString(bytes[..end]).Split(' ');
            var isWhole =
                head.Length == 3
                && long.TryParse(head[0], out _)
                && StreamState.DigestOf(
                    bytes[(end + 1)..],
                    snapshot.SequenceNumber,
                    long.Parse(head[0], System.Globalization.CultureInfo.InvariantCulture),
                    head[1]
                ) == head[2];
            return new(
                snapshot.PersistenceId,
                snapshot.SequenceNumber,
                snapshot.Manifest,
                digest,
                isWhole ? long.Parse(head[0], System.Globalization.CultureInfo.InvariantCulture) : 0,
                isWhole ? head[1] : "",
                isWhole,
                whole ? snapshot.State.ToArray() : null
            );
        }

        // Its own digest is right, and its place agrees with the chain.
        public bool IsAt(StreamState current) => IsWhole && Index == current.Index && Link == current.Head.ToString();
    }
}
