using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>A database that holds a whole store: events and snapshots, and our own tables beside them.</summary>
internal interface IDatabase : IJournal, ISnapshots
{
    IOwnerTable Owners { get; }

    /// <summary>
    /// Confirms that this process still owns what it writes. Asked before each transaction, unless an owner that runs
    /// is never taken over.
    /// </summary>
    Func<CancellationToken, Task> ConfirmAsync { set; }

    IInboxTable Letters { get; }

    ISingleRows SingleRows { get; }
}

/// <summary>A row of <c>aime_owner</c>.</summary>
/// <param name="Released">Let go of; then only the epoch counts.</param>
internal sealed record OwnerRow(Owner Owner, bool Released);

/// <summary>The moment at which owners are judged.</summary>
/// <param name="Now">By the database's own clock.</param>
/// <param name="IsJustBack">
/// The server was away until a moment ago: owners could not say that they live, so their silence means nothing.
/// </param>
internal readonly record struct OwnerMoment(DateTimeOffset Now, bool IsJustBack);

/// <summary>
/// The rows of <c>aime_owner</c>. Who lives and what an epoch is stand in <see cref="Ownership"/>, once for all
/// databases.
/// </summary>
internal interface IOwnerTable
{
    /// <summary>
    /// Reads the rows of some names, decides, and writes what changed, alone among all processes that do so.
    /// </summary>
    /// <param name="decide">
    /// Gets a row for each name, null where there is none, and the moment (null where the database has no clock of its
    /// own), and gives the rows to write and the answer. It may be asked again, with what then stands, where a
    /// connection was lost on the way. Its <see cref="AlreadyOwnedException"/> writes nothing.
    /// </param>
    Task<T> ChangeAsync<T>(
        ImmutableArray<string> names,
        Func<ImmutableArray<OwnerRow?>, OwnerMoment?, (ImmutableArray<OwnerRow> Changed, T Answer)> decide,
        CancellationToken cancellationToken
    );

    Task<(OwnerRow? Row, OwnerMoment? At)> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>All rows that were not let go of, by name in ordinal order.</summary>
    Task<(ImmutableArray<OwnerRow> Rows, OwnerMoment? At)> HeldAsync(CancellationToken cancellationToken);
}

/// <summary>The rows of <c>aime_inbox</c>, as <see cref="Inbox"/> says.</summary>
internal interface IInboxTable
{
    Task PutAsync(string run, ImmutableArray<InboxMessage> letters, CancellationToken cancellationToken);

    Task<ImmutableArray<InboxMessage>> WaitingAsync(string run, CancellationToken cancellationToken);

    Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken);
}

/// <summary>Single rows found through the indexes, as <see cref="JournalQueries"/> says.</summary>
internal interface ISingleRows
{
    Task<long> NewestAsync(CancellationToken cancellationToken);

    Task<long> SchemaAsync(CancellationToken cancellationToken);

    /// <param name="fact">A manifest up to its version: <c>memory.stored@</c>.</param>
    Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken);

    /// <param name="fact">A manifest up to its version.</param>
    Task<JournalRow?> EndAsync(PersistenceId stream, string fact, bool last, CancellationToken cancellationToken);

    /// <param name="fact">A manifest up to its version.</param>
    Task<ImmutableArray<JournalRow>> AfterAsync(
        PersistenceId stream,
        long sequenceNumber,
        string fact,
        CancellationToken cancellationToken
    );
}
