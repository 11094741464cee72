using System.Runtime.CompilerServices;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>
/// Follows a whole journal, for what is made of all its events: each row once, each stream in order, and none missed
/// however late its transaction commits.
/// </summary>
/// <remarks>
/// It pages by ordering only up to where nothing is still to come (<see cref="JournalQueries.NewestAsync"/>), and gives
/// each stream's rows by sequence number, whatever their orderings are. Rows marked as deleted are left out.
/// </remarks>
/// <param name="store">Is not disposed.</param>
public sealed class Tail(EventStore store)
{
    private readonly Dictionary<PersistenceId, long> _given = [];
    private long _settled;

    /// <summary>What has come to the journal since the last call; at the first call all of it.</summary>
    /// <remarks>A caller that stops half-way gets the rest at the next call.</remarks>
    public async IAsyncEnumerable<JournalRow> NextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = await store.Glance.NewestAsync(cancellationToken);
        if (settled <= _settled)
            yield break;
        await foreach (var row in store.Journal.ReadAllAsync(_settled, cancellationToken))
        {
            if (row.Ordering > settled)
                break;
            var given = _given.GetValueOrDefault(row.PersistenceId);
            if (row.SequenceNumber <= given)
                continue;
            if (row.SequenceNumber > given + 1)
            {
                // Rows before it were deleted, or bear higher orderings than it does.
                await foreach (
                    var earlier in store.Journal.ReadAsync(row.PersistenceId, given + 1, row.SequenceNumber - 1, cancellationToken)
                )
                {
                    _given[row.PersistenceId] = earlier.SequenceNumber;
                    yield return earlier;
                }
            }

            _given[row.PersistenceId] = row.SequenceNumber;
            yield return row;
        }

        _settled = settled;
    }
}
