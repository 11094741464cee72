using System.Collections.Immutable;
using AiMe.Kernel;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary><c>aime_owner</c> in the journal's database.</summary>
internal sealed class Owners(Server server) : IOwnerTable
{
    private const string Columns = "name, epoch, heartbeat, host, process_id, process_started, writer";

    public Task<T> ChangeAsync<T>(ImmutableArray<string> names, Func<ImmutableArray<OwnerRow?>, (ImmutableArray<OwnerRow> Changed, T Answer)> decide, CancellationToken cancellationToken) => server.ChangeAsync(
        async (connection, token) =>
        {
            // A row that is not there yet cannot be locked, so the table is; those who only read do not wait for it.
            await connection.ExecuteAsync("LOCK TABLE aime_owner IN SHARE ROW EXCLUSIVE MODE", token);
            var found = (await connection.QueryAsync($"SELECT {Columns} FROM aime_owner WHERE name = ANY($1)", Row, token, (object)names.ToArray())).ToDictionary(row => row.Owner.Name, StringComparer.Ordinal);
            var (changed, answer) = decide([.. names.Select(name => found.GetValueOrDefault(name))]);
            await WriteAsync(connection, [.. changed.DistinctBy(row => row.Owner.Name)], token);
            return answer;
        },
        cancellationToken);

    public Task<OwnerRow?> FindAsync(string name, CancellationToken cancellationToken) => server.ReadAsync(
        async (connection, token) => (await connection.QueryAsync($"SELECT {Columns} FROM aime_owner WHERE name = $1", Row, token, name)).FirstOrDefault(), cancellationToken);

    public Task<ImmutableArray<OwnerRow>> HeldAsync(CancellationToken cancellationToken) => server.ReadAsync<ImmutableArray<OwnerRow>>(
        async (connection, token) => [.. (await connection.QueryAsync($"SELECT {Columns} FROM aime_owner WHERE writer IS NOT NULL", Row, token)).OrderBy(row => row.Owner.Name, StringComparer.Ordinal)], cancellationToken);

    private static async Task WriteAsync(NpgsqlConnection connection, OwnerRow[] rows, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
            return;
        await connection.ExecuteAsync(
            $"""
            INSERT INTO aime_owner({Columns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, heartbeat = excluded.heartbeat, host = excluded.host, process_id = excluded.process_id, process_started = excluded.process_started, writer = excluded.writer
            """,
            cancellationToken,
            rows.Select(r => r.Owner.Name).ToArray(), rows.Select(r => r.Owner.Epoch).ToArray(), rows.Select(r => r.Owner.Heartbeat.UtcTicks).ToArray(), rows.Select(r => r.Owner.Info.Host).ToArray(),
            rows.Select(r => r.Owner.Info.ProcessId).ToArray(), rows.Select(r => r.Owner.Info.ProcessStarted).ToArray(), rows.Select(r => r.Released ? null : r.Owner.Info.Writer.Value).ToArray());
    }

    private static OwnerRow Row(NpgsqlDataReader reader)
    {
        var released = reader.IsDBNull(6);
        var info = new OwnerInfo(reader.GetString(3), reader.GetInt32(4), reader.GetString(5), new WriterId(released ? "" : reader.GetString(6)));
        return new(new Owner(reader.GetString(0), reader.GetInt64(1), info, new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero)), released);
    }
}
