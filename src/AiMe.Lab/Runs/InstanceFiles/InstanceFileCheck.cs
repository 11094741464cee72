using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>
/// Checks an instance file line by line, against itself and against the journal that it is to be restored to.
/// </summary>
internal sealed class InstanceFileCheck(IJournal journal, IBlobs blobs) : IAsyncDisposable
{
    private readonly Dictionary<PersistenceId, StreamUnderCheck> _streams = [];
    private readonly HashSet<string> _blobs = new(StringComparer.Ordinal);
    private InstanceFileHead? _head;
    private long _rows;
    private int _missingBlobs;
    private bool _hasEnded;

    /// <summary>The progress of a stream, in the file and in the journal.</summary>
    private sealed class StreamUnderCheck(PersistenceId id, Link before)
    {
        public PersistenceId Id { get; } = id;

        public long Number { get; set; }

        public Link Head { get; set; } = before;

        /// <summary>The last sequence number in the journal.</summary>
        public long Known { get; set; }

        public IAsyncEnumerator<JournalRow>? Present { get; set; }
    }

    /// <summary>Checks the next line.</summary>
    public async ValueTask TakeAsync(int number, InstanceFileLine line, CancellationToken cancellationToken)
    {
        switch (line)
        {
            case InstanceFileLine.Head head:
                await BeginAsync(head.Said, cancellationToken);
                break;
            case InstanceFileLine.Blob blob:
                Take(number, blob);
                break;
            case InstanceFileLine.Row row:
                await TakeAsync(number, row, cancellationToken);
                break;
            case InstanceFileLine.End end:
                Close(number, end);
                break;
        }
    }

