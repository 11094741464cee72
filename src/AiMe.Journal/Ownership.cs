using System.Collections.Immutable;
using AiMe.Journal.Sqlite;
using AiMe.Kernel;

namespace AiMe.Journal;

/// <summary>Who runs what: one owner a name, in the table <c>aime_owner</c> of the journal's own file.</summary>
/// <param name="clock">Times the heartbeats.</param>
/// <param name="isRunning">Whether a process of this host lives.</param>
public sealed class Ownership(SqliteJournal journal, TimeProvider clock, ProcessLiveness isRunning)
{
    /// <summary>An owner on another host that has been silent for longer is taken to be gone.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    /// <summary>Claims all names or none. Claiming again what one owns already renews the heartbeat and keeps the epoch.</summary>
    /// <remarks>
    /// An owner on this host loses a name at once when its process is gone (or its number now is another process's); one on another host
    /// when its heartbeat is <see cref="StaleAfter"/> old.
    /// </remarks>
    /// <returns>The names with their epochs, in the order given.</returns>
    /// <exception cref="AlreadyOwnedException">The first name, in the order given, that a live owner holds.</exception>
    public Task<ImmutableArray<Owned>> ClaimAsync(ImmutableArray<string> names, OwnerInfo claimer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimer);
        return journal.WriteAsync(
            0,
            writing =>
            {
                var holders = names.Select(name => Find(writing.Session, name)).ToArray();
                foreach (var holder in holders)
                {
                    if (holder is { Released: false } && holder.Owner.Info != claimer && Lives(holder.Owner, claimer.Host))
                        throw new AlreadyOwnedException(holder.Owner);
                }

                return names.Zip(holders, (name, holder) => Take(writing, name, holder, claimer)).ToImmutableArray();
            },
            cancellationToken);
    }

    /// <summary>Says that the owner lives. Names taken over by somebody else meanwhile stay lost.</summary>
    /// <returns>The names that are lost: stop writing them.</returns>
    public Task<ImmutableArray<string>> HeartbeatAsync(ImmutableArray<Owned> held, WriterId writer, CancellationToken cancellationToken) =>
        journal.WriteAsync(
            0,
            writing => held
                .Where(own => writing.Session.Execute("UPDATE aime_owner SET heartbeat = ?1 WHERE name = ?2 AND epoch = ?3 AND writer = ?4", clock.GetUtcNow().UtcTicks, own.Name, own.Epoch, writer.Value) == 0)
                .Select(own => own.Name)
                .ToImmutableArray(),
            cancellationToken);

    /// <summary>Lets go of names. The next owner's epoch still is one more.</summary>
    public Task ReleaseAsync(ImmutableArray<Owned> held, WriterId writer, CancellationToken cancellationToken) =>
        journal.WriteAsync(
            0,
            writing => held.Sum(own => writing.Session.Execute("UPDATE aime_owner SET writer = NULL WHERE name = ?1 AND epoch = ?2 AND writer = ?3", own.Name, own.Epoch, writer.Value)),
            cancellationToken);

    /// <summary>Who owns a name now, dead owners left out; null when it is free.</summary>
    public async Task<Owner?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var row = await journal.ReadAsync(session => Find(session, name), cancellationToken);
        return row is { Released: false } && Lives(row.Owner, Environment.MachineName) ? row.Owner : null;
    }

    /// <summary>Who holds a name, dead or alive; null when it was let go of or never held.</summary>
    public async Task<Holder?> HolderAsync(string name, CancellationToken cancellationToken)
    {
        var row = await journal.ReadAsync(session => Find(session, name), cancellationToken);
        return row is { Released: false } ? new Holder(row.Owner, Lives(row.Owner, Environment.MachineName)) : null;
    }

    /// <summary>All who hold names, dead or alive, by name in ordinal order.</summary>
    public async Task<ImmutableArray<Holder>> HoldersAsync(CancellationToken cancellationToken)
    {
        var names = await journal.ReadAsync(Held, cancellationToken);
        var rows = await journal.ReadAsync(session => names.Select(name => Find(session, name)).OfType<Row>().Where(r => !r.Released).ToArray(), cancellationToken);
        // Thousands of names may be one process's: it is asked for once.
        var alive = rows.Select(r => r.Owner).DistinctBy(o => (o.Info.Host, o.Info.ProcessId, o.Info.ProcessStarted)).ToDictionary(o => (o.Info.Host, o.Info.ProcessId, o.Info.ProcessStarted), o => Lives(o, Environment.MachineName));
        return [.. rows.Select(r => new Holder(r.Owner, alive[(r.Owner.Info.Host, r.Owner.Info.ProcessId, r.Owner.Info.ProcessStarted)]))];

        static List<string> Held(Session session)
        {
            using var reader = session.Query("SELECT name FROM aime_owner WHERE writer IS NOT NULL ORDER BY name");
            var held = new List<string>();
            while (reader.Read())
                held.Add(reader.GetString(0));
            return held;
        }
    }

    private bool Lives(Owner holder, string here) => holder.Info.Host == here
        ? isRunning(holder.Info.ProcessId, holder.Info.ProcessStarted)
        : clock.GetUtcNow() - holder.Heartbeat <= StaleAfter;

    private Owned Take(WriteSession writing, string name, Row? holder, OwnerInfo claimer)
    {
        var keeps = holder is { Released: false } && holder.Owner.Info == claimer;
        var epoch = (holder?.Owner.Epoch ?? 0) + (keeps ? 0 : 1);
        writing.Session.Execute(
            "INSERT OR REPLACE INTO aime_owner(name, epoch, heartbeat, host, process_id, process_started, writer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            name, epoch, clock.GetUtcNow().UtcTicks, claimer.Host, claimer.ProcessId, claimer.ProcessStarted, claimer.Writer.Value);
        return new Owned(name, epoch);
    }

    private static Row? Find(Session session, string name)
    {
        using var reader = session.Query("SELECT epoch, host, process_id, process_started, writer, heartbeat FROM aime_owner WHERE name = ?1", name);
        if (!reader.Read())
            return null;
        var released = reader.IsDBNull(4);
        var info = new OwnerInfo(reader.GetString(1), reader.GetInt32(2), reader.GetString(3), new WriterId(released ? "" : reader.GetString(4)));
        return new Row(new Owner(name, reader.GetInt64(0), info, new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero)), released);
    }

    private sealed record Row(Owner Owner, bool Released);
}
