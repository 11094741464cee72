using System.Collections.Immutable;

namespace AiMe.EventSourcing;

/// <summary>The name of one stream: <c>{run}/{instance}/{faculty}</c>, or <c>{run}/supervisor</c>.</summary>
public readonly record struct PersistenceId(string Value)
{
    /// <summary>Length of the longest name that the journal's column holds.</summary>
    public const int MaximumLength = 255;

    /// <summary>The stream of a faculty of an instance, or of the run's supervisor.</summary>
    public static PersistenceId Of(string run, FacultyAddress address) =>
        address.Instance == FacultyAddress.Run ? new($"{run}/{FacultyAddress.Run}") : new($"{run}/{address.Instance}/{address.Faculty}");

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>The id of one writer incarnation; a process gets a new one each time it starts to write.</summary>
public readonly record struct WriterId(string Value)
{
    /// <summary>Number of digits in an id of AiMe's.</summary>
    public const int Digits = 31;

    /// <summary>Whether this id comes from Akka.Persistence.Sql's plugin.</summary>
    /// <remarks>
    /// The plugin uses one random GUID (version 4) per node for all streams. AiMe creates no ids of that form.
    /// </remarks>
    public bool IsOfAkkaSql =>
        Value is { Length: 32 } && Value[12] == '4' && Value[16] is '8' or '9' or 'a' or 'b' && Guid.TryParseExact(Value, "N", out _);

    /// <summary>An id of AiMe's.</summary>
    /// <param name="digits">
    /// Digits that no other writer uses, such as <see cref="Digits"/> random hexadecimal ones.
    /// </param>
    public static WriterId Of(string digits) => new($"w{digits}");
}

/// <summary>An event to append.</summary>
/// <param name="SequenceNumber">1-based, without gaps in its stream.</param>
/// <param name="Manifest">The event's manifest, such as <c>memory.stored@1</c>; at most 500 characters.</param>
/// <param name="Message">The raw payload.</param>
/// <param name="CreatedTicks">UTC ticks of the first write, for a restored row; null for now.</param>
public sealed record JournalEntry(long SequenceNumber, string Manifest, ReadOnlyMemory<byte> Message, long? CreatedTicks = null);

/// <summary>A stored row.</summary>
/// <param name="Ordering">Position in the whole journal. On PostgreSQL this is not the order of commits.</param>
/// <param name="CreatedTicks">UTC ticks (100 ns since year 1) of the write.</param>
public sealed record JournalRow(
    long Ordering,
    PersistenceId PersistenceId,
    long SequenceNumber,
    string Manifest,
    ReadOnlyMemory<byte> Message,
    long CreatedTicks,
    WriterId Writer
);

/// <summary>The append-only event store and the only source of truth. It holds bytes and manifests only.</summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Appends consecutive events of one stream, all or none. Completes when they are durable.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="writer">The writer's id.</param>
    /// <param name="entries">Consecutive events.</param>
    /// <exception cref="SecondWriterException">
    /// A sequence number is taken: another process writes to this stream.
    /// </exception>
    Task AppendAsync(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries, CancellationToken cancellationToken);

    /// <summary>The rows of a stream in order of sequence number, without deleted rows.</summary>
    /// <param name="from">First sequence number, from 1.</param>
    /// <param name="to">Last sequence number, inclusive; <see cref="long.MaxValue"/> for all.</param>
    IAsyncEnumerable<JournalRow> ReadAsync(PersistenceId stream, long from, long to, CancellationToken cancellationToken);

    /// <summary>All rows after an ordering, by ordering, without deleted rows.</summary>
    /// <remarks>
    /// While writers are active, a row may become visible after one with a higher ordering. The sequence numbers of
    /// each stream show such gaps.
    /// </remarks>
    IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken);

    /// <summary>
    /// The highest sequence number that a stream ever used, including deleted rows; 0 for a new stream.
    /// </summary>
    Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken);

    /// <summary>
    /// Marks the rows of a stream up to a sequence number as deleted. Their numbers are never used again.
    /// </summary>
    Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken);

    /// <summary>All persistence ids that begin with a prefix, in ordinal order.</summary>
    Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>A stored state. It is an optimisation: deleting snapshots changes no result.</summary>
public sealed record Snapshot(
    PersistenceId PersistenceId,
    long SequenceNumber,
    string Manifest,
    ReadOnlyMemory<byte> State,
    long CreatedTicks
);

/// <summary>Stores snapshots.</summary>
public interface ISnapshots
{
    /// <summary>Saves a state, and replaces one of the same stream and sequence number.</summary>
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

/// <summary>The address of a blob: the SHA-256 of its bytes, 64 lower-case hexadecimal digits.</summary>
public readonly record struct BlobId(string Sha256)
{
    /// <inheritdoc />
    public override string ToString() => Sha256;
}

/// <summary>Content-addressed files of the store, such as weights and datasets.</summary>
public interface IBlobs
{
    /// <summary>
    /// Stores bytes under their digest, durably, and returns it. Storing the same bytes again changes nothing.
    /// </summary>
    Task<BlobId> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The bytes of a blob, verified against its digest.</summary>
    /// <exception cref="CorruptBlobException">The blob is missing, truncated or altered.</exception>
    Task<byte[]> GetAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Whether a blob of this digest exists; its bytes are not verified.</summary>
    bool Has(BlobId id);
}

/// <summary>Another process has written to the stream: the sequence number is taken.</summary>
public sealed class SecondWriterException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A blob is missing or its bytes do not match its digest.</summary>
public sealed class CorruptBlobException(string message) : Exception(message);

/// <summary>Runs the faculties' effects: an effect in, a command out.</summary>
public interface IEffects
{
    /// <summary>Runs one effect for an instance and returns the command for the faculty that requires it.</summary>
    /// <remarks>
    /// An outside failure, such as a provider's error or a diverged training, is a command too. An exception means a
    /// bug or a lost store.
    /// </remarks>
    /// <exception cref="StaysOwedException">The effect cannot run now; the instance is not at fault.</exception>
    Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken);
}

/// <summary>
/// An effect did not run and has no result. It stays pending: the next recovery of its instance finds it again.
/// </summary>
public sealed class StaysOwedException(string message) : Exception(message);
