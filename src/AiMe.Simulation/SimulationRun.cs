using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>
/// One seed, lived through: processes come and go on a simulated machine until the run has ended, and the invariants
/// are looked at before each end.
/// </summary>
internal sealed class SimulationRun : IRuntimeObserver
{
    private const int StepsAtMost = 400_000;
    private const int IntervalsAtMost = 5_000;
    private const int RevivalsAtMost = 12;

    private readonly Scenario _scenario;
    private readonly SimulationOptions _options;
    private readonly Invariant? _watching;
    private readonly SimulatedMachine _machine;
    private readonly Evidence _evidence = new();
    private readonly SimulatedEffects _effects;
    private readonly ForkScript? _branching;
    private readonly int _stepsAtMost;
    private int _crashes;
    private int _ends;
    private int _losses;
    private int _revivals;
    private int _branchings;
    private (long Rows, int Submissions) _watched;
    private long _rows;
    private int _intervals;
    private (Invariant Invariant, string How)? _broken;

    /// <param name="measure">The digest of the undisturbed run, or null where it is no measure.</param>
    /// <param name="record">Whether the schedule is kept; it changes no draw.</param>
    /// <param name="watching">An invariant that is looked at after every row, or null.</param>
    public SimulationRun(Scenario scenario, SimulationOptions options, string? measure, bool record, Invariant? watching = null)
    {
        (_scenario, _options, _watching) = (scenario, options, watching);
        _stepsAtMost = Math.Max(StepsAtMost, StepsAtMost / 20 * options.Experiences);
        _machine = new SimulatedMachine(scenario.Chance, scenario.Faults, record) { Describe = CommandText.Of };
        _machine.Disk.Written = _evidence.Ledger.Read;
        _evidence.Measure = scenario.HasMeasure ? measure : null;
        _branching = scenario.Branch is { } branch ? new ForkScript(_machine, _evidence.Ledger, scenario, branch) : null;
        if (scenario.Hosting.SnapshotEvery > 0)
        {
            var onlooker = _machine.Disk.Reader();
            _evidence.Newest = line => _machine.Disk.Newest(line.Id, long.MaxValue);
            _evidence.ReadBack = line =>
                StreamFold.ReadAsync(
                    line.Faculty,
                    line.Id,
                    onlooker,
                    onlooker,
                    FacultyEvents.Codec,
                    _evidence.Known,
                    CancellationToken.None
                );
        }

        _effects = new SimulatedEffects(_machine, scenario, new JobServer(_machine, scenario, _evidence.Submit));
    }

    /// <summary>Lives it through.</summary>
    public SimulationResult Run()
    {
        Begin();
        while (true)
        {
            if (_machine.Steps >= _stepsAtMost)
                _evidence.Stalled ??= $"it has not ended after {_stepsAtMost} steps";
            else if (!_machine.IsQuiet || IsRetold())
                Step();
            else if (Process.IsEnding)
                GoOnEnding(isQuiet: true);
            else if (!Continue())
                Conclude();
            if (_evidence.AtEnd || _evidence.Stalled is not null || HasFailed || _broken is not null)
                break;
        }

        var result = Judge();
        _machine.TurnOff();
        return result;
    }

    /// <inheritdoc />
    public void Happened(string instance, string faculty, Event happened) => _evidence.Acknowledge(instance, faculty, happened);

    /// <inheritdoc />
    public void Refused(string instance, string faculty, Command command, string why)
    {
        _machine.Schedule?.Note($"{instance}/{faculty}", $"! refuses {CommandText.Of(command)}: {why}");
        _evidence.Refuse($"{instance}/{faculty}", command, why);
    }

