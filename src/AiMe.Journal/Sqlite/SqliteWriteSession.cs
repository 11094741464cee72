using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.EventSourcing;
using SQLitePCL;

namespace AiMe.Journal.Sqlite;

/// <summary>The statements of the writer, inside its transaction.</summary>
/// <remarks>
/// The highest sequence number of each stream is remembered between transactions. It is exact: the transaction holds
/// the write lock from its first statement, and the memory is cleared when <c>data_version</c> shows that another
/// process has written. The keys are digests of the streams' names: the names would take most of the memory of an idle
/// instance. If two names had one digest, the unique index would refuse the append.
/// </remarks>
internal sealed class SqliteWriteSession(SqliteSession session, TimeProvider clock) : IDisposable
{
    // In a run with more active streams, some are queried again.
    private const int Remembered = 16_384;

    private readonly Dictionary<UInt128, long> _highest = [];
    private readonly SqliteStatement _begin = session.Statement("BEGIN IMMEDIATE");
    private readonly SqliteStatement _version = session.Statement("PRAGMA data_version");
    private readonly SqliteStatement _commit = session.Statement("COMMIT");
    private Utf8 _writer = Utf8.Of("");
    private string _writerText = "";
    private long _dataVersion;

    private const string InsertRow =
        "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, "
        + "writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7)";

    public SqliteSession Session => session;

    /// <summary>UTC ticks of the beginning of the transaction, for all rows that it writes.</summary>
    public long Now { get; private set; }

    public void Begin()
    {
        _begin.Run();
        var version = _version.Step() ? _version.Number(0) : 0;
        _version.Reset();
        if (version != _dataVersion || _highest.Count > Remembered)
            _highest.Clear();
        _dataVersion = version;
        Now = clock.GetUtcNow().UtcTicks;
    }

    public void Commit() => _commit.Run();

    /// <summary>Rolls back the transaction, unless SQLite has already ended it because of an error.</summary>
    public void Rollback()
    {
        _highest.Clear();
        if (raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
            session.Execute("ROLLBACK");
    }

    /// <summary>Appends entries. Throws a refusal before it writes, because the transaction is shared.</summary>
    /// <exception cref="SecondWriterException">The entries do not continue the stream.</exception>
    public void Append(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries)
    {
        var name = Utf8.Of(stream.Value);
        var (key, highest) = Highest(stream, name);
        if (entries[0].SequenceNumber != highest + 1)
            throw Entries.Conflict(stream, entries[0].SequenceNumber, highest);

        var row = session.Statement(InsertRow);
        row.Bind(2, name);
        row.Bind(6, SqliteJournal.SerializerId);
        row.Bind(7, Encoded(writer));
        foreach (var entry in entries)
        {
            row.Bind(1, entry.CreatedTicks ?? Now);
            row.Bind(3, entry.SequenceNumber);
            row.Bind(4, entry.Message.Span);
            row.Bind(5, Utf8.Of(entry.Manifest));
            row.Run();
        }

        _highest[key] = entries[^1].SequenceNumber;
    }

    public void Delete(PersistenceId stream, long to) =>
        session.Execute(
            "UPDATE journal SET deleted = 1 WHERE persistence_id = ?1 AND sequence_number <= ?2 AND deleted = 0",
            stream.Value,
            to
        );

    public void Save(PersistenceId stream, long sequenceNumber, string manifest, ReadOnlyMemory<byte> state) =>
        session.Execute(
            "INSERT OR REPLACE INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, "
                + "serializer_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            stream.Value,
            sequenceNumber,
            Now,
            SqliteSession.Bytes(state),
            manifest,
            SqliteJournal.SerializerId
        );

    public void DeleteSnapshots(PersistenceId stream, long to) =>
        session.Execute("DELETE FROM snapshot WHERE persistence_id = ?1 AND sequence_number <= ?2", stream.Value, to);

    /// <summary>Removes a run's rows; see <see cref="IRunRemoval"/>.</summary>
    public long Remove(string run, ImmutableArray<string> streams)
    {
        var events = 0L;
        foreach (var stream in streams)
        {
            session.Execute("DELETE FROM tags WHERE persistence_id = ?1", stream);
            events += session.Execute("DELETE FROM journal WHERE persistence_id = ?1", stream);
            session.Execute("DELETE FROM snapshot WHERE persistence_id = ?1", stream);
        }

        session.Execute("DELETE FROM aime_inbox WHERE run = ?1", run);
        session.Execute(
            "DELETE FROM aime_owner WHERE name = ?1 OR name = ?1 || '#majority' OR substr(name, 1, length(?1) + 1) = ?1 || '/'",
            run
        );
        _highest.Clear();
        return events;
    }

    public void Dispose() => session.Dispose();

    private Utf8 Encoded(WriterId writer)
    {
        if (_writerText != writer.Value)
            (_writerText, _writer) = (writer.Value, Utf8.Of(writer.Value));
        return _writer;
    }

    private (UInt128 Key, long Highest) Highest(PersistenceId stream, Utf8 name)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(name.Bytes, digest);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(digest);
        if (!_highest.TryGetValue(key, out var highest))
            _highest[key] = highest = SqliteRows.Highest(session, stream);
        return (key, highest);
    }
}
