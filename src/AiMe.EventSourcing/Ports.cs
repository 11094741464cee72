using System.Collections.Immutable;

namespace AiMe.EventSourcing;

/// <summary>The name of one stream: <c>{run}/{instance}/{faculty}</c>, or <c>{run}/supervisor</c>.</summary>
public readonly record struct PersistenceId(string Value)
{
    /// <summary>The longest name the journal's column holds.</summary>
    public const int MaximumLength = 255;

    /// <summary>The stream of a faculty of an instance, or of the run's supervisor.</summary>
    public static PersistenceId Of(string run, FacultyAddress address) =>
        address.Instance == FacultyAddress.Run ? new($"{run}/{FacultyAddress.Run}") : new($"{run}/{address.Instance}/{address.Faculty}");

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One writer incarnation: a new id each time a process takes up writing.</summary>
public readonly record struct WriterId(string Value)
{
    /// <summary>Digits in which an id of AiMe's is told from others.</summary>
    public const int Digits = 31;

    /// <summary>
    /// Whether this is an id of Akka.Persistence.Sql's plugin: a random GUID (version 4), one for each node, under
    /// which it writes all streams. No new id of AiMe's is one.
    /// </summary>
    public bool IsOfAkkaSql =>
        Value is { Length: 32 } && Value[12] == '4' && Value[16] is '8' or '9' or 'a' or 'b' && Guid.TryParseExact(Value, "N", out _);

    /// <summary>An id of AiMe's own.</summary>
    /// <param name="digits">
    /// Of which no other writer has the same, such as <see cref="Digits"/> random hexadecimal ones.
    /// </param>
    public static WriterId Of(string digits) => new($"w{digits}");
}

/// <summary>An event to append.</summary>
/// <param name="SequenceNumber">1-based, without gaps in its stream.</param>
/// <param name="Manifest">Such as <c>memory.stored@1</c>; at most 500 characters.</param>
/// <param name="Message">The raw payload.</param>
/// <param name="CreatedTicks">
/// UTC ticks at which it was first written, for a row that is restored; null for now.
/// </param>
public sealed record JournalEntry(long SequenceNumber, string Manifest, ReadOnlyMemory<byte> Message, long? CreatedTicks = null);

/// <summary>A stored row.</summary>
/// <param name="Ordering">Position in the whole journal; on PostgreSQL not the order of commits.</param>
/// <param name="CreatedTicks">UTC ticks (100 ns since year 1) at which it was written.</param>
public sealed record JournalRow(
    long Ordering,
    PersistenceId PersistenceId,
    long SequenceNumber,
    string Manifest,
    ReadOnlyMemory<byte> Message,
    long CreatedTicks,
    WriterId Writer
);

/// <summary>The append-only event store: bytes and manifests only, the only truth.</summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Appends consecutive events of one stream, all or none. Completes when they are durable.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="writer">Who writes.</param>
    /// <param name="entries">Consecutive events.</param>
    /// <exception cref="SecondWriterException">
    /// A sequence number is already taken: somebody else writes this stream.
    /// </exception>
    Task AppendAsync(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries, CancellationToken cancellationToken);

    /// <summary>The rows of a stream in order of sequence number, deleted ones left out.</summary>
    /// <param name="from">First sequence number, from 1.</param>
    /// <param name="to">Last sequence number, inclusive; <see cref="long.MaxValue"/> for all.</param>
    IAsyncEnumerable<JournalRow> ReadAsync(PersistenceId stream, long from, long to, CancellationToken cancellationToken);

    /// <summary>All rows by ordering, from after the given one, deleted ones left out.</summary>
    /// <remarks>
    /// Where writers are at work a row may become visible behind one with a higher ordering; the sequence numbers of
    /// each stream tell.
    /// </remarks>
    IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken);

    /// <summary>The highest sequence number ever used by a stream, deleted rows included; 0 for a new stream.</summary>
    Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken);

    /// <summary>
    /// Marks the rows of a stream up to a sequence number as deleted. Their numbers are never used again.
    /// </summary>
    Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken);

    /// <summary>All persistence ids that begin with a prefix, in ordinal order.</summary>
    Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>A stored state. An optimisation: deleting snapshots changes nothing.</summary>
public sealed record Snapshot(
    PersistenceId PersistenceId,
    long SequenceNumber,
    string Manifest,
    ReadOnlyMemory<byte> State,
    long CreatedTicks
);

/// <summary>Where snapshots are kept.</summary>
public interface ISnapshots
{
    /// <summary>Saves a state, replacing one of the same stream and sequence number.</summary>
    Task SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    );

    /// <summary>The newest snapshot of a stream at or below a sequence number, or null.</summary>
    Task<Snapshot?> LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken);

    /// <summary>All snapshots of a stream by sequence number.</summary>
    IAsyncEnumerable<Snapshot> AllAsync(PersistenceId stream, CancellationToken cancellationToken);

    /// <summary>Deletes the snapshots of a stream up to a sequence number.</summary>
    Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken);
}

/// <summary>The SHA-256 of a blob's bytes, 64 lower-case hexadecimal digits: its address.</summary>
public readonly record struct BlobId(string Sha256)
{
    /// <inheritdoc />
    public override string ToString() => Sha256;
}

/// <summary>Content-addressed files beside the journal: weights, datasets.</summary>
public interface IBlobs
{
    /// <summary>
    /// Stores bytes under their digest, durably, and returns it. Storing the same bytes again changes nothing.
    /// </summary>
    Task<BlobId> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The bytes of a blob, checked against its digest.</summary>
    /// <exception cref="CorruptBlobException">Missing, truncated or altered.</exception>
    Task<byte[]> GetAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Whether a blob of this digest is there (its bytes are not checked).</summary>
    bool Has(BlobId id);
}

/// <summary>Somebody else has written to the stream: the sequence number is taken.</summary>
public sealed class SecondWriterException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A blob is missing or its bytes do not match its digest.</summary>
public sealed class CorruptBlobException(string message) : Exception(message);

/// <summary>What the world does for the faculties: an effect in, a command out.</summary>
public interface IEffects
{
    /// <summary>
    /// Runs one effect for an instance and gives the command to hand back to the faculty that owed it.
    /// </summary>
    /// <remarks>
    /// An outside failure (a provider's error, a training that diverged) is a command too; an exception is a bug or a
    /// lost store.
    /// </remarks>
    /// <exception cref="StaysOwedException">It cannot be run now, through no fault of the instance's.</exception>
    Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken);
}

/// <summary>
/// An effect is not run now, and nothing has come of it. It is left as owed: who reads its instance back from the
/// journal finds it again.
/// </summary>
public sealed class StaysOwedException(string message) : Exception(message);
