using System.Collections.Immutable;

namespace AiMe.Journal.Sqlite;

/// <summary>The table <c>aime_inbox</c> in the journal's file.</summary>
internal sealed class SqliteInboxTable(SqliteJournal journal) : IInboxTable
{
    public Task PutAsync(string run, ImmutableArray<InboxMessage> messages, CancellationToken cancellationToken) =>
        journal.WriteAsync(
            messages.Sum(l => l.Input.Length),
            writing =>
                messages.Sum(l =>
                    writing.Session.Execute(
                        "INSERT OR IGNORE INTO aime_inbox(arrival, run, instance, input, arrived) VALUES (?1, ?2, ?3, ?4, ?5)",
                        l.Arrival,
                        run,
                        l.Instance,
                        SqliteSession.Bytes(l.Input),
                        l.At.Ticks
                    )
                ),
            cancellationToken
        );

    public Task<ImmutableArray<InboxMessage>> WaitingAsync(string run, CancellationToken cancellationToken) =>
        journal.ReadAsync(
            session =>
            {
                var messages = ImmutableArray.CreateBuilder<InboxMessage>();
                if (!IsThere(session))
                    return messages.ToImmutable();
                using var reader = session.Query(
                    "SELECT arrival, instance, input, arrived FROM aime_inbox WHERE run = ?1 ORDER BY id",
                    run
                );
                while (reader.Read())
                    messages.Add(TableRows.Message(reader));
                return messages.ToImmutable();
            },
            cancellationToken
        );

    public Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken) =>
        journal.WriteAsync(
            0,
            writing => arrivals.Sum(arrival => writing.Session.Execute("DELETE FROM aime_inbox WHERE arrival = ?1", arrival)),
            cancellationToken
        );

    // A store of an earlier build has no such table until it is opened for writing.
    private static bool IsThere(SqliteSession session) =>
        session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'aime_inbox'") > 0;
}
