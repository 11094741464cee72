using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.History.Replay;

/// <summary>
/// Reads the five streams of an instance in parallel, in the order in which their events happened, and checks the
/// chain.
/// </summary>
/// <remarks>Only the current rows are in memory: rows are read in pages, and earlier ones are dropped.</remarks>
internal sealed class ReplayWalk(IJournal journal, string run, string instance)
{
    /// <summary>
    /// The gap at which reading stopped, because the next event has a later index; null if it reached the end.
    /// </summary>
    public (long Missing, long Next, string Manifest)? Gap { get; private set; }

    /// <summary>The events after a point.</summary>
    /// <param name="upTo">
    /// For each faculty, the last sequence number to read; <see cref="long.MaxValue"/> for all.
    /// </param>
    /// <exception cref="CorruptJournalException">A row cannot be read or does not continue its chain.</exception>
    public async IAsyncEnumerable<ReplayStep> BehindAsync(
        InstanceStates point,
        ImmutableArray<long> upTo,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Gap = null;
        var streams = new List<StreamWalk>();
        try
        {
            for (var i = 0; i < Loop.Faculties.Length; i++)
            {
                var rows = journal.ReadAsync(
                    PersistenceId.Of(run, new FacultyAddress(instance, Loop.Faculties[i].Name)),
                    point.Streams[i].SequenceNumber + 1,
                    upTo[i],
                    cancellationToken
                );
                var stream = new StreamWalk(i, rows.GetAsyncEnumerator(cancellationToken));
                streams.Add(stream);
                await stream.AdvanceAsync(point.Streams[i]);
            }

            while (streams.Where(s => s.Ahead is not null).MinBy(s => s.Ahead!.Index) is { } first)
            {
                var (row, after, happened) = (first.Row!, first.Ahead!, first.Happened!);
                if (after.Index != point.Index + 1)
                {
                    Gap = (point.Index + 1, after.Index, row.Manifest);
                    yield break;
                }

                point = new InstanceStates(after.Index, point.Streams.SetItem(first.Place, after), point.Tally.With(happened));
                yield return new ReplayStep(
                    new InstanceEvent(after.Index, Loop.Faculties[first.Place].Name, row.Manifest, happened, after.State),
                    row.SequenceNumber,
                    row.CreatedTicks,
                    point
                );
                await first.AdvanceAsync(after);
            }
        }
        finally
        {
            foreach (var stream in streams)
                await stream.Rows.DisposeAsync();
        }
    }

    // One of the five streams, with its next event.
    private sealed class StreamWalk(int place, IAsyncEnumerator<JournalRow> rows)
    {
        public int Place { get; } = place;

        public IAsyncEnumerator<JournalRow> Rows { get; } = rows;

        public JournalRow? Row { get; private set; }

        public StreamState? Ahead { get; private set; }

        public Event? Happened { get; private set; }

        public async ValueTask AdvanceAsync(StreamState at)
        {
            (Row, Ahead, Happened) = (null, null, null);
            if (!await Rows.MoveNextAsync())
                return;
            Row = Rows.Current;
            Ahead = at.Next(Loop.Faculties[Place], Row, FacultyEvents.Codec, out var happened);
            Happened = happened;
        }
    }
}
