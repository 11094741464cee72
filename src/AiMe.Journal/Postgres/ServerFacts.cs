using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>What a server says of itself, as far as a journal depends on it.</summary>
/// <param name="Version">Such as <c>15.6</c>.</param>
/// <param name="Fsync">Off: a crash of the machine may lose or spoil what was acknowledged.</param>
/// <param name="SynchronousCommit">
/// The server's default; our own connections never go below <c>local</c>, whatever it is.
/// </param>
/// <param name="FullPageWrites">Off: a crash of the machine may leave torn pages.</param>
/// <param name="IsStandby">Then it can only be read.</param>
/// <param name="Schema">Where the tables are.</param>
/// <param name="Bytes">Of the journal's tables with their indexes.</param>
public sealed record ServerFacts(
    string Version,
    bool Fsync,
    string SynchronousCommit,
    bool FullPageWrites,
    bool IsStandby,
    string Schema,
    long Bytes
)
{
    internal static async Task<ServerFacts> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (
            await connection.QueryAsync(
                """
                SELECT current_setting('server_version'), current_setting('fsync') = 'on', current_setting('synchronous_commit'), current_setting('full_page_writes') = 'on', pg_is_in_recovery(),
                       (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = 'journal'::regclass),
                       (pg_total_relation_size('journal') + pg_total_relation_size('tags') + pg_total_relation_size('snapshot'))::bigint
                """,
                r => new ServerFacts(
                    r.GetString(0),
                    r.GetBoolean(1),
                    r.GetString(2),
                    r.GetBoolean(3),
                    r.GetBoolean(4),
                    r.GetString(5),
                    r.GetInt64(6)
                ),
                cancellationToken
            )
        )[0];
}
