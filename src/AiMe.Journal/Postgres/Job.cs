using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.Kernel;

namespace AiMe.Journal.Postgres;

/// <summary>Something to write, with somebody waiting for it to be durable: a closed set.</summary>
internal abstract class Job(PersistenceId stream, int bytes, CancellationToken cancellationToken)
{
    // Continuations run elsewhere, or the caller's next step would keep the writer from its next transaction.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PersistenceId Stream => stream;

    public int Bytes => bytes;

    public Task Done => _done.Task;

    /// <summary>Whether a transaction with it was under way when its connection was lost: it may have been committed.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>Whether the caller gave up before the writer took the job up. Afterwards it is too late: the answer is then the truth.</summary>
    public bool GivenUp() => cancellationToken.IsCancellationRequested && _done.TrySetCanceled(cancellationToken);

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception fault) => _done.TrySetException(fault);
}

internal sealed class AppendJob(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries, CancellationToken cancellationToken)
    : Job(stream, BytesOf(entries), cancellationToken)
{
    /// <summary>A digest of the stream's name; two names do not share one.</summary>
    public UInt128 Key { get; } = KeyOf(stream.Value);

    public WriterId Writer => writer;

    public ImmutableArray<JournalEntry> Entries => entries;

    public long First => entries[0].SequenceNumber;

    public long Last => entries[^1].SequenceNumber;

    /// <summary>Whether stored rows are exactly this append's.</summary>
    public bool IsStoredAs(List<JournalRow> rows) => rows.Count == entries.Length && rows.Zip(entries).All(pair =>
        pair.First.SequenceNumber == pair.Second.SequenceNumber && pair.First.Writer == writer && pair.First.Manifest == pair.Second.Manifest
        && pair.First.Message.Span.SequenceEqual(pair.Second.Message.Span));

    private static UInt128 KeyOf(string name)
    {
        Span<byte> text = stackalloc byte[3 * PersistenceId.MaximumLength], digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(name, text)], digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    private static int BytesOf(ImmutableArray<JournalEntry> entries)
    {
        var bytes = 0;
        foreach (var entry in entries)
            bytes = checked(bytes + entry.Message.Length);
        return bytes;
    }
}

internal sealed class DeleteJob(PersistenceId stream, long to, CancellationToken cancellationToken) : Job(stream, 0, cancellationToken)
{
    public long To => to;
}

internal sealed class SaveJob(PersistenceId stream, long sequenceNumber, string manifest, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    : Job(stream, state.Length, cancellationToken)
{
    public long SequenceNumber => sequenceNumber;

    public string Manifest => manifest;

    public ReadOnlyMemory<byte> State => state;
}

internal sealed class DeleteSnapshotsJob(PersistenceId stream, long to, CancellationToken cancellationToken) : Job(stream, 0, cancellationToken)
{
    public long To => to;
}
