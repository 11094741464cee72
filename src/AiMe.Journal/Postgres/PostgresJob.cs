using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;

namespace AiMe.Journal.Postgres;

/// <summary>A write whose caller waits until it is durable: a closed set.</summary>
/// <remarks>
/// The caller may cancel at any time except while a transaction with the job is running. So a cancelled caller learns
/// the truth: the job was not written, or it is unknown whether it was.
/// </remarks>
internal abstract class PostgresJob(PersistenceId stream, int bytes, CancellationToken cancellationToken)
{
    private const int Waiting = 0,
        Running = 1,
        Cancelled = 2;

    // Continuations run elsewhere: otherwise the caller's next step would delay the writer's next transaction.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private int _state;

    public PersistenceId Stream => stream;

    public int Bytes => bytes;

    public Task Done => _done.Task;

    /// <summary>
    /// Whether a transaction with the job was running when its connection was lost: it may have been committed.
    /// </summary>
    public bool IsDoubtful { get; set; }

    /// <summary>From now on the caller may cancel the job.</summary>
    public void HeedCancellation() => _cancellation = cancellationToken.UnsafeRegister(static job => ((PostgresJob)job!).Cancel(), this);

    /// <summary>Starts the job; false if the caller has cancelled it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <summary>Returns the job to the queue after a failed attempt.</summary>
    public void PutBack()
    {
        Volatile.Write(ref _state, Waiting);
        if (cancellationToken.IsCancellationRequested)
            Cancel();
    }

    public void Complete()
    {
        _cancellation.Unregister();
        _done.TrySetResult();
    }

    public void Fail(Exception fault)
    {
        _cancellation.Unregister();
        _done.TrySetException(fault);
    }

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) != Waiting)
            return;
        if (IsDoubtful)
        {
            _done.TrySetException(
                new JournalException(
                    $"The connection was lost while {stream} was written, and the wait for the server was cancelled: only the "
                        + "stream shows what was written."
                )
            );
        }
        else
        {
            _done.TrySetCanceled(cancellationToken);
        }
    }
}

internal sealed class AppendJob(
    PersistenceId stream,
    WriterId writer,
    ImmutableArray<JournalEntry> entries,
    CancellationToken cancellationToken
) : PostgresJob(stream, BytesOf(entries), cancellationToken)
{
    /// <summary>A digest of the stream's name; collisions are practically impossible.</summary>
    public UInt128 Key { get; } = KeyOf(stream.Value);

    public WriterId Writer => writer;

    public ImmutableArray<JournalEntry> Entries => entries;

    public long First => entries[0].SequenceNumber;

    public long Last => entries[^1].SequenceNumber;

    /// <summary>Whether the stored rows are exactly this append's.</summary>
    public bool IsStoredAs(List<JournalRow> rows) =>
        rows.Count == entries.Length
        && rows.Zip(entries)
            .All(pair =>
                pair.First.SequenceNumber == pair.Second.SequenceNumber
                && pair.First.Writer == writer
                && pair.First.Manifest == pair.Second.Manifest
                && pair.First.Message.Span.SequenceEqual(pair.Second.Message.Span)
            );

    private static UInt128 KeyOf(string name)
    {
        Span<byte> text = stackalloc byte[3 * PersistenceId.MaximumLength],
            digest = stackalloc byte[SHA256.HashSizeInBytes];
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

internal sealed class DeleteJob(PersistenceId stream, long to, CancellationToken cancellationToken)
    : PostgresJob(stream, 0, cancellationToken)
{
    public long To => to;
}

internal sealed class SaveJob(
    PersistenceId stream,
    long sequenceNumber,
    string manifest,
    ReadOnlyMemory<byte> state,
    CancellationToken cancellationToken
) : PostgresJob(stream, state.Length, cancellationToken)
{
    public long SequenceNumber => sequenceNumber;

    public string Manifest => manifest;

    public ReadOnlyMemory<byte> State => state;
}

internal sealed class DeleteSnapshotsJob(PersistenceId stream, long to, CancellationToken cancellationToken)
    : PostgresJob(stream, 0, cancellationToken)
{
    public long To => to;
}
