using AiMe.Kernel;

namespace AiMe.Runtime.Simulation;

/// <summary>A machine with one thread, a clock, a disk and a post office, on which one process after another runs. Everything that is left open is drawn from one seed.</summary>
public sealed class SimulatedMachine
{
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

    /// <summary>How a command reads in the schedule.</summary>
    public Func<Command, string> Describe { get; init; } = command => command.GetType().Name;

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Processes that crashed or were ended.</summary>
    public int Processes { get; private set; }

    /// <summary>The process that runs, or null between two.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>Starts a process over what is durable.</summary>
    /// <param name="options">What it hosts; scheduler and post office are the machine's.</param>
    public SimulatedProcess Start(HostOptions options, RuntimeOptions running, Func<SimulatedJournal, SimulatedParts> parts)
    {
        if (Process is not null)
            throw new InvalidOperationException("One process at a time: end the one before first.");
        Processes++;
        Schedule?.Note($"process {Processes}", "starts");
        return Process = new SimulatedProcess(this, options, running, parts);
    }

    /// <summary>Ends the process as a crash does: what was not durable is lost, and nothing of it ever runs again.</summary>
    public void Crash(string why)
    {
        if (Process is not { } process)
            return;
        Schedule?.Note($"process {Processes}", $"! {why}");
        process.Abandon();
        Clock.Abandon();
        Process = null;
    }

    /// <summary>Takes one step: a task that is ready, or the next timer. False where there is neither.</summary>
    public bool Step()
    {
        Steps++;
        if (Dice.Chance(Faults.ClockJumps))
            Jump();
        if (Process!.Scheduler.Ready == 0 || Clock.HasTimers && Dice.Chance(Faults.TimerFirst))
            return Clock.Fire() || Process.Scheduler.Step();
        return Process.Scheduler.Step();
    }

    /// <summary>Gives way, or takes time, or neither on a machine that is calm.</summary>
    public Task LingerAsync()
    {
        if (Faults.Slow <= 0)
            return Task.CompletedTask;
        return Dice.Chance(Faults.Slow) ? Clock.PauseAsync(Dice.UpTo(Faults.Slowness)) : Task.CompletedTask;
    }

    private void Jump()
    {
        var by = Dice.UpTo(TimeSpan.FromDays(2)) - TimeSpan.FromDays(1);
        Clock.Jump(by);
        Schedule?.Note("wall clock", $"! jumps by {by}");
    }
}

/// <summary>What a process is made of beside its options.</summary>
public sealed record SimulatedParts(IJournal Journal, ISnapshots? Snapshots, IEffects Effects, IRuntimeObserver Observer);
