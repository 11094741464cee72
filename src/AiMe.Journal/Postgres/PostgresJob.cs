using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiMe.EventSourcing;

namespace AiMe.Journal.Postgres;

/// <summary>Something to write, with somebody waiting for it to be durable: a closed set.</summary>
/// <remarks>
/// Its caller may leave it at any time but while the writer has a transaction with it in hand. So whoever left is told
/// the truth: it has not been written, or that is not known.
/// </remarks>
internal abstract class PostgresJob(PersistenceId stream, int bytes, CancellationToken cancellationToken)
{
    private const int Waits = 0,
        InHand = 1,
        Left = 2;

    // Continuations run elsewhere, or the caller's next step would keep the writer from its next transaction.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _leaving;
    private int _state;

    public PersistenceId Stream => stream;

    public int Bytes => bytes;

    public Task Done => _done.Task;

    /// <summary>
    /// Whether a transaction with it was under way when its connection was lost: it may have been committed.
    /// </summary>
    public bool IsDoubtful { get; set; }

    /// <summary>From now on the caller may leave it.</summary>
    public void HeedCancellation() => _leaving = cancellationToken.UnsafeRegister(static job => ((PostgresJob)job!).Leave(), this);

    /// <summary>Takes it in hand; false when the caller has left it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, InHand, Waits) == Waits;

    /// <summary>Lets it wait again: an attempt has failed.</summary>
    public void PutBack()
    {
        Volatile.Write(ref _state, Waits);
        if (cancellationToken.IsCancellationRequested)
            Leave();
    }

    public void Complete()
    {
        _leaving.Unregister();
        _done.TrySetResult();
    }

    public void Fail(Exception fault)
    {
        _leaving.Unregister();
        _done.TrySetException(fault);
    }

    private void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Left, Waits) != Waits)
            return;
        if (IsDoubtful)
        {
            _done.TrySetException(
                new JournalException(
                    $"The connection was lost while {stream} was written, and the server was not waited for: the stream "
                        + "itself tells what is in it."
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
    /// <summary>A digest of the stream's name; two names do not share one.</summary>
    public UInt128 Key { get; } = KeyOf(stream.Value);

    public WriterId Writer => writer;

    public ImmutableArray<JournalEntry> Entries => entries;

    public long First => entries[0].SequenceNumber;

    public long Last => entries[^1].SequenceNumber;

    /// <summary>Whether stored rows are exactly this append's.</summary>
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
