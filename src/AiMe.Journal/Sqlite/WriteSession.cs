using System.Collections.Immutable;
using AiMe.Kernel;
using SQLitePCL;

namespace AiMe.Journal.Sqlite;

/// <summary>The statements of the one writer, inside its transaction.</summary>
/// <remarks>
/// The highest sequence number of each stream is remembered between transactions. That is exact, because the transaction holds the
/// write lock from its first statement and the memory is dropped when <c>data_version</c> says that another process has written.
/// </remarks>
internal sealed class WriteSession(Session session, TimeProvider clock) : IDisposable
{
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);
    private long _dataVersion;

    public Session Session => session;

    public long Now => clock.GetUtcNow().UtcTicks;

    public void Begin()
    {
        session.Execute("BEGIN IMMEDIATE");
        var version = session.Number("PRAGMA data_version");
        if (version != _dataVersion)
            _highest.Clear();
        _dataVersion = version;
    }

    public void Commit() => session.Execute("COMMIT");

    /// <summary>Undoes the transaction, if there still is one: SQLite ends it by itself on some errors.</summary>
    public void Rollback()
    {
        _highest.Clear();
        if (raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
            session.Execute("ROLLBACK");
    }

    /// <summary>Refuses before it writes, so that a conflict leaves nothing behind in the transaction that it shares.</summary>
    /// <exception cref="SecondWriterException">The entries do not continue the stream.</exception>
    public void Append(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries, ImmutableArray<string> tags)
    {
        var highest = Highest(stream);
        if (entries[0].SequenceNumber != highest + 1)
            throw Entries.Conflict(stream, entries[0].SequenceNumber, highest);

        foreach (var entry in entries)
        {
            session.Execute(
                "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7)",
                Now, stream.Value, entry.SequenceNumber, Session.Bytes(entry.Message), entry.Manifest, SqliteJournal.SerializerId, writer.Value);
            var ordering = raw.sqlite3_last_insert_rowid(session.Connection.Handle);
            foreach (var tag in tags)
                session.Execute("INSERT OR IGNORE INTO tags(ordering_id, tag, sequence_nr, persistence_id) VALUES (?1, ?2, ?3, ?4)", ordering, tag, entry.SequenceNumber, stream.Value);
        }

        _highest[stream.Value] = entries[^1].SequenceNumber;
    }

    public void Delete(PersistenceId stream, long to) =>
        session.Execute("UPDATE journal SET deleted = 1 WHERE persistence_id = ?1 AND sequence_number <= ?2 AND deleted = 0", stream.Value, to);

    public void Save(PersistenceId stream, long sequenceNumber, string manifest, ReadOnlyMemory<byte> state) =>
        session.Execute(
            "INSERT OR REPLACE INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            stream.Value, sequenceNumber, Now, Session.Bytes(state), manifest, SqliteJournal.SerializerId);

    public void DeleteSnapshots(PersistenceId stream, long to) =>
        session.Execute("DELETE FROM snapshot WHERE persistence_id = ?1 AND sequence_number <= ?2", stream.Value, to);

    public void Dispose() => session.Dispose();

    private long Highest(PersistenceId stream)
    {
        if (!_highest.TryGetValue(stream.Value, out var highest))
            _highest[stream.Value] = highest = Rows.Highest(session, stream);
        return highest;
    }
}
