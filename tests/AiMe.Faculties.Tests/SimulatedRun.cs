using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

/// <summary>
/// A run of AiMe's own actors on a simulated machine, in the scripted world. The seed decides which step is next, how long things take,
/// what comes twice, and where the machine crashes.
/// </summary>
/// <param name="faults">How the machine misbehaves; by default it does not.</param>
internal sealed partial class SimulatedRun(RunPlan plan, ulong seed = 0, SimulatedFaults? faults = null)
{
    private const int StepsAtMost = 2_000_000;

    /// <summary>Messages, appends and effects may take time, and messages and answers may come twice: they overtake one another.</summary>
    public static readonly SimulatedFaults Disorder = new() { Slow = 0.2, Duplicate = 0.3 };

    private readonly SimulatedMachine _machine = new(new Seed(seed), faults ?? SimulatedFaults.None, record: false);
    private int _visits;
    private bool _cut;
    private string? _failure;

    /// <summary>What people do after the run has ended, one after another when all is quiet. After a crash they do the last again.</summary>
    public ImmutableArray<Action<SimulatedRun>> Visits { get; init; } = [];

    /// <summary>The server for training jobs. No crash touches it.</summary>
    public JobServer Jobs { get; init; } = new();

    /// <summary>Sees every effect as it begins.</summary>
    public Action<Effect> Begun { get; init; } = _ => { };

    /// <summary>Whether the machine crashes when this effect begins, before anything comes of it.</summary>
    public Func<Effect, bool> CutBefore { get; init; } = _ => false;

    /// <summary>Sees every command, and the state that it meets.</summary>
    public Action<FacultyDefinition, object, Command> Taken { get; init; } = (_, _, _) => { };

    /// <summary>Effects that were answered so far.</summary>
    public int Answers { get; private set; }

    /// <summary>Lives one run for each moment: the machine crashes at that moment, and the run then goes on to its end.</summary>
    /// <param name="moments">Counts the moments of a run so far. Two crashes without a moment between them leave the same behind.</param>
    /// <param name="make">Makes the same run each time.</param>
    /// <param name="first">The first moment, from 1.</param>
    public static IEnumerable<(SimulatedRun Run, string How)> CrashedAtEach(
        Func<SimulatedRun, int> moments,
        Func<SimulatedRun> make,
        int first = 1,
        int step = 1
    )
    {
        for (var moment = first; ; moment += step)
        {
            var run = make();
            if (!run.RunUntil(() => moments(run) >= moment))
                yield break;
            moment = moments(run); // one append may hold several events
            run.Crash();
            yield return (run.RunToEnd(), $"after a crash at moment {moment}");
        }
    }

    /// <summary>Runs until all is quiet and nobody visits any more.</summary>
    public SimulatedRun RunToEnd()
    {
        RunUntil(() => false);
        return this;
    }

    /// <summary>Runs until something holds; false if it does not hold at the end.</summary>
    public bool RunUntil(Func<bool> holds)
    {
        while (!holds())
        {
            if (!Step())
                return false;
        }

        return true;
    }

    /// <summary>Takes one step. At the end it returns false: the machine is off until somebody speaks to the run again.</summary>
    public bool Step()
    {
        using var bare = new BareThread();
        Begin();
        while (_machine.IsQuiet && _visits < Visits.Length)
            Visits[_visits++](this);
        if (_machine.IsQuiet)
        {
            _machine.TurnOff();
            return false;
        }

        _machine.Step();
        _machine.Steps.ShouldBeLessThan(StepsAtMost, "duplicates must die out");
        (_failure ?? _machine.Process!.Failure?.ToString()).ShouldBeNull();
        if (_cut || _machine.Dice.Chance(_machine.Faults.Crash))
            Crash();
        return true;
    }

    /// <summary>Ends the process as a loss of power does, and starts another one over what is durable.</summary>
    public void Crash()
    {
        using var bare = new BareThread();
        _cut = false;
        _machine.Crash("crashes");
        Begin();
    }

    /// <summary>Sends the supervisor a message from outside.</summary>
    public void Post(SupervisorCommand command)
    {
        Begin();
        _machine.Process!.Tell(FacultyAddress.Supervisor, command);
    }

    /// <summary>Copies an instance up to an event, makes the copy another instance, and tells the supervisor.</summary>
    public void Fork(string parent, long index, string name, bool rests = true, InstanceSettings? changed = null)
    {
        if (Supervisor.Instances.ContainsKey(name))
            return;
        var draft = new ForkCopy.ForkBuilder(Supervisor, new ForkRequest(name, parent, index, rests, changed));
        for (var stream = 0; stream < Loop.Faculties.Length; stream++)
            _ = RowsOf(new FacultyAddress(parent, Loop.Faculties[stream].Name)).All(row => draft.Take(stream, row));
        var copy = draft.Finish();
        foreach (var (faculty, entries) in copy.Streams)
        {
            var at = new FacultyAddress(name, faculty.Name);
            if (RowsOf(at).Count == 0)
                _machine.Disk.Append(StreamOf(at), new WriterId("fork"), entries, _machine.Clock.GetUtcNow().UtcTicks);
        }

        Post(copy.Join);
    }
}
