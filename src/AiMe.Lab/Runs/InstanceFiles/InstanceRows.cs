using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>The journal rows of an instance, in the order in which their events happened.</summary>
internal static class InstanceRows
{
    /// <summary>The five streams of an instance.</summary>
    public static ImmutableArray<PersistenceId> StreamsOf(string run, string instance) =>
        [.. Loop.Faculties.Select(f => PersistenceId.Of(run, new FacultyAddress(instance, f.Name)))];

    /// <summary>The supervisor's stream of a run, or those of its shards' supervisors.</summary>
    public static async Task<ImmutableArray<PersistenceId>> SupervisorsAsync(
        IJournal journal,
        string run,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await journal.PersistenceIdsAsync(Shard.StreamOf(run, shard: null).Value, cancellationToken)).Where(id =>
                Shard.RunOf(id, out _) == run
            ),
        ];

    /// <summary>The rows, each stream up to a sequence number. Events are not folded.</summary>
    public static async IAsyncEnumerable<JournalRow> ReadAsync(
        IJournal journal,
        string run,
        string instance,
        ImmutableArray<long> upTo,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<(IAsyncEnumerator<JournalRow> Rows, long Index)> ahead = [];
        try
        {
            foreach (var (stream, i) in StreamsOf(run, instance).Select((stream, i) => (stream, i)))
            {
                ahead.Add((journal.ReadAsync(stream, 1, upTo[i], cancellationToken).GetAsyncEnumerator(cancellationToken), 0));
                ahead[i] = await NextAsync(ahead[i].Rows);
            }

            while (ahead.MinBy(a => a.Index) is var first && first.Index < long.MaxValue)
            {
                yield return first.Rows.Current;
                ahead[ahead.IndexOf(first)] = await NextAsync(first.Rows);
            }
        }
        finally
        {
            foreach (var (rows, _) in ahead)
                await rows.DisposeAsync();
        }
    }

    private static async ValueTask<(IAsyncEnumerator<JournalRow> Rows, long Index)> NextAsync(IAsyncEnumerator<JournalRow> rows) =>
        (rows, await rows.MoveNextAsync() ? EventEnvelope.Read(rows.Current.Message).Index : long.MaxValue);
}
