using System.Collections.Immutable;
using AiMe.EventSourcing;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>The table <c>aime_owner</c> in the journal's database.</summary>
internal sealed class PostgresOwnerTable(PostgresServer server) : IOwnerTable
{
    // At least one row, so that the time is known even without an owner. The server's start is in its own time too.
    private const string Found = $"""
        SELECT {TableRows.OwnerColumns}, m.now, m.now - pg_postmaster_start_time() < $2
        FROM (SELECT clock_timestamp() AS now) AS m LEFT JOIN aime_owner ON
        """;

    public Task<T> ChangeAsync<T>(
        ImmutableArray<string> names,
        Func<ImmutableArray<OwnerRow?>, OwnerMoment?, (ImmutableArray<OwnerRow> Changed, T Answer)> decide,
        CancellationToken cancellationToken
    ) =>
        server.ChangeAsync(
            async (connection, token) =>
            {
                // A row that does not exist cannot be locked, so the table is locked; readers do not wait for it.
                await connection.ExecuteAsync("LOCK TABLE aime_owner IN SHARE ROW EXCLUSIVE MODE", token);
                var (rows, at) = await FindAsync(connection, "name = ANY($1)", names.ToArray(), token);
                var found = rows.ToDictionary(row => row.Owner.Name, StringComparer.Ordinal);
                var (changed, answer) = decide([.. names.Select(name => found.GetValueOrDefault(name))], at);
                await WriteAsync(connection, [.. changed.DistinctBy(row => row.Owner.Name)], token);
                return answer;
            },
            cancellationToken
        );

    public Task<(OwnerRow? Row, OwnerMoment? At)> FindAsync(string name, CancellationToken cancellationToken) =>
        server.ReadAsync(
            async (connection, token) =>
            {
                var (rows, at) = await FindAsync(connection, "name = $1", name, token);
                return (rows.FirstOrDefault(), (OwnerMoment?)at);
            },
            cancellationToken
        );

    public Task<(ImmutableArray<OwnerRow> Rows, OwnerMoment? At)> HeldAsync(CancellationToken cancellationToken) =>
        server.ReadAsync(
            async (connection, token) =>
            {
                var (rows, at) = await FindAsync(connection, "$1 AND writer IS NOT NULL", true, token);
                return (rows.OrderBy(row => row.Owner.Name, StringComparer.Ordinal).ToImmutableArray(), (OwnerMoment?)at);
            },
            cancellationToken
        );

    private async Task<(List<OwnerRow> Rows, OwnerMoment At)> FindAsync(
        NpgsqlConnection connection,
        string condition,
        object value,
        CancellationToken cancellationToken
    )
    {
        var found = await connection.QueryAsync(
            $"{Found} {condition}",
            reader =>
                (
                    Row: reader.IsDBNull(0) ? null : TableRows.Owner(reader),
                    Now: reader.GetFieldValue<DateTimeOffset>(7),
                    IsYoung: reader.GetBoolean(8)
                ),
            cancellationToken,
            value,
            server.Grace
        );
        var (_, now, isYoung) = found[0];
        var isJustBack = isYoung || server.Outage.HasBeenWithin(server.Grace);
        return ([.. found.Select(f => f.Row).OfType<OwnerRow>()], new OwnerMoment(now, isJustBack));
    }

    private static async Task WriteAsync(NpgsqlConnection connection, OwnerRow[] rows, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
            return;
        await connection.ExecuteAsync(
            $"""
            INSERT INTO aime_owner({TableRows.OwnerColumns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, heartbeat = excluded.heartbeat, host = excluded.host,
              process_id = excluded.process_id, process_started = excluded.process_started, writer = excluded.writer
            """,
            cancellationToken,
            rows.Select(r => r.Owner.Name).ToArray(),
            rows.Select(r => r.Owner.Epoch).ToArray(),
            rows.Select(r => r.Owner.Heartbeat.UtcTicks).ToArray(),
            rows.Select(r => r.Owner.Info.Host).ToArray(),
            rows.Select(r => r.Owner.Info.ProcessId).ToArray(),
            rows.Select(r => r.Owner.Info.ProcessStarted).ToArray(),
            rows.Select(r => r.Released ? null : r.Owner.Info.Writer.Value).ToArray()
        );
    }
}
