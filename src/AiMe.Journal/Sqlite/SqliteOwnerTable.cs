using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// The table <c>aime_owner</c> in the journal's file. The writer's transaction locks the file from its start, so
/// changes are exclusive.
/// </summary>
internal sealed class SqliteOwnerTable(SqliteJournal journal) : IOwnerTable
{
    public Task<T> ChangeAsync<T>(
        ImmutableArray<string> names,
        Func<ImmutableArray<OwnerRow?>, OwnerMoment?, (ImmutableArray<OwnerRow> Changed, T Answer)> decide,
        CancellationToken cancellationToken
    ) =>
        journal.WriteAsync(
            0,
            writing =>
            {
                var (changed, answer) = decide([.. names.Select(name => Find(writing.Session, name))], null);
                foreach (var (owner, released) in changed)
                {
                    var (host, process, started, writer) = owner.Info;
                    writing.Session.Execute(
                        $"INSERT OR REPLACE INTO aime_owner({TableRows.OwnerColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        owner.Name,
                        owner.Epoch,
                        owner.Heartbeat.UtcTicks,
                        host,
                        process,
                        started,
                        released ? DBNull.Value : (object)writer.Value
                    );
                }

                return answer;
            },
            cancellationToken
        );

    public Task<(OwnerRow? Row, OwnerMoment? At)> FindAsync(string name, CancellationToken cancellationToken) =>
        journal.ReadAsync(session => (Find(session, name), (OwnerMoment?)null), cancellationToken);

    public Task<(ImmutableArray<OwnerRow> Rows, OwnerMoment? At)> HeldAsync(CancellationToken cancellationToken) =>
        journal.ReadAsync(
            session =>
            {
                using var reader = session.Query($"SELECT {TableRows.OwnerColumns} FROM aime_owner WHERE writer IS NOT NULL ORDER BY name");
                var held = ImmutableArray.CreateBuilder<OwnerRow>();
                while (reader.Read())
                    held.Add(TableRows.Owner(reader));
                return (held.DrainToImmutable(), (OwnerMoment?)null);
            },
            cancellationToken
        );

    private static OwnerRow? Find(SqliteSession session, string name)
    {
        using var reader = session.Query($"SELECT {TableRows.OwnerColumns} FROM aime_owner WHERE name = ?1", name);
        return reader.Read() ? TableRows.Owner(reader) : null;
    }
}
