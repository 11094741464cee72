using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;

namespace AiMe.Lab.Tests.History.Replay;

/// <summary>Counts the rows that are read.</summary>
internal sealed class CountingJournal(IJournal inner) : ReadOnlyJournal(inner)
{
    public int Rows { get; set; }

    public override async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in base.ReadAsync(stream, from, to, cancellationToken))
        {
            Rows++;
            yield return row;
        }
    }
}

/// <summary>Somebody writes on when the first two streams have been opened: the others are read with what is new.</summary>
internal sealed class LateJournal(IJournal inner, Func<Task> write) : ReadOnlyJournal(inner)
{
    private int _opened;

    /// <summary>A row that is not given out: its faculty, and the index of its event.</summary>
    public (string Faculty, long Index)? Without { get; init; }

    public override async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (++_opened == 3)
            await write();
        await foreach (var row in base.ReadAsync(stream, from, to, cancellationToken))
        {
            if (
                Without is { } lost
                && stream.Value.EndsWith($"/{lost.Faculty}", StringComparison.Ordinal)
                && EventEnvelope.Read(row.Message).Index == lost.Index
            )
                continue;
            yield return row;
        }
    }
}

/// <summary>Hands everything on.</summary>
internal abstract class ReadOnlyJournal(IJournal inner) : IJournal
{
    public virtual Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    ) => inner.AppendAsync(stream, writer, entries, cancellationToken);

    public virtual IAsyncEnumerable<JournalRow> ReadAsync(PersistenceId stream, long from, long to, CancellationToken cancellationToken) =>
        inner.ReadAsync(stream, from, to, cancellationToken);

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
