using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using Microsoft.Data.Sqlite;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// The journal in a SQLite file: write-ahead log, every commit synced, group commit, one writer and concurrent readers.
/// </summary>
public sealed class SqliteJournal : IDatabase
{
    /// <summary>
    /// The serializer id of AiMe's rows in Akka's <c>identifier</c> and <c>serializer_id</c> columns. It never changes;
    /// Akka reserves 0 to 40.
    /// </summary>
    public const int SerializerId = 174_201;

    private readonly string _path;
    private readonly SqliteReaders _readers;
    private readonly SqliteGroupCommit? _writer;
    private int _closed;

    private SqliteJournal(string path, SqliteReaders readers, SqliteGroupCommit? writer) =>
        (_path, _readers, _writer) = (path, readers, writer);

    /// <summary>Number of committed transactions; appends share them.</summary>
    public long Transactions => _writer?.Transactions ?? 0;

    IOwnerTable IDatabase.Owners => new SqliteOwnerTable(this);

    // All processes are on one host, where a running owner never counts as dead.
    Func<CancellationToken, Task> IDatabase.ConfirmAsync
    {
        set { }
    }

    IInboxTable IDatabase.Inbox => new SqliteInboxTable(this);

    ISingleRows IDatabase.SingleRows => new SqliteSingleRows(this);

    IRunRemoval IDatabase.Removal => new SqliteRunRemoval(this, _path);

    /// <inheritdoc cref="OpenAsync(string,TimeProvider,SqliteSettings,CancellationToken)" />
    public static Task<SqliteJournal> OpenAsync(string path, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenAsync(path, clock, SqliteSettings.Default, cancellationToken);

    /// <summary>Opens a journal for writing. Creates the file, but not its directory.</summary>
    /// <param name="clock">Gives the <c>created</c> ticks.</param>
    /// <exception cref="JournalException">
    /// The file is not a database, has another schema, is locked or not writable, or the disk is full.
    /// </exception>
    public static Task<SqliteJournal> OpenAsync(
        string path,
        TimeProvider clock,
        SqliteSettings settings,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        path = Path.GetFullPath(path);
        return Task.Run(
            () =>
            {
                var session = Open(path, SqliteOpenMode.ReadWriteCreate, settings.BusyTimeout, s => SqliteSchema.Create(s, path, settings));
                var readers = new SqliteReaders(path, () =>
                    Open(path, SqliteOpenMode.ReadWrite, settings.BusyTimeout, s => s.Execute("PRAGMA query_only=1"))
                );
                return new SqliteJournal(
                    path,
                    readers,
                    new SqliteGroupCommit(path, new SqliteWriteSession(session, clock), settings.QueueCapacity)
                );
            },
            cancellationToken
        );
    }

    /// <summary>Opens a journal for reading. Creates nothing; writing to it is a bug.</summary>
    /// <exception cref="JournalException">
    /// The file is missing, not a database, has another schema, or is locked.
    /// </exception>
    public static SqliteJournal OpenReadOnly(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            throw new JournalException($"There is no journal at {path}: name the store of an existing run.");
        OpenReader(path).Dispose(); // an unreadable file is refused now, not at the first query
        return new SqliteJournal(path, new SqliteReaders(path, () => OpenReader(path)), writer: null);
    }

    /// <inheritdoc />
    public Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        Entries.Check(stream, writer, entries);
        return WriteAsync(entries.Sum(e => e.Message.Length), s => s.Append(stream, writer, entries), cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (var more = true; more; )
        {
            (var rows, more) = await _readers.ReadAsync(s => SqliteRows.OfStream(s, stream, from, to), cancellationToken);
            foreach (var row in rows)
                yield return row;
            from = rows.Count > 0 ? rows[^1].SequenceNumber + 1 : from;
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var more = true; more; )
        {
            (var rows, more) = await _readers.ReadAsync(s => SqliteRows.After(s, afterOrdering), cancellationToken);
            foreach (var row in rows)
                yield return row;
            afterOrdering = rows.Count > 0 ? rows[^1].Ordering : afterOrdering;
        }
    }

    /// <inheritdoc />
    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        _readers.ReadAsync(s => SqliteRows.Highest(s, stream), cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        WriteAsync(0, s => s.Delete(stream, toSequenceNumber), cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        _readers.ReadAsync(s => SqliteRows.Streams(s, prefix), cancellationToken);

    Task ISnapshots.SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    )
    {
        Entries.CheckStream(stream);
        return WriteAsync(state.Length, s => s.Save(stream, sequenceNumber, manifest, state), cancellationToken);
    }

    Task<Snapshot?> ISnapshots.LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken) =>
        _readers.ReadAsync(s => SqliteRows.Newest(s, stream, atMost), cancellationToken);

    async IAsyncEnumerable<Snapshot> ISnapshots.AllAsync(PersistenceId stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One at a time, because a state may be large.
        for (
            var next = await _readers.ReadAsync(s => SqliteRows.FirstSnapshot(s, stream, after: -1), cancellationToken);
            next is not null;

        )
        {
            yield return next;
            var after = next.SequenceNumber;
            next = await _readers.ReadAsync(s => SqliteRows.FirstSnapshot(s, stream, after), cancellationToken);
        }
    }

    Task ISnapshots.DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        WriteAsync(0, s => s.DeleteSnapshots(stream, toSequenceNumber), cancellationToken);

    /// <summary>Writes the waiting jobs, moves the log into the file, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        await _readers.DisposeAsync();
        if (_writer is not null)
            await _writer.DisposeAsync();
    }

    internal Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(read, cancellationToken);

    /// <summary>Runs work in the writer's next transaction. The work must throw a refusal before it writes.</summary>
    internal Task<T> WriteAsync<T>(int bytes, Func<SqliteWriteSession, T> work, CancellationToken cancellationToken) =>
        _writer?.RunAsync(bytes, work, cancellationToken)
        ?? throw new InvalidOperationException($"The journal {_path} was opened for reading.");

    private Task WriteAsync(int bytes, Action<SqliteWriteSession> work, CancellationToken cancellationToken) =>
        WriteAsync(
            bytes,
            s =>
            {
                work(s);
                return true;
            },
            cancellationToken
        );

    private static SqliteSession OpenReader(string path)
    {
        try
        {
            // Not SqliteOpenMode.ReadOnly: with it, the last process to close could not remove the empty log, and
            // reading would leave files behind. SQLite falls back to reading if the file is not writable.
            return Open(path, SqliteOpenMode.ReadWrite, SqliteSettings.Default.BusyTimeout, OnlyRead);
        }
        catch (JournalException e)
            when (e.InnerException is SqliteException { SqliteErrorCode: 8 or 14 }
                && new FileInfo($"{path}-wal") is not { Exists: true, Length: > 0 }
            )
        {
            // A read-only medium has no place for the index of a log. Without a log, no index is needed.
            return Open($"{new Uri(path).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly, SqliteSettings.Default.BusyTimeout, OnlyRead);
        }

        void OnlyRead(SqliteSession session)
        {
            session.Execute("PRAGMA query_only=1");
            SqliteSchema.Check(session, path, mustExist: true);
        }
    }

    private static SqliteSession Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout, Action<SqliteSession> prepare)
    {
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.Open(path, mode, busyTimeout);
            prepare(session);
            return session;
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is SqliteException sqlite)
                throw SqliteFaults.Of(sqlite, path);
            throw;
        }
    }
}
