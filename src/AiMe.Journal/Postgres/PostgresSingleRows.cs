using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal.Postgres;

/// <summary>Queries of single rows, and the settled ordering.</summary>
internal sealed class PostgresSingleRows(PostgresServer server) : ISingleRows
{
    private const string IsFact = "starts_with(j.manifest, $2)";

    private const string InRange = "j.ordering > $2 AND j.ordering <= $3 AND NOT j.deleted AND starts_with(j.persistence_id, $1)";

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);
    private const int Looks = 100;

    private long _settled;

    /// <remarks>
    /// A writer locks the table before it takes an ordering, until its transaction has ended and is visible. So all
    /// orderings taken before some moment are visible or abandoned once the writers that held the lock at that moment
    /// have released it. This includes writers of other programs.
    /// </remarks>
    public Task<long> NewestAsync(CancellationToken cancellationToken) =>
        server.ReadAsync(
            async (connection, token) =>
            {
                // In this order: an ordering that is taken after the first query is not in its result, so its writer
                // may be missing in the second.
                var drawn = await connection.NumberAsync(
                    "SELECT pg_sequence_last_value(pg_get_serial_sequence('journal', 'ordering')::regclass)",
                    token
                );
                var writing = await WritersAsync();
                for (var look = 0; writing.Count > 0; look++)
                {
                    if (look == Looks)
                        return Interlocked.Read(ref _settled); // a transaction stays open: the last settled ordering still holds
                    await Task.Delay(Between, token);
                    writing.IntersectWith(await WritersAsync());
                }

                return Settled(drawn);

                async Task<HashSet<string>> WritersAsync() =>
                    [
                        .. await connection.QueryAsync(
                            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND database = (SELECT "
                                + "oid FROM pg_database WHERE datname = current_database()) AND relation = 'journal'::regclass "
                                + "AND mode = 'RowExclusiveLock' AND granted",
                            reader => reader.GetString(0),
                            token
                        ),
                    ];
            },
            cancellationToken
        );

    public Task<long> SchemaAsync(CancellationToken cancellationToken) =>
        server.ReadAsync((connection, token) => connection.NumberAsync("SELECT max(version) FROM aime_schema", token), cancellationToken);

    public Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken) =>
        server.ReadAsync<ImmutableArray<Written>>(
            async (connection, token) =>
                [
                    .. await connection.QueryAsync(
                        "SELECT j.ordering, j.persistence_id, j.manifest, j.created FROM journal j WHERE j.ordering > $1 "
                            + $"AND j.ordering <= $3 AND NOT j.deleted AND {IsFact} ORDER BY j.ordering",
                        TableRows.Written,
                        token,
                        after,
                        fact,
                        to
                    ),
                ],
            cancellationToken
        );

    public Task<ImmutableArray<(string Manifest, int Rows)>> CountsAsync(
        string prefix,
        long after,
        long to,
        CancellationToken cancellationToken
    ) =>
        server.ReadAsync<ImmutableArray<(string, int)>>(
            async (connection, token) =>
                [
                    .. await connection.QueryAsync(
                        $"SELECT j.manifest, count(*)::int FROM journal j WHERE {InRange} GROUP BY j.manifest ORDER BY j.manifest",
                        r => (r.GetString(0), r.GetInt32(1)),
                        token,
                        prefix,
                        after,
                        to
                    ),
                ],
            cancellationToken
        );

    public Task<ImmutableArray<JournalRow>> RowsAsync(
        string prefix,
        long after,
        long to,
        ImmutableArray<string> facts,
        CancellationToken cancellationToken
    ) =>
        server.ReadAsync<ImmutableArray<JournalRow>>(
            async (connection, token) =>
                [
                    .. await connection.QueryAsync(
                        $"SELECT {PostgresRows.Columns} FROM journal j WHERE {InRange} AND split_part(j.manifest, '@', 1) = ANY($4) "
                            + "ORDER BY j.ordering",
                        TableRows.Event,
                        token,
                        prefix,
                        after,
                        to,
                        facts.ToArray()
                    ),
                ],
            cancellationToken
        );

    // The index is read from one end, so that only the rows before the first match are examined.
    public Task<JournalRow?> EndAsync(PersistenceId stream, string fact, bool last, CancellationToken cancellationToken) =>
        server.ReadAsync(
            async (connection, token) =>
                (
                    await connection.QueryAsync(
                        $"SELECT {PostgresRows.Columns} FROM journal j WHERE j.persistence_id = $1 AND NOT j.deleted AND "
                            + $"{IsFact} ORDER BY j.sequence_number {(last ? "DESC" : "ASC")} LIMIT 1",
                        TableRows.Event,
                        token,
                        stream.Value,
                        fact
                    )
                ).FirstOrDefault(),
            cancellationToken
        );

    public Task<ImmutableArray<JournalRow>> AfterAsync(
        PersistenceId stream,
        long sequenceNumber,
        string fact,
        CancellationToken cancellationToken
    ) =>
        server.ReadAsync<ImmutableArray<JournalRow>>(
            async (connection, token) =>
                [
                    .. await connection.QueryAsync(
                        $"SELECT {PostgresRows.Columns} FROM journal j WHERE j.persistence_id = $1 AND j.sequence_number "
                            + $"> $3 AND NOT j.deleted AND {IsFact} ORDER BY j.sequence_number",
                        TableRows.Event,
                        token,
                        stream.Value,
                        fact,
                        sequenceNumber
                    ),
                ],
            cancellationToken
        );

    private long Settled(long ordering)
    {
        for (long known; (known = Interlocked.Read(ref _settled)) < ordering; )
            Interlocked.CompareExchange(ref _settled, ordering, known);
        return ordering;
    }

    public Task<ImmutableArray<(PersistenceId Stream, long SequenceNumber)>> ContainingAsync(
        ImmutableArray<PersistenceId> streams,
        string text,
        int most,
        CancellationToken cancellationToken
    ) =>
        server.ReadAsync<ImmutableArray<(PersistenceId, long)>>(
            async (connection, token) =>
                [
                    .. await connection.QueryAsync(
                        "SELECT j.persistence_id, j.sequence_number FROM journal j WHERE j.persistence_id = ANY($1) AND NOT j.deleted "
                            + "AND convert_from(j.message, 'UTF8') ILIKE $2 ESCAPE '!' LIMIT $3",
                        reader => (new PersistenceId(reader.GetString(0)), reader.GetInt64(1)),
                        token,
                        streams.Select(s => s.Value).ToArray(),
                        TableRows.Anywhere(text),
                        most
                    ),
                ],
            cancellationToken
        );
}
