using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>
/// The simulation of one seed: processes start and end on a simulated machine until the run has ended. The invariants
/// are checked before each end.
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
    private readonly ForkScript? _fork;
    private readonly SimulatedReviewers? _reviewers;
    private readonly int _stepsAtMost;
    private int _crashes;
    private int _shutdowns;
    private int _storeFailures;
    private int _revivals;
    private int _forkMessages;
    private (long Rows, int Submissions) _watched;
    private long _rows;
    private int _intervals;
    private (Invariant Invariant, string How)? _broken;

    /// <param name="reference">The digest of the undisturbed run; null if it is not compared.</param>
    /// <param name="record">Whether the schedule is kept; it changes no draw.</param>
    /// <param name="watching">An invariant that is checked after every row, or null.</param>
    public SimulationRun(Scenario scenario, SimulationOptions options, string? reference, bool record, Invariant? watching = null)
    {
        (_scenario, _options, _watching) = (scenario, options, watching);
        _stepsAtMost = Math.Max(StepsAtMost, StepsAtMost / 20 * options.Experiences);
        _machine = new SimulatedMachine(scenario.Chance, scenario.Faults, record) { Describe = CommandText.Of };
        _machine.Disk.Written = _evidence.Ledger.Read;
        _evidence.Reference = scenario.HasReference ? reference : null;
        _fork = scenario.Branch is { } branch ? new ForkScript(_machine, _evidence, scenario, branch) : null;
        _reviewers = scenario.HasReviews ? new SimulatedReviewers(_machine, _evidence.Ledger, scenario.World.Seed) : null;
        if (scenario.Hosting.SnapshotEvery > 0)
        {
            var reader = _machine.Disk.Reader();
            _evidence.Newest = stream => _machine.Disk.Newest(stream.Id, long.MaxValue);
            _evidence.ReadBack = stream =>
                StreamFold.ReadAsync(
                    stream.Faculty,
                    stream.Id,
                    reader,
                    reader,
                    FacultyEvents.Codec,
                    _evidence.Rows,
                    CancellationToken.None
                );
        }

        _effects = new SimulatedEffects(_machine, scenario, new JobServer(_machine, scenario, _evidence.Submit));
    }

    /// <summary>Runs the simulation.</summary>
    public SimulationResult Run()
    {
        Begin();
        while (true)
        {
            if (_machine.Steps >= _stepsAtMost)
                _evidence.Stalled ??= $"the run has not ended after {_stepsAtMost} steps";
            else if (!_machine.IsQuiet || AwaitsResend())
                Step();
            else if (Process.IsEnding)
                ContinueShutdown(isQuiet: true);
            else if (!Continue())
                Conclude();
            if (_evidence.AtEnd || _evidence.Stalled is not null || HasFailed || _broken is not null)
                break;
        }

        var result = Result();
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

    // If messages can be lost, the supervisor resends pending ones after a while. Until then the run has not stalled.
    private bool AwaitsResend()
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
        _evidence.ProcessStarts();
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
        _machine.Start(options, _evidence.Rows, Parts, OnError);
        _evidence.Live = Process.StateOf;
        Process.Tell(FacultyAddress.Supervisor, new StartRun(_scenario.Plan));
        foreach (var visit in Arrived)
            Give(visit); // the inbox keeps messages that were not received
        foreach (var review in _reviewers?.Waiting.ToArray() ?? [])
            Process.Tell(FacultyAddress.Supervisor, review);
    }

    // An error that Akka would log: an actor threw. Exceptions that a fault caused are expected.
    private void OnError(string where, Exception failure)
    {
        if (failure is not (PlannedBugException or JournalException))
            _evidence.Fail(where, failure);
    }

    private SimulatedParts Parts(SimulatedJournal journal)
    {
        var parts = new SimulatedParts(journal, _scenario.Hosting.SnapshotEvery > 0 ? journal : null, _effects, this);
        return _options.Mistake?.Plant(parts) ?? parts;
    }

    // The host parks an instance that keeps throwing or cannot be read. Only this call reports the latter.
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
        GiveInputs();
        if (_reviewers is not null && State.Plan is not null && _machine.Dice.Chance(0.005) && _reviewers.Early() is { } review)
            Process.Tell(FacultyAddress.Supervisor, review);
        MoveInstance();
        if (Process.Failure is { } failure)
            OnHostFailure(failure);
        else if (Process.IsEnding)
            ContinueShutdown();
        if (_crashes + _shutdowns < _scenario.Crashes && _machine.Dice.Chance(_machine.Faults.Crash))
            EndProcess();
    }

    // In a seed with graceful shutdowns, half of the ends are crashes, and half of the shutdowns do not wait for
    // running work.
    private void EndProcess()
    {
        if (Process.IsEnding || !_scenario.Hosting.EndsGently || _machine.Dice.Chance(0.5))
        {
            Crash("crashes");
            return;
        }

        var now = _machine.Dice.Chance(0.5);
        _machine.Schedule?.Note($"process {_machine.Processes}", now ? "! shuts down at once" : "! shuts down");
        Process.BeginShutdown(now);
    }

    private void ContinueShutdown(bool isQuiet = false)
    {
        Process.ContinueShutdown();
        if (!Process.HasEnded)
        {
            if (isQuiet && _machine.IsQuiet)
                _evidence.Stalled = "the machine is idle, but the host's shutdown has not ended";
            return;
        }

        _shutdowns++;
        if (Process.Appends > 0)
            _evidence.Fail("the host", new InvalidOperationException($"it has ended with {Process.Appends} appends in flight"));
        if (!InvariantsHold())
            return;
        _machine.Leave("has ended");
        Begin();
    }

    // For a seed that is known to break an invariant, the schedule ends at the first violation. Otherwise the
    // invariants are checked only before each end of a process and at the end of the run.
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
        if (!InvariantsHold())
            return;
        _machine.Crash(why);
        Begin();
    }

    private bool InvariantsHold()
    {
        _broken = Invariant.FirstBroken(_evidence);
        return _broken is null;
    }

    // A failed store ends the host; the next process recovers the durable events.
    private void OnHostFailure(Exception failure)
    {
        if (failure is not JournalException)
        {
            _evidence.Fail("the host", failure);
            return;
        }

        if (++_storeFailures >= 5)
            _machine.Faults = _machine.Faults with { StoreFails = 0 };
        Crash("ends because its store failed");
    }

    private IEnumerable<SimulatedInput> Arrived =>
        _scenario.Visits.Where(v => v.Step <= _machine.Steps && State.Plan is not null && !State.Arrivals.Contains(v.Arrival));

    private void GiveInputs()
    {
        foreach (var visit in _scenario.Visits)
        {
            if (visit.Step == _machine.Steps && State.Plan is not null)
                Give(visit);
            if (visit.Step + visit.TakenBack == _machine.Steps && State.Arrivals.Contains(visit.Arrival))
                Process.Tell(FacultyAddress.Supervisor, new TakeBack(visit.Instance, visit.Arrival, "never mind"));
        }
    }

    private void MoveInstance()
    {
        if (!_machine.Dice.Chance(_machine.Faults.Moves))
            return;
        string[] instances = [.. _evidence.Ledger.Instances];
        if (instances.Length > 0 && instances[_machine.Dice.Below(instances.Length)] is var moved && Process.Stop(moved))
            _machine.Schedule?.Note(moved, "! is stopped, to move to another node");
    }

    private void Give(SimulatedInput visit) =>
        Process.Tell(
            FacultyAddress.Supervisor,
            new Give(visit.Instance, visit.Arrival, visit.Input, _machine.Clock.GetUtcNow().UtcDateTime)
        );

    // The machine is idle: the next input arrives. False if there is none.
    private bool Continue()
    {
        if (State.Plan is null || _scenario.Visits.FirstOrDefault(v => !State.Arrivals.Contains(v.Arrival)) is not { } visit)
            return ReviewNext() || Revive() || Fork();
        Give(visit);
        return true;
    }

    private bool ReviewNext()
    {
        if ((_reviewers?.Waiting.FirstOrDefault() ?? _reviewers?.Next()) is not { } review)
            return false;
        Process.Tell(FacultyAddress.Supervisor, review);
        return true;
    }

    private bool Fork()
    {
        if (_fork is null || State.Digest is null || _fork.Next() is not { } next)
            return false;
        Process.Tell(next.To, next.Command);
        return ++_forkMessages < 40;
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
            _evidence.Stalled = $"the machine is idle, but {(unsettled.IsEmpty ? "the run has not ended" : string.Join(", ", unsettled))}";
            return;
        }

        _evidence.AtEnd = true;
    }

    private SimulationResult Result()
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
