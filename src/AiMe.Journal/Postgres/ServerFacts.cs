using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>Settings and state of a server that matter for a journal.</summary>
/// <param name="Version">The server's version, such as <c>15.6</c>.</param>
/// <param name="Fsync">If false, a crash of the machine may lose or damage acknowledged events.</param>
/// <param name="SynchronousCommit">The server's default; AiMe's connections never go below <c>local</c>.</param>
/// <param name="FullPageWrites">If false, a crash of the machine may leave torn pages.</param>
/// <param name="IsStandby">Whether it can only be read.</param>
/// <param name="Schema">The schema of the tables.</param>
/// <param name="Bytes">Size of the journal's tables with their indexes.</param>
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
                SELECT current_setting('server_version'), current_setting('fsync') = 'on', current_setting('synchronous_commit'),
                       current_setting('full_page_writes') = 'on', pg_is_in_recovery(),
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
