using System.Collections.Immutable;

namespace AiMe.Journal.Postgres;

/// <summary>Removes runs from the journal's database. PostgreSQL's autovacuum returns the space.</summary>
internal sealed class PostgresRunRemoval(PostgresServer server) : IRunRemoval
{
    public Task<long> RemoveAsync(string run, ImmutableArray<string> streams, CancellationToken cancellationToken) =>
        server.ChangeAsync(
            async (connection, token) =>
            {
                var names = streams.ToArray();
                await connection.ExecuteAsync("DELETE FROM tags WHERE persistence_id = ANY($1)", token, (object)names);
                long events = await connection.ExecuteAsync("DELETE FROM journal WHERE persistence_id = ANY($1)", token, (object)names);
                await connection.ExecuteAsync("DELETE FROM snapshot WHERE persistence_id = ANY($1)", token, (object)names);
                await connection.ExecuteAsync("DELETE FROM aime_inbox WHERE run = $1", token, run);
                await connection.ExecuteAsync(
                    "DELETE FROM aime_owner WHERE name = $1 OR name = $1 || '#majority' OR left(name, length($1) + 1) = $1 || '/'",
                    token,
                    run
                );
                return events;
            },
            cancellationToken
        );

    public Task<long?> CompactAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);
}
