using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;

namespace AiMe.Web.View.Live;

/// <summary>The whole record of an instance for one page: events, states, and what a filter finds.</summary>
public sealed class RecordReader
{
    private readonly EventStore _store;
    private readonly Timeline _timeline;
    private readonly SemaphoreSlim _gate = new(1); // a timeline has one reader at a time
    private SupervisorState _state;

    private RecordReader(EventStore store, SupervisorState state, Timeline timeline) =>
        (_store, _state, _timeline) = (store, state, timeline);

    /// <summary>The plan of the run.</summary>
    public RunPlan Plan => _state.Plan!;

    /// <summary>Id of the run.</summary>
    public string Run => Plan.Run;

    /// <summary>Name of the instance.</summary>
    public string Instance => _timeline.Instance;

    /// <summary>Number of events.</summary>
    public long Length => _timeline.Length;

    /// <summary>Faculty, kind, cycle and generation of each event.</summary>
    public TimelineIndex Index => _timeline.Index;

    /// <summary>Opens an instance; null if the run has no such instance, or it has no event yet.</summary>
    /// <param name="state">The run, as it was read last.</param>
    public static async Task<RecordReader?> OpenAsync(
        EventStore store,
        SupervisorState state,
        string instance,
        CancellationToken cancellationToken
    )
    {
        if (!state.Instances.ContainsKey(instance))
            return null;
        var timeline = await Timeline.OpenAsync(store.Journal, state, instance, cancellationToken);
        return timeline.Length == 0 ? null : new RecordReader(store, state, timeline);
    }

    /// <summary>An event and the states after it.</summary>
    public async Task<ReplayStep> AtAsync(long index, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await _timeline.AtAsync(index, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The scheduled interventions of the instance, and whether each has happened by now; empty if it has none.</summary>
    public async Task<ImmutableArray<InstanceIntervention>> InterventionsAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var progress = _state.Instances[Instance];
            List<(long Index, Event Happened)> record = [.. Index.Changes];
            foreach (var said in Plan.Scheduled.Where(s => s.Do is InterventionAction.Say && s.Treats(progress.Variant)))
            {
                if (Index.OfCycle(progress.CycleOf(said.Cycle)) is { } heard)
                    record.Add((heard, (await _timeline.AtAsync(heard, cancellationToken)).Event.Happened));
            }

            return InstanceIntervention.All(_state, Instance, record.OrderBy(r => r.Index));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The events that a filter admits; null for all.</summary>
    public async Task<EventMatches?> FindAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await filter.FindAsync(_timeline, Run, _store.Glance, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the new events.</summary>
    /// <param name="state">The run, as it was read last.</param>
    /// <returns>Their number.</returns>
    public async Task<long> ExtendAsync(SupervisorState state, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _state = state;
            return await _timeline.ExtendAsync(_state, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }
}
