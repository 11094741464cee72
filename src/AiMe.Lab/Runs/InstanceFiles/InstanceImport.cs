using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>What became, or would become, of a life in a file.</summary>
/// <param name="Events">In the file.</param>
/// <param name="Missing">Of them, those that were not in the journal.</param>
/// <param name="Beyond">Whether the journal's life goes on behind what is in the file.</param>
public sealed record InstanceRestored(string Instance, string Digest, long Events, long Missing, bool Beyond);

/// <summary>What a life file holds, checked from its first byte to its last, and against the journal that it is to go to.</summary>
/// <param name="Digest">Of the run, as the file says; null where it had not ended.</param>
/// <param name="Rows">That are not in the journal.</param>
/// <param name="Blobs">That are not in the store.</param>
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
/// Restores lives from a file, in two passes: the first checks everything and writes nothing, the second writes what is
/// missing.
/// </summary>
/// <remarks>
/// Lives come before their run's supervisor, and a run is there when its supervisor is; a restoring that is cut off leaves
/// nothing that any command
/// shows, and the same file restores the rest. The rows keep their messages, manifests, numbers, writers and the times at
/// which they were written; orderings
/// are the journal's own.
/// </remarks>
public static class InstanceImport
{
    private const int BatchRows = 500,
        BatchBytes = 4 * 1024 * 1024;

    /// <summary>Whether a file begins as one of lives.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Task<bool> IsOneAsync(string path, CancellationToken cancellationToken) =>
        InstanceFileReader.IsOneAsync(path, cancellationToken);

    /// <summary>
    /// Checks a file: its form, its digest, every chain, every blob, and that what the journal has of it already is the
    /// same.
    /// </summary>
    /// <exception cref="InstanceFileException">
    /// It is altered, cut off, or of another version; or the journal has other events under these names.
    /// </exception>
    public static async Task<InstanceChecked> CheckAsync(Stream file, IJournal journal, IBlobs blobs, CancellationToken cancellationToken)
    {
        await using var check = new InstanceFileCheck(journal, blobs);
        await foreach (var (number, line) in InstanceFileReader.ReadAsync(file, cancellationToken))
            await check.TakeAsync(number, line, cancellationToken);
        return check.Result();
    }

    /// <summary>Writes what is missing. The caller owns the run.</summary>
    /// <param name="file">The one that was checked, from its beginning.</param>
    /// <exception cref="SecondWriterException">Somebody else writes the run.</exception>
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
                await FlushAllAsync(waiting, journal, cancellationToken); // one life is whole before the next begins
            instance = owner;
            if (!waiting.TryGetValue(row.Stream, out var rows))
                waiting[row.Stream] = rows = [];
            rows.Add(row);
            if (rows.Count == BatchRows || rows.Sum(r => (long)r.Message.Length) > BatchBytes)
                await FlushAsync(rows, journal, cancellationToken);
        }

        await FlushAllAsync(waiting, journal, cancellationToken);
    }

    /// <summary>The instance whose stream it is; empty for a supervisor's.</summary>
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

    // Rows of one writer at a time, as they were.
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
