using System.Collections.Immutable;
using AiMe.Journal.Sqlite;

namespace AiMe.Journal;

/// <summary>Something that arrived for an instance of a run and waits for the run's host.</summary>
/// <param name="Arrival">Names the arrival; unique in the store.</param>
/// <param name="Instance">Name in its run.</param>
/// <param name="Input">UTF-8 JSON; what it says is not the journal's business.</param>
/// <param name="At">Wall-clock time, UTC.</param>
public sealed record Letter(string Arrival, string Instance, ReadOnlyMemory<byte> Input, DateTime At);

/// <summary>The durable inbox of each run, in the table <c>aime_inbox</c> of the journal's own file. Any process may put in; the run's owner takes out.</summary>
/// <remarks>A letter is taken away once the owner has journalled that it was received, so that none is lost and none counts twice.</remarks>
public sealed class Inbox(SqliteJournal journal)
{
    /// <summary>Puts letters in, all or none, in their order. Completes when they are durable. Putting one in again changes nothing.</summary>
    public Task PutAsync(string run, ImmutableArray<Letter> letters, CancellationToken cancellationToken) => journal.WriteAsync(
        letters.Sum(l => l.Input.Length),
        writing => letters.Sum(l => writing.Session.Execute(
            "INSERT OR IGNORE INTO aime_inbox(arrival, run, instance, input, arrived) VALUES (?1, ?2, ?3, ?4, ?5)", l.Arrival, run, l.Instance, Session.Bytes(l.Input), l.At.Ticks)),
        cancellationToken);

    /// <summary>What waits for a run, in order of arrival.</summary>
    public Task<ImmutableArray<Letter>> WaitingAsync(string run, CancellationToken cancellationToken) => journal.ReadAsync(
        session =>
        {
            var letters = ImmutableArray.CreateBuilder<Letter>();
            if (!IsThere(session))
                return letters.ToImmutable();
            using var reader = session.Query("SELECT arrival, instance, input, arrived FROM aime_inbox WHERE run = ?1 ORDER BY id", run);
            while (reader.Read())
                letters.Add(new Letter(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), new DateTime(reader.GetInt64(3), DateTimeKind.Utc)));
            return letters.ToImmutable();
        },
        cancellationToken);

    /// <summary>Takes letters away: they were received, or taken back.</summary>
    /// <returns>How many were still there.</returns>
    public Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken) => journal.WriteAsync(
        0,
        writing => arrivals.Sum(arrival => writing.Session.Execute("DELETE FROM aime_inbox WHERE arrival = ?1", arrival)),
        cancellationToken);

    // A store of an earlier build has none until it is next written to.
    private static bool IsThere(Session session) => session.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'aime_inbox'") > 0;
}
