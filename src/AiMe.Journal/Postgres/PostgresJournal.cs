using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// The journal in a PostgreSQL database. Every commit is durable, a few connections share group commits, and operations
/// wait for an unreachable server.
/// </summary>
public sealed class PostgresJournal : IDatabase
{
    /// <summary>The same serializer id as in a SQLite journal. It never changes.</summary>
    public const int SerializerId = Sqlite.SqliteJournal.SerializerId;

    private readonly PostgresServer _server;
    private readonly ImmutableArray<PostgresGroupCommit> _writers;
    private readonly PostgresSingleRows _singleRows;
    private int _closed;

    private PostgresJournal(PostgresServer server, ImmutableArray<PostgresGroupCommit> writers) =>
        (_server, _writers, _singleRows) = (server, writers, new PostgresSingleRows(server));

    /// <summary>Number of committed transactions; appends share them.</summary>
    public long Transactions => _writers.Sum(w => w.Transactions);

    IOwnerTable IDatabase.Owners => new PostgresOwnerTable(_server);

    Func<CancellationToken, Task> IDatabase.ConfirmAsync
    {
        set => _server.ConfirmAsync = value;
    }

    IInboxTable IDatabase.Inbox => new PostgresInboxTable(_server);

    ISingleRows IDatabase.SingleRows => _singleRows;

    IRunRemoval IDatabase.Removal => new PostgresRunRemoval(_server);

