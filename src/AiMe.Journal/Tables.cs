using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>A database with a whole store: events, snapshots and AiMe's own tables.</summary>
internal interface IDatabase : IJournal, ISnapshots
{
    IOwnerTable Owners { get; }

    /// <summary>
    /// Confirms that this process still owns the names that it writes; called before each transaction, unless running
    /// owners are never taken over.
    /// </summary>
    Func<CancellationToken, Task> ConfirmAsync { set; }

    IInboxTable Inbox { get; }

    ISingleRows SingleRows { get; }

    IRunRemoval Removal { get; }
}

/// <summary>Removes whole runs, and returns their space.</summary>
internal interface IRunRemoval
{
    /// <summary>
    /// Removes a run's rows in one transaction: events, tags and snapshots of its streams, its inbox, and the owners of its
    /// names, the caller among them.
    /// </summary>
    /// <returns>Removed events.</returns>
    Task<long> RemoveAsync(string run, ImmutableArray<string> streams, CancellationToken cancellationToken);

    /// <summary>Rewrites the database without free space. No other process may use it.</summary>
    /// <returns>The bytes by which it shrank; null if the database does this by itself.</returns>
    Task<long?> CompactAsync(CancellationToken cancellationToken);
}

/// <summary>A row of <c>aime_owner</c>.</summary>
/// <param name="Released">Whether the name was released; then only the epoch matters.</param>
internal sealed record OwnerRow(Owner Owner, bool Released);

/// <summary>The time at which owners are judged.</summary>
/// <param name="Now">Time of the database's clock.</param>
/// <param name="IsJustBack">
/// Whether the server has just become reachable again: owners could not send heartbeats, so a missing one means
/// nothing.
/// </param>
internal readonly record struct OwnerMoment(DateTimeOffset Now, bool IsJustBack);

/// <summary>The rows of <c>aime_owner</c>. <see cref="Ownership"/> has the rules, once for all databases.</summary>
internal interface IOwnerTable
{
    /// <summary>
    /// Reads the rows of some names, decides, and writes the changes, exclusively among all processes.
    /// </summary>
    /// <param name="decide">
    /// Receives a row for each name (null if there is none) and the time (null if the database has no clock), and
    /// returns the rows to write and the answer. It is called again with new rows if the connection was lost. If it
    /// throws <see cref="AlreadyOwnedException"/>, nothing is written.
    /// </param>
    Task<T> ChangeAsync<T>(
        ImmutableArray<string> names,
        Func<ImmutableArray<OwnerRow?>, OwnerMoment?, (ImmutableArray<OwnerRow> Changed, T Answer)> decide,
        CancellationToken cancellationToken
    );

    Task<(OwnerRow? Row, OwnerMoment? At)> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>All rows that are not released, by name in ordinal order.</summary>
    Task<(ImmutableArray<OwnerRow> Rows, OwnerMoment? At)> HeldAsync(CancellationToken cancellationToken);
}

/// <summary>The rows of <c>aime_inbox</c>; see <see cref="Inbox"/>.</summary>
internal interface IInboxTable
{
    Task PutAsync(string run, ImmutableArray<InboxMessage> messages, CancellationToken cancellationToken);

    Task<ImmutableArray<InboxMessage>> WaitingAsync(string run, CancellationToken cancellationToken);

    Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken);
}

/// <summary>Indexed queries of single rows; see <see cref="JournalQueries"/>.</summary>
internal interface ISingleRows
{
    Task<long> NewestAsync(CancellationToken cancellationToken);

    Task<long> SchemaAsync(CancellationToken cancellationToken);

    /// <param name="fact">A manifest up to its version: <c>memory.stored@</c>.</param>
    Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken);

    Task<ImmutableArray<(string Manifest, int Rows)>> CountsAsync(string prefix, long after, long to, CancellationToken cancellationToken);

    /// <param name="facts">Manifests without their version.</param>
    Task<ImmutableArray<JournalRow>> RowsAsync(
        string prefix,
        long after,
        long to,
        ImmutableArray<string> facts,
        CancellationToken cancellationToken
    );

    /// <param name="fact">A manifest up to its version.</param>
    Task<JournalRow?> EndAsync(PersistenceId stream, string fact, bool last, CancellationToken cancellationToken);

    /// <param name="fact">A manifest up to its version.</param>
    Task<ImmutableArray<JournalRow>> AfterAsync(
        PersistenceId stream,
        long sequenceNumber,
        string fact,
        CancellationToken cancellationToken
    );

    Task<ImmutableArray<(PersistenceId Stream, long SequenceNumber)>> ContainingAsync(
        ImmutableArray<PersistenceId> streams,
        string text,
        int most,
        CancellationToken cancellationToken
    );
}
