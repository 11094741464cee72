using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>Reads a stream as far as the database can.</summary>
internal static class StreamReading
{
    /// <summary>Passes every row on, in order, then ends the check of the stream.</summary>
    public static async Task ReadAsync(IJournal journal, StreamCheck stream, Action<JournalRow> take, CancellationToken cancellationToken)
    {
        var next = 1L;
        try
        {
            var highest = await journal.HighestSequenceNumberAsync(stream.Id, cancellationToken);
            await foreach (var row in journal.ReadAsync(stream.Id, next, long.MaxValue, cancellationToken))
                Take(row);
            stream.EndRows(highest);
        }
        catch (JournalException)
        {
            await ReadOneByOneAsync();
        }

        // Rows come in pages, and a page with an unreadable row fails as a whole: the rows before it are then read one
        // by one.
        async Task ReadOneByOneAsync()
        {
            try
            {
                while (true)
                {
                    var before = next;
                    await foreach (var row in journal.ReadAsync(stream.Id, next, next, cancellationToken))
                        Take(row);
                    if (next == before)
                        return;
                }
            }
            catch (JournalException e)
            {
                stream.EndUnreadable(e.Message);
            }
        }

        void Take(JournalRow row)
        {
            take(row);
            next = row.SequenceNumber + 1;
        }
    }
}