    /// <summary>Opens a journal for writing. Creates its tables, but not the database.</summary>
    /// <param name="clock">Gives the <c>created</c> ticks, and times the pauses of an outage.</param>
    /// <exception cref="JournalException">
    /// The server is unreachable or a standby, the database does not exist, the login is refused, or the schema is
    /// another one.
    /// </exception>
    public static async Task<PostgresJournal> OpenAsync(
        PostgresAddress address,
        TimeProvider clock,
        PostgresSettings settings,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(settings);
        var server = new PostgresServer(address, settings, clock, readOnly: false);
        try
        {
            await Task.Run(
                () => Prepare(server.Pool, server.Place, connection => PostgresSchema.Create(connection, server.Place, settings.Views)),
                cancellationToken
            );
            return new PostgresJournal(
                server,
                [.. Enumerable.Range(0, settings.Writers).Select(_ => new PostgresGroupCommit(server, settings, clock))]
            );
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a journal for reading. Creates nothing; writing to it is a bug.</summary>
    /// <exception cref="JournalException">
    /// The server is unreachable, the database does not exist, the login is refused, there is no journal, or the schema
    /// is another one.
    /// </exception>
    public static PostgresJournal OpenReadOnly(PostgresAddress address, TimeProvider clock, PostgresSettings settings)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(settings);
        var server = new PostgresServer(address, settings, clock, readOnly: true);
        try
        {
            Prepare(server.Pool, server.Place, connection => PostgresSchema.Check(connection, server.Place, mustExist: true));
            return new PostgresJournal(server, []);
        }
        catch
        {
            server.Pool.Dispose();
            throw;
        }
    }

    /// <summary>Whether a database has a journal. Creates nothing.</summary>
    /// <exception cref="JournalException">The server cannot be reached.</exception>
    public static bool IsThere(PostgresAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using var server = NpgsqlDataSource.Create(address.Connection);
        var there = false;
        Prepare(server, address.Place, connection => there = PostgresSchema.HasJournal(connection));
        return there;
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
        CheckText(stream.Value);
        CheckText(writer.Value);
        foreach (var entry in entries)
            CheckText(entry.Manifest);
        return WriteAsync(new AppendJob(stream, writer, entries, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var size = new PageSize();
        for (var more = true; more; )
        {
            var page = await _server.ReadAsync(
                (connection, token) => PostgresRows.OfStreamAsync(connection, stream, from, to, size.Limit, token),
                cancellationToken
            );
            foreach (var row in page)
                yield return row;
            from = page.Count > 0 ? page[^1].SequenceNumber + 1 : from;
            more = size.Took(page);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var size = new PageSize();
        for (var more = true; more; )
        {
            var page = await _server.ReadAsync(
                (connection, token) => PostgresRows.AfterAsync(connection, afterOrdering, size.Limit, token),
                cancellationToken
            );
            foreach (var row in page)
                yield return row;
            afterOrdering = page.Count > 0 ? page[^1].Ordering : afterOrdering;
            more = size.Took(page);
        }
    }

    /// <inheritdoc />
    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        _server.ReadAsync((connection, token) => PostgresRows.HighestAsync(connection, stream, token), cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        WriteAsync(new DeleteJob(stream, toSequenceNumber, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        _server.ReadAsync((connection, token) => PostgresRows.StreamsAsync(connection, prefix, token), cancellationToken);

    Task ISnapshots.SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    )
    {
        Entries.CheckStream(stream);
        CheckText(stream.Value);
        CheckText(manifest);
        return WriteAsync(new SaveJob(stream, sequenceNumber, manifest, state, cancellationToken), cancellationToken);
    }

    Task<Snapshot?> ISnapshots.LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken) =>
        _server.ReadAsync((connection, token) => PostgresRows.NewestAsync(connection, stream, atMost, token), cancellationToken);

    async IAsyncEnumerable<Snapshot> ISnapshots.AllAsync(PersistenceId stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One at a time, because a state may be large.
        long after = -1;
        while (
            await _server.ReadAsync(
                (connection, token) => PostgresRows.FirstSnapshotAsync(connection, stream, after, token),
                cancellationToken
            )
                is { } next
        )
        {
            yield return next;
            after = next.SequenceNumber;
        }
    }

    Task ISnapshots.DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        WriteAsync(new DeleteSnapshotsJob(stream, toSequenceNumber, cancellationToken), cancellationToken);

    /// <summary>Settings of the server that affect durability.</summary>
    public Task<ServerFacts> FactsAsync(CancellationToken cancellationToken) => _server.ReadAsync(ServerFacts.ReadAsync, cancellationToken);

    /// <summary>Whether a writer has a connection, as far as the driver knows.</summary>
    internal bool IsConnected => _writers.Any(w => w.IsConnected);

    /// <summary>The value of a setting on the writers' connections.</summary>
    internal Task<string> WriterSettingAsync(string name) => _writers[0].SettingAsync(name);

    /// <summary>Writes the waiting jobs, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        foreach (var writer in _writers)
            await writer.DisposeAsync();
        await _server.DisposeAsync();
    }

    // Hashed by stream, so that one connection writes each stream in order.
    private Task WriteAsync(PostgresJob job, CancellationToken cancellationToken) =>
        _writers.IsEmpty
            ? throw new InvalidOperationException($"The journal {_server.Place} was opened for reading.")
            : _writers[(int)((uint)StringComparer.Ordinal.GetHashCode(job.Stream.Value) % (uint)_writers.Length)]
                .RunAsync(job, cancellationToken);

    // PostgreSQL's text cannot store a zero character or half a surrogate pair.
    private static void CheckText(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal) || HasLoneSurrogate(text))
            throw new ArgumentException(
                $"PostgreSQL cannot store the text '{text.Replace("\0", "\\0", StringComparison.Ordinal)}': it has a zero "
                    + "character or half a surrogate pair."
            );
    }

    private static bool HasLoneSurrogate(string text)
    {
        var first = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
        for (var i = first < 0 ? text.Length : first; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;
            i++;
        }

        return false;
    }

    private static void Prepare(NpgsqlDataSource server, string place, Action<NpgsqlConnection> prepare)
    {
        try
        {
            using var connection = server.OpenConnection();
            prepare(connection);
        }
        catch (DbException e)
        {
            throw PostgresFaults.Of(e, place);
        }
    }
}
