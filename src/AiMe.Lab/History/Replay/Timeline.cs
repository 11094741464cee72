using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History.Replay;

/// <summary>
/// A recorded instance with random access: its events in order, and the states of its faculties at any of them, folded
/// from the nearest checkpoint. Calls no model.
/// </summary>
/// <remarks>
/// Opening it reads the instance once and checks its chain. After that it holds a few bytes an event, at most
/// <see cref="MostCheckpoints"/> checkpoints (their distance doubles as an instance grows) and the last
/// <see cref="Windows"/> windows of events that were read. One reader at a time.
/// </remarks>
public sealed class Timeline
{
    /// <summary>Greatest number of checkpoints.</summary>
    public const int MostCheckpoints = 128;

    /// <summary>Events in a window, which is read and folded at once.</summary>
    public const int Window = 256;

    /// <summary>Number of cached windows.</summary>
    public const int Windows = 4;

    private const int Attempts = 5;

    private readonly IJournal _journal;
    private readonly string _run;
    private readonly List<InstanceStates> _checkpoints = [InstanceStates.Unborn];
    private readonly LinkedList<(long First, ImmutableArray<ReplayStep> Moments)> _windows = [];
    private int _distance = Window;

    private Timeline(IJournal journal, string run, string instance) => (_journal, _run, Instance) = (journal, run, instance);

    /// <summary>Name of the instance.</summary>
    public string Instance { get; }

    /// <summary>Number of events when it was opened.</summary>
    public long Length => Index.Length;

    /// <summary>The index of events, cycles and generations.</summary>
    public TimelineIndex Index { get; } = new();

    /// <summary>The states after the last event.</summary>
    public InstanceStates End { get; private set; } = InstanceStates.Unborn;

    /// <summary>Current number of checkpoints.</summary>
    internal int Checkpoints => _checkpoints.Count;

    /// <summary>Reads an instance of a run from birth to its last event.</summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain; or a finished instance does not end where the
    /// supervisor recorded it.
    /// </exception>
    /// <remarks>
    /// The five streams are read in parallel, so a running instance may write in between: an event is then missing in a
    /// stream that was read to its end. Reading on from there finds it; if it is still missing, it is lost.
    /// </remarks>
    public static async Task<Timeline> OpenAsync(
        IJournal journal,
        SupervisorState run,
        string instance,
        CancellationToken cancellationToken
    )
    {
        var timeline = new Timeline(journal, run.Plan!.Run, instance);
        await timeline.ExtendAsync(run, cancellationToken);
        return timeline;
    }

    /// <summary>Reads the events that were written since.</summary>
    /// <param name="run">The run's present state.</param>
    /// <returns>The number of new events.</returns>
    /// <exception cref="CorruptJournalException">As for <see cref="OpenAsync"/>.</exception>
    public async Task<long> ExtendAsync(SupervisorState run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var before = Length;
        var walk = new ReplayWalk(_journal, _run, Instance);
        var missing = 0L;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await foreach (var moment in walk.BehindAsync(End, Everything, cancellationToken))
                Add(moment);
            if (walk.Gap is not { } gap)
            {
                await InstanceEnd.CheckAsync(_journal, run, Instance, End.Heads, cancellationToken);
                break;
            }

            if (gap.Missing == missing)
            {
                await InstanceReader.ReadAsync(_journal, run, Instance, cancellationToken); // throws if a stream was cut off
                throw new CorruptJournalException(
                    $"the instance {_run}/{Instance} has no event {gap.Missing}: the next one found is {gap.Next} ({gap.Manifest})"
                );
            }

            missing = gap.Missing; // after the last attempt it is written faster than it is read
        }

        // The window at the old end was cut short there.
        for (var node = _windows.First; Length > before && node is not null; )
        {
            var next = node.Next;
            if (node.Value.First + node.Value.Moments.Length - 1 == before)
                _windows.Remove(node);
            node = next;
        }

        return Length - before;
    }

    /// <summary>An event and the states after it.</summary>
    /// <param name="index">1 to <see cref="Length"/>.</param>
    public async ValueTask<ReplayStep> AtAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Length);
        var first = (index - 1) / Window * Window + 1;
        for (var node = _windows.First; node is not null; node = node.Next)
        {
            if (node.Value.First != first)
                continue;
            _windows.Remove(node);
            _windows.AddFirst(node);
            return node.Value.Moments[(int)(index - first)];
        }

        var moments = await FoldAsync(first, cancellationToken);
        _windows.AddFirst((first, moments));
        if (_windows.Count > Windows)
            _windows.RemoveLast();
        return moments[(int)(index - first)];
    }

    /// <summary>A range of events, in order.</summary>
    /// <param name="from">1 or more.</param>
    /// <param name="to">Inclusive; at most <see cref="Length"/>.</param>
    public async IAsyncEnumerable<ReplayStep> ReadAsync(long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = from; i <= to; i++)
            yield return await AtAsync(i, cancellationToken);
    }

    private static ImmutableArray<long> Everything { get; } = [.. Loop.Faculties.Select(_ => long.MaxValue)];

    private void Add(ReplayStep moment)
    {
        Index.Add(moment.Event);
        End = moment.After;
        if (End.Index - _checkpoints[^1].Index < _distance)
            return;
        _checkpoints.Add(End);
        if (_checkpoints.Count <= MostCheckpoints)
            return;
        // Every second checkpoint is dropped. The others are at multiples of the new distance, the first before birth.
        _distance *= 2;
        _checkpoints.RemoveAll(c => c.Index % _distance != 0);
    }

    // From the last checkpoint before the window; rows after the next checkpoint are not read.
    private async Task<ImmutableArray<ReplayStep>> FoldAsync(long first, CancellationToken cancellationToken)
    {
        var last = Math.Min(first + Window - 1, Length);
        var from = _checkpoints.Last(c => c.Index < first);
        var to = _checkpoints.Find(c => c.Index >= last) ?? End;
        var moments = ImmutableArray.CreateBuilder<ReplayStep>((int)(last - first) + 1);
        await foreach (
            var moment in new ReplayWalk(_journal, _run, Instance).BehindAsync(
                from,
                [.. to.Streams.Select(s => s.SequenceNumber)],
                cancellationToken
            )
        )
        {
            if (moment.Event.Index >= first)
                moments.Add(moment);
            if (moment.Event.Index == last)
                break;
        }

        return moments.Count == last - first + 1
            ? moments.MoveToImmutable()
            : throw new CorruptJournalException($"the instance {_run}/{Instance} has lost events {first} to {last} since it was opened");
    }
}
