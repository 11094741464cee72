using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>A fork in a scenario.</summary>
/// <param name="At">Position of the last shared event among the parent's events, in [0, 1).</param>
/// <param name="Rests">Whether the fork only runs on inputs; else it continues the plan.</param>
internal sealed record PlannedFork(double At, bool Rests);

/// <summary>
/// Creates a fork when the machine is idle, and then sends it an input. Each part is repeated if it was interrupted.
/// </summary>
internal sealed class ForkScript(SimulatedMachine machine, Evidence evidence, Scenario scenario, PlannedFork branch)
{
    private const string Name = "branch";
    private const string Arrival = "visit-branch";

    private readonly DurableRecord _ledger = evidence.Ledger;
    private readonly string _parent = RunPlan.NameOf(scenario.Plan.Variants[0], 1);
    private long _index;

    /// <summary>The next message, or null when the script is completed.</summary>
    /// <returns>The receiver and the command.</returns>
    public (FacultyAddress To, Command Command)? Next()
    {
        if (_ledger.Supervisor.Instances.ContainsKey(Name))
            return _ledger.Supervisor.Arrivals.Contains(Arrival)
                ? null
                : (
                    FacultyAddress.Supervisor,
                    new Give(Name, Arrival, new Input.Said("Who are you now?", "self"), machine.Clock.GetUtcNow().UtcDateTime)
                );
        if (_index == 0)
            _index = 1 + (long)(branch.At * Loop.Faculties.Max(f => _ledger.StreamOf(new FacultyAddress(_parent, f.Name))!.State.Index));
        var copy = Copy();
        return IsWritten(copy) ? (FacultyAddress.Supervisor, copy.Join) : (FacultyAddress.Supervisor, new StartRun(scenario.Plan));
    }

    private ForkCopy Copy()
    {
        var draft = new ForkCopy.ForkBuilder(
            _ledger.Supervisor,
            new ForkRequest(Name, _parent, _index, branch.Rests, Changed: null),
            evidence.Rows
        );
        for (var stream = 0; stream < Loop.Faculties.Length; stream++)
        {
            foreach (
                var row in machine.Disk.Rows(PersistenceId.Of(scenario.Plan.Run, new FacultyAddress(_parent, Loop.Faculties[stream].Name)))
            )
            {
                if (!draft.Take(stream, row))
                    break;
            }
        }

        return draft.Finish();
    }

    // Stream by stream, the Self's first; sometimes interrupted between two streams.
    private bool IsWritten(ForkCopy copy)
    {
        foreach (var (faculty, entries) in copy.Streams)
        {
            var stream = PersistenceId.Of(scenario.Plan.Run, new FacultyAddress(Name, faculty.Name));
            if (machine.Disk.Rows(stream).Count > 0)
                continue;
            if (machine.Dice.Chance(0.1))
                return false;
            machine.Disk.Append(stream, new WriterId("fork"), entries, machine.Clock.GetUtcNow().UtcTicks);
            machine.Schedule?.Note(stream.Value, $"is a copy of {_parent}'s up to event {_index}: {entries.Length} rows");
        }

        return true;
    }
}
