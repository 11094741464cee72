using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;

namespace AiMe.Faculties.Tests;

// A process of the run: what it hosts, and the world that it meets.
internal sealed partial class SimulatedRun
{
    // A run that was planned goes on by itself. The last visit is repeated, since an inbox holds what was not received.
    private void Begin()
    {
        if (_machine.Process is not null)
            return;
        using var bare = new BareThread();
        _machine.Disk.Written = Read;
        var world = new ScriptedWorld(this);
        _machine.Start(Options, _known, journal => new SimulatedParts(journal, null, world, world), (where, e) => Fail($"{where}: {e}"));
        if (Supervisor.Plan is null)
            Post(new StartRun(plan));
        if (_visits > 0)
            Visits[_visits - 1](this);
    }

    private HostSettings Options =>
        new()
        {
            Run = plan.Run,
            Writer = new WriterId($"process-{_machine.Processes + 1}"),
            Faculties = [.. Loop.Faculties.Select(Watched)],
            Supervisor = Watched(Loop.Supervision),
            Codec = FacultyEvents.Codec,
            Park = (instance, reason) => new ParkInstance(instance, reason),
            SnapshotEvery = 0,
        };

    // The next step throws it: here an actor would receive it.
    private void Fail(string how) => _failure ??= how;

    private FacultyDefinition Watched(FacultyDefinition faculty) => new WatchedFaculty(faculty, Taken);

    /// <summary>Takes the context of a test framework away for a while: what awaits must go on within the simulated steps.</summary>
    private readonly ref struct BareThread : IDisposable
    {
        private readonly SynchronizationContext? _before = SynchronizationContext.Current;

        public BareThread() => SynchronizationContext.SetSynchronizationContext(null);

        public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
    }

    /// <summary>Answers by the script and the job server. Fails the test if a command is refused or an instance restarts.</summary>
    private sealed class ScriptedWorld(SimulatedRun run) : IEffects, IRuntimeObserver
    {
        private readonly SimulatedMachine _machine = run._machine;

        public async Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken)
        {
            await _machine.LingerAsync();
            run.Begun(effect);
            if (run._cut |= run.CutBefore(effect))
                return await new TaskCompletionSource<Command>().Task;
            var answer = effect is JobEffect job ? run.Jobs.Answer(instance, job) : Script.Answer(instance, effect);
            run.Answers++;
            await _machine.LingerAsync();
            if (_machine.Dice.Chance(_machine.Faults.Duplicate))
                _machine.Process!.Tell(
                    new FacultyAddress(instance, Loop.Faculties.Single(f => f.Commands.IsInstanceOfType(answer)).Name),
                    answer
                );
            return answer;
        }

        public void Happened(string instance, string faculty, Event happened) { }

        public void Refused(string instance, string faculty, Command command, string why) =>
            run.Fail($"{instance}/{faculty} refused {command.GetType().Name}: {why}");

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
            run.Fail($"{instance} restarts after {failure}");
    }
}
