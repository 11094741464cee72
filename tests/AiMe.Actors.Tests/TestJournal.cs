using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Actors.Tests;

/// <summary>A journal in memory that a test may delay or damage.</summary>
internal sealed class TestJournal : IJournal
{
    private readonly InMemoryJournal _inner = new(TimeProvider.System);

    /// <summary>Runs before an append is made.</summary>
    public Func<PersistenceId, ImmutableArray<JournalEntry>, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What a row is read as.</summary>
    public Func<JournalRow, JournalRow> Read { get; set; } = row => row;

    /// <summary>The streams of all appends that were begun, in order.</summary>
    public ConcurrentQueue<string> Appends { get; } = [];

    public async Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        Appends.Enqueue(stream.Value);
        await Before(stream, entries);
        await _inner.AppendAsync(stream, writer, entries, cancellationToken);
    }

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in _inner.ReadAsync(stream, from, to, cancellationToken))
            yield return Read(row);
    }

    public IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        _inner.ReadAllAsync(afterOrdering, cancellationToken);

    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        _inner.HighestSequenceNumberAsync(stream, cancellationToken);

    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        _inner.DeleteAsync(stream, toSequenceNumber, cancellationToken);

    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        _inner.PersistenceIdsAsync(prefix, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    /// <summary>The indices of all events of an instance, in the order in which they were stored.</summary>
    public async Task<ImmutableArray<long>> IndicesAsync(string instance)
    {
        var indices = ImmutableArray.CreateBuilder<long>();
        await foreach (var row in _inner.ReadAllAsync(0, CancellationToken.None))
        {
            if (row.PersistenceId.Value.StartsWith($"{Systems.Options.Run}/{instance}/", StringComparison.Ordinal))
                indices.Add(EventEnvelope.Read(row.Message).Index);
        }

        return indices.ToImmutable();
    }
}
