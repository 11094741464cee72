using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Mistakes;

/// <summary>A journal with one replaced operation.</summary>
internal sealed class OtherJournal(
    IJournal inner,
    Func<Task, Task>? append = null,
    Func<IAsyncEnumerable<JournalRow>, IAsyncEnumerable<JournalRow>>? read = null
) : IJournal
{
    public Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var appended = inner.AppendAsync(stream, writer, entries, cancellationToken);
        return append is null ? appended : append(appended);
    }

    public IAsyncEnumerable<JournalRow> ReadAsync(PersistenceId stream, long from, long to, CancellationToken cancellationToken)
    {
        var rows = inner.ReadAsync(stream, from, to, cancellationToken);
        return read is null ? rows : read(rows);
    }

    public IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        inner.ReadAllAsync(afterOrdering, cancellationToken);

    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        inner.HighestSequenceNumberAsync(stream, cancellationToken);

    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        inner.DeleteAsync(stream, toSequenceNumber, cancellationToken);

    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        inner.PersistenceIdsAsync(prefix, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