    /// <inheritdoc />
    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause)
    {
        _machine.Schedule?.Note(instance, $"! restarts after {failure.GetType().Name}: {failure.Message}");
        if (failure is not PlannedBugException)
            _evidence.Fail(instance, failure);
    }

    private SupervisorState State => _evidence.Ledger.Supervisor;

    private SimulatedProcess Process => _machine.Process!;

    // Where messages are lost, what the supervisor owes is told again after a while: nothing is quiet before that has
    // come of it what can.
    private bool IsRetold()
    {
        if (_machine.Faults.Lost <= 0 || Process.IsEnding || SupervisorDecider.Pending(State).IsEmpty || _machine.Clock.Next is null)
            return false;
        if (_rows != _evidence.Ledger.Count)
            (_rows, _intervals) = (_evidence.Ledger.Count, 0);
        return ++_intervals < IntervalsAtMost;
    }

    private bool HasFailed =>
        _evidence.Ledger.Broken is not null
        || _evidence.Unreadable is not null
        || _evidence.Refused is not null
        || _evidence.Failed is not null;

    private void Begin()
    {
        _evidence.ProcessBegins();
        var options = new HostSettings
        {
            Run = _scenario.Plan.Run,
            Writer = new WriterId($"process-{_machine.Processes + 1}"),
            Faculties = _options.Mistake?.Faculties(Loop.Faculties) ?? Loop.Faculties,
            Supervisor = Loop.Supervision,
            Codec = FacultyEvents.Codec,
            Park = Park,
            SnapshotEvery = _scenario.Hosting.SnapshotEvery,
            PassivateAfter = _scenario.Hosting.PassivateAfter,
        };
        _machine.Start(options, _evidence.Known, Parts, Hear);
        _evidence.Live = Process.StateOf;
        Process.Tell(FacultyAddress.Supervisor, new StartRun(_scenario.Plan));
        foreach (var visit in Arrived)
            Give(visit); // the inbox still holds what was not received
    }

    // What Akka logs as an error: an actor threw. What a fault made it throw is no wonder.
    private void Hear(string where, Exception failure)
    {
        if (failure is not (PlannedBugException or JournalException))
            _evidence.Fail(where, failure);
    }

    private SimulatedParts Parts(SimulatedJournal journal)
    {
        var parts = new SimulatedParts(journal, _scenario.Hosting.SnapshotEvery > 0 ? journal : null, _effects, this);
        return _options.Mistake?.Plant(parts) ?? parts;
    }

    // The host parks what keeps throwing and what cannot be read; of the latter nobody else hears.
    private ParkInstance Park(string instance, string reason)
    {
        if (reason.StartsWith(nameof(CorruptJournalException), StringComparison.Ordinal))
            _evidence.Fail(instance, new CorruptJournalException(reason));
        return new ParkInstance(instance, reason);
    }

    private void Step()
    {
        _machine.Step();
        Watch();
        Visit();
        Move();
        if (Process.Failure is { } failure)
            Lose(failure);
        else if (Process.IsEnding)
            GoOnEnding();
        if (_crashes + _ends < _scenario.Crashes && _machine.Dice.Chance(_machine.Faults.Crash))
            End();
    }

    // Half of the processes that end in a seed with gentle ends end gently; half of those in haste.
    private void End()
    {
        if (Process.IsEnding || !_scenario.Hosting.EndsGently || _machine.Dice.Chance(0.5))
        {
            Crash("crashes");
            return;
        }

        var now = _machine.Dice.Chance(0.5);
        _machine.Schedule?.Note($"process {_machine.Processes}", now ? "! is to end, and at once" : "! is to end");
        Process.EndGently(now);
    }

    private void GoOnEnding(bool isQuiet = false)
    {
        Process.GoOnEnding();
        if (!Process.HasEnded)
        {
            if (isQuiet && _machine.IsQuiet)
                _evidence.Stalled = "nothing is under way any more, but the host that is to end does not end";
            return;
        }

        _ends++;
        if (Process.Appends > 0)
            _evidence.Fail("the host", new InvalidOperationException($"it has ended, and {Process.Appends} appends are still under way"));
        if (!Judged())
            return;
        _machine.Leave("has ended");
        Begin();
    }

    // Of a seed that is known to break something the schedule ends where it breaks first. Else the invariants are
    // looked at before each crash and at the end.
    private void Watch()
    {
        if (_watching is null || (_evidence.Ledger.Count, _evidence.Submissions.Values.Sum()) == _watched)
            return;
        _watched = (_evidence.Ledger.Count, _evidence.Submissions.Values.Sum());
        _broken = _watching.Broken(_evidence) is { } how ? (_watching, how) : null;
    }

    private void Crash(string why)
    {
        _crashes++;
        if (!Judged())
            return;
        _machine.Crash(why);
        Begin();
    }

    // Whether nothing is broken so far.
    private bool Judged()
    {
        _broken = Invariant.FirstBroken(_evidence);
        return _broken is null;
    }

    // A store that fails ends the host; the next process finds what was durable.
    private void Lose(Exception failure)
    {
        if (failure is not JournalException)
        {
            _evidence.Fail("the host", failure);
            return;
        }

        if (++_losses >= 5)
            _machine.Faults = _machine.Faults with { StoreFails = 0 };
        Crash("ends, since its store failed");
    }

    private IEnumerable<SimulatedInput> Arrived =>
        _scenario.Visits.Where(v => v.Step <= _machine.Steps && State.Plan is not null && !State.Arrivals.Contains(v.Arrival));

    private void Visit()
    {
        foreach (var visit in _scenario.Visits)
        {
            if (visit.Step == _machine.Steps && State.Plan is not null)
                Give(visit);
            if (visit.Step + visit.TakenBack == _machine.Steps && State.Arrivals.Contains(visit.Arrival))
                Process.Tell(FacultyAddress.Supervisor, new TakeBack(visit.Instance, visit.Arrival, "never mind"));
        }
    }

    private void Move()
    {
        if (!_machine.Dice.Chance(_machine.Faults.Moves))
            return;
        string[] instances = [.. _evidence.Ledger.Instances];
        if (instances.Length > 0 && instances[_machine.Dice.Below(instances.Length)] is var moved && Process.Stop(moved))
            _machine.Schedule?.Note(moved, "! is stopped, to go on elsewhere");
    }

    private void Give(SimulatedInput visit) =>
        Process.Tell(
            FacultyAddress.Supervisor,
            new Give(visit.Instance, visit.Arrival, visit.Input, _machine.Clock.GetUtcNow().UtcDateTime)
        );

    // All is quiet: who waits outside comes in, one after another. False where nobody does.
    private bool Continue()
    {
        if (State.Plan is null || _scenario.Visits.FirstOrDefault(v => !State.Arrivals.Contains(v.Arrival)) is not { } visit)
            return Revive() || Branch();
        Give(visit);
        return true;
    }

    private bool Branch()
    {
        if (_branching is null || State.Digest is null || _branching.Next() is not { } next)
            return false;
        Process.Tell(next.To, next.Command);
        return ++_branchings < 40;
    }

    private bool Revive()
    {
        if (
            _revivals >= RevivalsAtMost
            || State.Instances.Values.All(l => l.Status != InstanceState.Parked)
            || State.Instances.Values.Any(l => l.Status == InstanceState.Living)
        )
            return false;
        _revivals++;
        Process.Tell(FacultyAddress.Supervisor, new StartRun(_scenario.Plan, Revive: true));
        return true;
    }

    private void Conclude()
    {
        var unsettled = State
            .Instances.Where(l => !l.Value.IsAtRest)
            .Select(l => $"{l.Key} is {l.Value.Status.ToString().ToLowerInvariant()} after cycle {l.Value.Cycle}")
            .ToImmutableArray();
        if (State.Digest is null || !unsettled.IsEmpty)
        {
            _evidence.Stalled =
                $"nothing is under way any more, but {(unsettled.IsEmpty ? "the run has not ended" : string.Join(", ", unsettled))}";
            return;
        }

        _evidence.AtEnd = true;
    }

    private SimulationResult Judge()
    {
        var broken = _broken ?? Invariant.FirstBroken(_evidence);
        return new SimulationResult(
            _scenario,
            broken is { } b ? new Violation(b.Invariant, b.How) : null,
            _machine.Steps,
            _crashes,
            _evidence.Ledger.Instances.Sum(instance => _evidence.Ledger.EventsOf(instance).Count(e => e is Stored)),
            _evidence.Ledger.EventsOf(FacultyAddress.Run).OfType<RunEnded>().LastOrDefault()?.Digest,
            _machine.Order.Value,
            _machine.Schedule?.Lines ?? []
        );
    }
}
