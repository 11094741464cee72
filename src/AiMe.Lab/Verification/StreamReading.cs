using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>Reads a stream as far as the database can give it.</summary>
internal static class StreamReading
{
    /// <summary>Hands every row on, in order; then, or where no further row can be had, the stream is told.</summary>
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

        // Rows come in pages, and one that cannot be read takes its whole page with it: by itself each before it can be had.
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
