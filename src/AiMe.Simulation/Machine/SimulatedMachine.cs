using AiMe.EventSourcing;

namespace AiMe.Simulation.Machine;

/// <summary>
/// A machine with one thread, a clock and a disk, on which one process after another runs. Everything that is left open
/// is drawn from one seed.
/// </summary>
public sealed class SimulatedMachine
{
    private static readonly TimeSpan HeldUpAtMost = TimeSpan.FromMinutes(1); // no step that is ready waits for longer

    /// <param name="seed">Of every draw.</param>
    /// <param name="record">Whether the schedule is kept; it changes no draw.</param>
    public SimulatedMachine(Seed seed, SimulatedFaults faults, bool record)
    {
        (Dice, Faults) = (new Dice(seed), faults);
        Schedule = record ? new Schedule(this) : null;
    }

    /// <summary>Every draw.</summary>
    public Dice Dice { get; }

    /// <summary>How it misbehaves; may be changed as it runs.</summary>
    public SimulatedFaults Faults { get; set; }

    /// <summary>Virtual time.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>What is durable.</summary>
    public SimulatedDisk Disk { get; init; } = new();

    /// <summary>What happened, or null where it is not kept.</summary>
    public Schedule? Schedule { get; }

    /// <summary>The order in which everything happened.</summary>
    public OrderDigest Order { get; } = new();

    /// <summary>How a command reads in the schedule.</summary>
    public Func<Command, string> Describe { get; init; } = command => command.GetType().Name;

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Processes that were started.</summary>
    public int Processes { get; private set; }

    /// <summary>The process that runs, or null between two.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>Whether nothing is ready, nothing is on its way, and no pause is about to end.</summary>
    /// <remarks>Then nothing happens until somebody comes from outside.</remarks>
    public bool IsQuiet => (Process is null || Process.Thread.Ready == 0) && Clock.Pauses == 0;

    /// <summary>Starts a process over what is durable.</summary>
    /// <param name="options">What it hosts.</param>
    /// <param name="known">What was read before; null to read all anew.</param>
    /// <param name="parts">What it stands on.</param>
    /// <param name="failed">Told what Akka would log as an error.</param>
    public SimulatedProcess Start(
        HostSettings options,
        RowCache? known,
        Func<SimulatedJournal, SimulatedParts> parts,
        Action<string, Exception> failed
    )
    {
        if (Process is not null)
            throw new InvalidOperationException("One process at a time: end the one before first.");
        Processes++;
        Schedule?.Note($"process {Processes}", "starts");
        return Process = new SimulatedProcess(this, options, known, parts, failed);
    }

    /// <summary>
    /// Ends the process as a crash does: what was not durable is lost, and nothing of it ever runs again.
    /// </summary>
    public void Crash(string why)
    {
        if (Process is not { } process)
            return;
        Schedule?.Note($"process {Processes}", $"! {why}");
        process.Crash();
        Clock.Abandon();
        Process = null;
    }

    /// <summary>The process has ended by itself.</summary>
    public void Leave(string how)
    {
        Schedule?.Note($"process {Processes}", how);
        TurnOff();
        Clock.Abandon();
    }

    /// <summary>Turns it off: nothing happens on it any more. What is durable stays as it is.</summary>
    public void TurnOff()
    {
        Process?.End();
        Process = null;
    }

    /// <summary>Takes one step: one that is ready, or the next timer. False where there is neither.</summary>
    public bool Step()
    {
        Steps++;
        if (Dice.Chance(Faults.ClockJumps))
            Jump();
        var thread = Process!.Thread;
        Order.Add(thread.Ready);
        if ((thread.Ready == 0 || Faults.TimerFirst > 0 && Clock.Next <= HeldUpAtMost && Dice.Chance(Faults.TimerFirst)) && Clock.Fire())
        {
            Order.Add(Clock.GetTimestamp());
            return true;
        }

        var at = thread.Step();
        Order.Add(at);
        return at >= 0;
    }

    /// <summary>How long what can take time takes; null for no time, as always on a machine that is calm.</summary>
    public TimeSpan? Delay() => Dice.Chance(Faults.Slow) ? Dice.UpTo(Faults.Slowness) : null;

    /// <summary>Takes time, or none.</summary>
    public Task LingerAsync() => Delay() is { } delay ? Clock.PauseAsync(delay) : Task.CompletedTask;

    private void Jump()
    {
        var by = Dice.UpTo(TimeSpan.FromDays(2)) - TimeSpan.FromDays(1);
        Clock.Jump(by);
        Schedule?.Note("wall clock", $"! jumps by {by}");
    }
}

/// <summary>What a process is made of beside its options.</summary>
public sealed record SimulatedParts(IJournal Journal, ISnapshots? Snapshots, IEffects Effects, IRuntimeObserver Observer);
