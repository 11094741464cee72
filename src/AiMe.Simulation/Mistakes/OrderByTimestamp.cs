using AiMe.EventSourcing;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation.Mistakes;

/// <summary>A stream is read in the order of its rows' timestamps.</summary>
public sealed record OrderByTimestamp()
    : Mistake("order-by-timestamp", "a stream is read by timestamp instead of by sequence number", "chain")
{
    internal override SimulatedParts Plant(SimulatedParts parts) => parts with { Journal = new OtherJournal(parts.Journal, read: ByTime) };

    private static async IAsyncEnumerable<JournalRow> ByTime(IAsyncEnumerable<JournalRow> rows)
    {
        List<JournalRow> read = [];
        await foreach (var row in rows)
            read.Add(row);
        foreach (var row in read.OrderBy(r => r.CreatedTicks))
            yield return row;
    }
}
