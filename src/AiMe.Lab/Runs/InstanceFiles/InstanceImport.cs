using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>The result of restoring an instance of a file, or the preview of it.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Digest">Digest of its events in the file.</param>
/// <param name="Events">Events in the file.</param>
/// <param name="Missing">Events that were not in the journal.</param>
/// <param name="Beyond">Whether the journal's instance has more events than the file.</param>
public sealed record InstanceRestored(string Instance, string Digest, long Events, long Missing, bool Beyond);

/// <summary>
/// The content of an instance file, checked completely, also against the journal that it is to be restored to.
/// </summary>
/// <param name="Digest">Digest of the run, from the file; null if it had not ended.</param>
/// <param name="Rows">Rows that are not in the journal.</param>
/// <param name="Blobs">Blobs that are not in the store.</param>
public sealed record InstanceChecked(
    string Run,
    string? Digest,
    ImmutableArray<InstanceRestored> Instances,
    ImmutableArray<PersistenceId> Supervisors,
    long Rows,
    int Blobs
)
{
    internal ImmutableDictionary<PersistenceId, long> Highest { get; init; } = ImmutableDictionary<PersistenceId, long>.Empty;
}

/// <summary>
/// Restores instances from a file, in two passes: the first checks everything and writes nothing, the second writes
/// what is missing.
/// </summary>
/// <remarks>
/// Instances are written before their run's supervisor, and a run exists once its supervisor does. So an interrupted
/// restore leaves nothing that any command shows, and the same file restores the rest. The rows keep their messages,
/// manifests, sequence numbers, writers and write times; orderings are the journal's own.
/// </remarks>
public static class InstanceImport
{
    private const int BatchRows = 500,
        BatchBytes = 4 * 1024 * 1024;

    /// <summary>Whether a file begins as an instance file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Task<bool> IsOneAsync(string path, CancellationToken cancellationToken) =>
        InstanceFileReader.IsOneAsync(path, cancellationToken);

    /// <summary>
    /// Checks a file: its form, its digest, every chain, every blob, and that the journal's rows of these streams are
    /// the same.
    /// </summary>
    /// <exception cref="InstanceFileException">
    /// The file is altered, truncated, or of another version; or the journal has other events under these names.
    /// </exception>
    public static async Task<InstanceChecked> CheckAsync(Stream file, IJournal journal, IBlobs blobs, CancellationToken cancellationToken)
    {
        await using var check = new InstanceFileCheck(journal, blobs);
        await foreach (var (number, line) in InstanceFileReader.ReadAsync(file, cancellationToken))
            await check.TakeAsync(number, line, cancellationToken);
        return check.Result();
    }

    /// <summary>Writes what is missing. The caller owns the run.</summary>
    /// <param name="file">The checked file, from its beginning.</param>
    /// <exception cref="SecondWriterException">Another process writes the run.</exception>
    public static async Task WriteAsync(
        Stream file,
        InstanceChecked found,
        IJournal journal,
        IBlobs blobs,
        CancellationToken cancellationToken
    )
    {
        var waiting = new Dictionary<PersistenceId, List<InstanceFileLine.Row>>();
        var instance = "";
        await foreach (var (_, line) in InstanceFileReader.ReadAsync(file, cancellationToken))
        {
            if (line is InstanceFileLine.Blob blob && !blobs.Has(new BlobId(blob.Sha256)))
                await blobs.PutAsync(blob.Content, cancellationToken);
            if (line is not InstanceFileLine.Row row || row.Number <= found.Highest.GetValueOrDefault(row.Stream))
                continue;
            var owner = InstanceOf(found.Run, row.Stream);
            if (owner != instance)
                await FlushAllAsync(waiting, journal, cancellationToken); // one instance is complete before the next begins
            instance = owner;
            if (!waiting.TryGetValue(row.Stream, out var rows))
                waiting[row.Stream] = rows = [];
            rows.Add(row);
            if (rows.Count == BatchRows || rows.Sum(r => (long)r.Message.Length) > BatchBytes)
                await FlushAsync(rows, journal, cancellationToken);
        }

        await FlushAllAsync(waiting, journal, cancellationToken);
    }

    /// <summary>The instance of a stream; empty for a supervisor's.</summary>
    internal static string InstanceOf(string run, PersistenceId stream) =>
        Shard.RunOf(stream, out _) == run ? "" : stream.Value[(run.Length + 1)..stream.Value.LastIndexOf('/')];

    private static async Task FlushAllAsync(
        Dictionary<PersistenceId, List<InstanceFileLine.Row>> waiting,
        IJournal journal,
        CancellationToken cancellationToken
    )
    {
        foreach (var rows in waiting.Values)
            await FlushAsync(rows, journal, cancellationToken);
    }

    // Rows of one writer at a time, in their original order.
    private static async Task FlushAsync(List<InstanceFileLine.Row> rows, IJournal journal, CancellationToken cancellationToken)
    {
        for (var from = 0; from < rows.Count; )
        {
            var first = rows[from];
            var same = rows.Skip(from).TakeWhile(r => r.Writer == first.Writer).ToImmutableArray();
            await journal.AppendAsync(
                first.Stream,
                first.Writer,
                [.. same.Select(r => new JournalEntry(r.Number, r.Manifest, r.Message, r.CreatedTicks))],
                cancellationToken
            );
            from += same.Length;
        }

        rows.Clear();
    }
}
