using System.Collections.Immutable;

namespace AiMe.Journal;

/// <summary>A message for an instance that waits for the run's host.</summary>
/// <param name="Arrival">Id of the arrival; unique in the store.</param>
/// <param name="Instance">The instance's name in its run.</param>
/// <param name="Input">UTF-8 JSON, which the journal does not interpret.</param>
/// <param name="At">Wall-clock time of the arrival, UTC.</param>
public sealed record InboxMessage(string Arrival, string Instance, ReadOnlyMemory<byte> Input, DateTime At);

/// <summary>The durable inbox of each run, in the table <c>aime_inbox</c> of the journal's database.</summary>
/// <remarks>
/// Any process may add messages; the owner of the run removes them. It removes a message after it has journalled its
/// receipt, so that none is lost and none counts twice.
/// </remarks>
public sealed class Inbox
{
    private readonly IInboxTable _table;

    internal Inbox(IInboxTable table) => _table = table;

    /// <summary>
    /// Adds messages in order, all or none, and completes when they are durable. Adding one again changes nothing.
    /// </summary>
    public Task PutAsync(string run, ImmutableArray<InboxMessage> messages, CancellationToken cancellationToken) =>
        _table.PutAsync(run, messages, cancellationToken);

    /// <summary>The waiting messages of a run, in order of arrival.</summary>
    public Task<ImmutableArray<InboxMessage>> WaitingAsync(string run, CancellationToken cancellationToken) =>
        _table.WaitingAsync(run, cancellationToken);

    /// <summary>Removes messages that were received or withdrawn.</summary>
    /// <returns>Number of messages that were still waiting.</returns>
    public Task<int> RemoveAsync(ImmutableArray<string> arrivals, CancellationToken cancellationToken) =>
        _table.RemoveAsync(arrivals, cancellationToken);
}
