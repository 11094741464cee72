using System.Runtime.CompilerServices;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>
/// Follows a whole journal: each row once, each stream in order, and none missed, however late its transaction commits.
/// </summary>
/// <remarks>
/// It reads by ordering up to the settled one (<see cref="JournalQueries.NewestAsync"/>), and returns each stream's
/// rows by sequence number, whatever their orderings. Rows marked as deleted are left out.
/// </remarks>
/// <param name="store">The store; not disposed here.</param>
public sealed class Tail(EventStore store)
{
    private readonly Dictionary<PersistenceId, long> _given = [];
    private long _settled;

    /// <summary>The rows since the last call; at the first call, all rows.</summary>
    /// <remarks>A caller that stops early gets the rest at the next call.</remarks>
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
                // Rows before it were deleted, or have higher orderings.
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