    /// <summary>The result, once every line has been checked.</summary>
    public InstanceChecked Result()
    {
        if (!_hasEnded)
            throw new InvalidOperationException("The file has not been read to its end.");
        var instances = _head!
            .Instances.Select(instance =>
                InstanceOf(instance, [.. InstanceRows.StreamsOf(_head.Run, instance.Instance).Select(s => _streams[s])])
            )
            .ToImmutableArray();
        ImmutableArray<PersistenceId> supervisors = [.. _head.Supervisors.Select(s => new PersistenceId(s.Stream))];
        return new InstanceChecked(
            _head.Run,
            _head.Digest,
            instances,
            supervisors,
            _streams.Values.Sum(s => Math.Max(0, s.Number - s.Known)),
            _missingBlobs
        )
        {
            Highest = _streams.ToImmutableDictionary(s => s.Key, s => s.Value.Known),
        };
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams.Values.Where(s => s.Present is not null))
            await stream.Present!.DisposeAsync();
    }

    private async Task BeginAsync(InstanceFileHead head, CancellationToken cancellationToken)
    {
        if (head.Version != InstanceFile.Version)
            throw new InstanceFileException(
                $"line 1: expected version {InstanceFile.Version} of the format {InstanceFile.Format}, found "
                    + $"{head.Version}: it was written by another build"
            );
        if (head.Run.Length == 0 || head.Supervisors.IsDefaultOrEmpty || head.Instances.IsDefault)
            throw new InstanceFileException("line 1: expected a run with its supervisor and its instances");
        _head = head;
        foreach (var instance in head.Instances)
        {
            foreach (var (stream, faculty) in InstanceRows.StreamsOf(head.Run, instance.Instance).Zip(Loop.Faculties))
                await AddAsync(stream, Link.Before(faculty.Name), cancellationToken);
        }

        foreach (var supervisor in head.Supervisors)
        {
            var stream = new PersistenceId(supervisor.Stream);
            if (Shard.RunOf(stream, out _) != head.Run)
                throw new InstanceFileException($"line 1: expected a supervisor of {head.Run}, found the stream {supervisor.Stream}");
            await AddAsync(stream, Link.Before(Loop.Supervisor), cancellationToken);
        }

        // The same run with another plan or other shards has other supervisors.
        if (
            (await InstanceRows.SupervisorsAsync(journal, head.Run, cancellationToken)).FirstOrDefault(s => !_streams.ContainsKey(s)) is
            { Value: not null } other
        )
            throw new InstanceFileException(
                $"the run {head.Run} exists already with the supervisor {other}, which is not in the file: it was run "
                    + "with other shards; restore the file in another --store"
            );
    }

    private async Task AddAsync(PersistenceId stream, Link before, CancellationToken cancellationToken)
    {
        if (
            !_streams.TryAdd(
                stream,
                new StreamUnderCheck(stream, before) { Known = await journal.HighestSequenceNumberAsync(stream, cancellationToken) }
            )
        )
            throw new InstanceFileException($"line 1: the stream {stream} is named twice");
    }

    private void Take(int number, InstanceFileLine.Blob blob)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(blob.Content));
        if (digest != blob.Sha256)
            throw new InstanceFileException(
                $"line {number}: expected a blob with SHA-256 {blob.Sha256}, found {digest} over {blob.Content.Length} bytes"
            );
        if (!_blobs.Add(blob.Sha256))
            throw new InstanceFileException($"line {number}: the blob {blob.Sha256} occurs twice");
        if (!blobs.Has(new BlobId(blob.Sha256)))
            _missingBlobs++;
    }

    private async ValueTask TakeAsync(int number, InstanceFileLine.Row row, CancellationToken cancellationToken)
    {
        if (!_streams.TryGetValue(row.Stream, out var stream))
            throw new InstanceFileException($"line {number}: the stream {row.Stream} is not named in the first line");
        if (row.Number != stream.Number + 1)
            throw new InstanceFileException(
                $"line {number}: {row.Stream}: expected sequence number {stream.Number + 1}, found {row.Number}"
            );
        try
        {
            var envelope = EventEnvelope.Read(row.Message);
            var link = stream.Head.Next(row.Number, envelope.Index, row.Manifest, envelope.Data.Span);
            if (link != envelope.Link)
                throw new InstanceFileException(
                    $"line {number}: {row.Stream}, sequence number {row.Number}: expected the link {link} from its "
                        + $"content and the previous link, found {envelope.Link}"
                );
            (stream.Number, stream.Head) = (row.Number, link);
        }
        catch (CorruptEventException e)
        {
            throw new InstanceFileException($"line {number}: {row.Stream}, sequence number {row.Number}: {e.Message}", e);
        }

        if (row.CreatedTicks < 0 || row.CreatedTicks > DateTime.MaxValue.Ticks)
            throw new InstanceFileException(
                $"line {number}: {row.Stream}, sequence number {row.Number}: expected \"created\" as UTC ticks from 0 to "
                    + $"{DateTime.MaxValue.Ticks}, found {row.CreatedTicks}"
            );
        _rows++;
        await CompareAsync(number, row, stream, cancellationToken);
    }

    // If the journal has this row, it must be the same.
    private async ValueTask CompareAsync(int number, InstanceFileLine.Row row, StreamUnderCheck stream, CancellationToken cancellationToken)
    {
        if (row.Number > stream.Known)
            return;
        stream.Present ??= journal.ReadAsync(stream.Id, 1, stream.Known, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var there = await stream.Present.MoveNextAsync() ? stream.Present.Current : null;
        if (
            there is null
            || there.SequenceNumber != row.Number
            || there.Manifest != row.Manifest
            || !there.Message.Span.SequenceEqual(row.Message.Span)
        )
            throw new InstanceFileException(
                $"line {number}: {row.Stream} exists already, but with another event at sequence number {row.Number}: "
                    + $"expected {row.Manifest} with the file's message, found "
                    + $"{(there is null ? "a deleted row" : there.Manifest == row.Manifest ? "another message" : there.Manifest)}; "
                    + "restore the file in another --store"
            );
    }

    private void Close(int number, InstanceFileLine.End end)
    {
        if (end.Rows != _rows || _rows != _head!.Rows)
            throw new InstanceFileException($"line {number}: expected {_head!.Rows} rows, found {_rows}");
        if (end.Blobs != _blobs.Count || _blobs.Count != _head.Blobs)
            throw new InstanceFileException($"line {number}: expected {_head.Blobs} blobs, found {_blobs.Count}");
        foreach (var instance in _head.Instances)
        {
            var heads = new Heads([.. InstanceRows.StreamsOf(_head.Run, instance.Instance).Select(s => _streams[s].Head)]);
            if (!heads.Equals(instance.Heads) || heads.Digest() != instance.Digest)
                throw new InstanceFileException(
                    $"the instance {instance.Instance}: expected the digest {instance.Digest}, found {heads.Digest()}"
                );
        }

        foreach (var supervisor in _head.Supervisors)
        {
            var found = _streams[new PersistenceId(supervisor.Stream)];
            if (found.Head != supervisor.Head || found.Number != supervisor.Events)
                throw new InstanceFileException(
                    $"{supervisor.Stream}: expected {supervisor.Events} events up to the link {supervisor.Head}, found "
                        + $"{found.Number} up to {found.Head}"
                );
        }

        _hasEnded = true;
    }

    private static InstanceRestored InstanceOf(InstanceFileEntry instance, ImmutableArray<StreamUnderCheck> streams)
    {
        var (missing, beyond) = (streams.Sum(s => Math.Max(0, s.Number - s.Known)), streams.FirstOrDefault(s => s.Known > s.Number));
        if (missing > 0 && beyond is not null)
            throw new InstanceFileException(
                $"the instance {instance.Instance} exists already and differs: {beyond.Id} has {beyond.Known} events, "
                    + $"the file has {beyond.Number}, and other streams have fewer; restore the file in another --store"
            );
        return new InstanceRestored(instance.Instance, instance.Digest, instance.Events, missing, beyond is not null);
    }
}
