using AiMe.EventSourcing;

namespace AiMe.Simulation.Machine;

/// <summary>
/// A machine with one thread, a clock and a disk, which runs one process after another. One seed determines everything
/// that is left open.
/// </summary>
public sealed class SimulatedMachine
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1); // no ready step is delayed for longer

    /// <param name="seed">Seed of every draw.</param>
    /// <param name="record">Whether the schedule is kept; it changes no draw.</param>
    public SimulatedMachine(Seed seed, SimulatedFaults faults, bool record)
    {
        (Dice, Faults) = (new Dice(seed), faults);
        Schedule = record ? new Schedule(this) : null;
    }

    /// <summary>The source of every draw.</summary>
    public Dice Dice { get; }

    /// <summary>The machine's faults; they may be changed while it runs.</summary>
    public SimulatedFaults Faults { get; set; }

    /// <summary>Virtual time.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>The durable data.</summary>
    public SimulatedDisk Disk { get; init; } = new();

    /// <summary>The record of the run, or null if it is not kept.</summary>
    public Schedule? Schedule { get; }

    /// <summary>A digest of the order of everything that happened.</summary>
    public OrderDigest Order { get; } = new();

    /// <summary>The text of a command in the schedule.</summary>
    public Func<Command, string> Describe { get; init; } = command => command.GetType().Name;

    /// <summary>Number of steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Number of processes started.</summary>
    public int Processes { get; private set; }

    /// <summary>The running process, or null between two.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>Whether no step is ready, no message is in transit, and no pause is pending.</summary>
    /// <remarks>Then nothing happens without a new input.</remarks>
    public bool IsQuiet => (Process is null || Process.Thread.Ready == 0) && Clock.Pauses == 0;

    /// <summary>Starts a process on the durable data.</summary>
    /// <param name="options">The host's settings.</param>
    /// <param name="known">Cache of decoded rows; null to decode each row again.</param>
    /// <param name="parts">Creates the process' dependencies.</param>
    /// <param name="failed">Called with each error that Akka would log.</param>
    public SimulatedProcess Start(
        HostSettings options,
        RowCache? known,
        Func<SimulatedJournal, SimulatedParts> parts,
        Action<string, Exception> failed
    )
    {
        if (Process is not null)
            throw new InvalidOperationException("A process is running: end it first.");
        Processes++;
        Schedule?.Note($"process {Processes}", "starts");
        return Process = new SimulatedProcess(this, options, known, parts, failed);
    }

    /// <summary>
    /// Ends the process by a crash: data that is not durable is lost, and none of its steps ever runs again.
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

    /// <summary>The process has ended gracefully.</summary>
    public void Leave(string how)
    {
        Schedule?.Note($"process {Processes}", how);
        TurnOff();
        Clock.Abandon();
    }

    /// <summary>Turns the machine off. The durable data stays.</summary>
    public void TurnOff()
    {
        Process?.End();
        Process = null;
    }

    /// <summary>Takes one step: a ready one, or the next timer. False if there is neither.</summary>
    public bool Step()
    {
        Steps++;
        if (Dice.Chance(Faults.ClockJumps))
            Jump();
        var thread = Process!.Thread;
        Order.Add(thread.Ready);
        if ((thread.Ready == 0 || Faults.TimerFirst > 0 && Clock.Next <= LongestDelay && Dice.Chance(Faults.TimerFirst)) && Clock.Fire())
        {
            Order.Add(Clock.GetTimestamp());
            return true;
        }

        var at = thread.Step();
        Order.Add(at);
        return at >= 0;
    }

    /// <summary>The delay of an operation; null for none, as always without faults.</summary>
    public TimeSpan? Delay() => Dice.Chance(Faults.Slow) ? Dice.UpTo(Faults.Slowness) : null;

    /// <summary>Waits for a delay, if one is drawn.</summary>
    public Task LingerAsync() => Delay() is { } delay ? Clock.PauseAsync(delay) : Task.CompletedTask;

    private void Jump()
    {
        var by = Dice.UpTo(TimeSpan.FromDays(2)) - TimeSpan.FromDays(1);
        Clock.Jump(by);
        Schedule?.Note("wall clock", $"! jumps by {by}");
    }
}

/// <summary>The dependencies of a process.</summary>
public sealed record SimulatedParts(IJournal Journal, ISnapshots? Snapshots, IEffects Effects, IRuntimeObserver Observer);
