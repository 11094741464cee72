using System.Collections.Immutable;

namespace AiMe.Journal;

/// <summary>Something that arrived for an instance of a run and waits for the run's host.</summary>
/// <param name="Arrival">Names the arrival; unique in the store.</param>
/// <param name="Instance">Name in its run.</param>
/// <param name="Input">UTF-8 JSON; what it says is not the journal's business.</param>
/// <param name="At">Wall-clock time, UTC.</param>
public sealed record InboxMessage(string Arrival, string Instance, ReadOnlyMemory<byte> Input, DateTime At);

/// <summary>
/// The durable inbox of each run, in the table <c>aime_inbox</c> of the journal's own database. Any process may put in;
/// the run's owner takes out.
/// </summary>
/// <remarks>
/// A letter is taken away once the owner has journalled that it was received, so that none is lost and none counts
/// twice.
/// </remarks>
public sealed class Inbox
{
    private readonly IInboxTable _table;

    internal Inbox(IInboxTable table) => _table = table;

    /// <summary>
    /// Puts letters in, all or none, in their order. Completes when they are durable. Putting one in again changes
    /// nothing.
    /// </summary>
    public Task PutAsync(string run, ImmutableArray<InboxMessage> letters, CancellationToken cancellationToken) =>
        _table.PutAsync(run, letters, cancellationToken);

    /// <summary>What waits for a run, in order of arrival.</summary>
    public Task<ImmutableArray<InboxMessage>> WaitingAsync(string run, CancellationToken cancellationToken) =>
        _table.WaitingAsync(run, cancellationToken);

    /// <summary>Takes letters away: they were received, or taken back.</summary>
    /// <returns>How many were still there.</returns>
    public Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken) =>
        _table.RemoveAsync(arrivals, cancellationToken);
}
