using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal.Postgres;

/// <summary>Single rows of the journal's database, and the ordering up to which nothing is still to come.</summary>
internal sealed class PostgresSingleRows(PostgresServer server) : ISingleRows
{
    private const string IsFact = "starts_with(j.manifest, $2)";

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);
    private const int Looks = 100;

    private long _settled;

    /// <remarks>
    /// Whoever draws an ordering holds a lock on the table from before until its transaction has ended and is visible.
    /// So what had been drawn at some moment is all there as soon as those who held such a lock at that moment have let
    /// go. Writers of other programs are seen too.
    /// </remarks>
    public Task<long> NewestAsync(CancellationToken cancellationToken) =>
        server.ReadAsync(
            async (connection, token) =>
            {
                // In this order: an ordering drawn after the first question is not in its answer, and so need not be in
                // the second's.
                var drawn = await connection.NumberAsync(
                    "SELECT pg_sequence_last_value(pg_get_serial_sequence('journal', 'ordering')::regclass)",
                    token
                );
                var writing = await WritersAsync();
                for (var look = 0; writing.Count > 0; look++)
                {
                    if (look == Looks)
                        return Interlocked.Read(ref _settled); // Somebody holds a transaction open: what was settled before it still is.
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
                        r => new Written(r.GetInt64(0), new PersistenceId(r.GetString(1)), r.GetString(2), r.GetInt64(3)),
                        token,
                        after,
                        fact,
                        to
                    ),
                ],
            cancellationToken
        );

    // The index is walked from one end, so that only the rows before the first of its kind are looked at.
    public Task<JournalRow?> EndAsync(PersistenceId stream, string fact, bool last, CancellationToken cancellationToken) =>
        server.ReadAsync(
            async (connection, token) =>
                (
                    await connection.QueryAsync(
                        $"SELECT {PostgresRows.Columns} FROM journal j WHERE j.persistence_id = $1 AND NOT j.deleted AND "
                            + $"{IsFact} ORDER BY j.sequence_number {(last ? "DESC" : "ASC")} LIMIT 1",
                        PostgresRows.Row,
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
                        PostgresRows.Row,
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
}
