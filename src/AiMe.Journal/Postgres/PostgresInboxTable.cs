using System.Collections.Immutable;

namespace AiMe.Journal.Postgres;

/// <summary>The table <c>aime_inbox</c> in the journal's database.</summary>
internal sealed class PostgresInboxTable(PostgresServer server) : IInboxTable
{
    public Task PutAsync(string run, ImmutableArray<InboxMessage> messages, CancellationToken cancellationToken) =>
        server.ChangeAsync(
            (connection, token) =>
                connection.ExecuteAsync(
                    """
                    INSERT INTO aime_inbox(arrival, run, instance, input, arrived)
                    SELECT a, $1, i, m, t FROM unnest($2, $3, $4, $5) WITH ORDINALITY AS l(a, i, m, t, n) ORDER BY n
                    ON CONFLICT (arrival) DO NOTHING
                    """,
                    token,
                    run,
                    messages.Select(l => l.Arrival).ToArray(),
                    messages.Select(l => l.Instance).ToArray(),
                    messages.Select(l => l.Input.ToArray()).ToArray(),
                    messages.Select(l => l.At.Ticks).ToArray()
                ),
            cancellationToken
        );

    public Task<ImmutableArray<InboxMessage>> WaitingAsync(string run, CancellationToken cancellationToken) =>
        server.ReadAsync<ImmutableArray<InboxMessage>>(
            async (connection, token) =>
                [
                    .. await connection.QueryAsync(
                        "SELECT arrival, instance, input, arrived FROM aime_inbox WHERE run = $1 ORDER BY id",
                        TableRows.Message,
                        token,
                        run
                    ),
                ],
            cancellationToken
        );

    public async Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken)
    {
        // If the answer to the commit is lost, a second attempt finds no rows: then the count of the first attempt is
        // returned.
        var taken = 0;
        return await server.ChangeAsync(
            async (connection, token) =>
                taken = Math.Max(
                    taken,
                    await connection.ExecuteAsync("DELETE FROM aime_inbox WHERE arrival = ANY($1)", token, (object)arrivals.ToArray())
                ),
            cancellationToken
        );
    }
}
