using AiMe.Kernel;

namespace AiMe.Runtime.Simulation;

/// <summary>A runtime on a simulated machine, from its start to its end.</summary>
public sealed class SimulatedProcess
{
    private readonly SimulatedJournal _journal;

    internal SimulatedProcess(SimulatedMachine machine, HostOptions options, RuntimeOptions running, Func<SimulatedJournal, SimulatedParts> parts)
    {
        Scheduler = new SimulatedScheduler(machine.Dice);
        Post = new SimulatedPost(machine, Scheduler);
        _journal = new SimulatedJournal(machine);
        Parts = parts(_journal);
        Runtime = new LocalRuntime(
            options, Parts.Journal, Parts.Snapshots, Parts.Effects, Parts.Observer, machine.Clock,
            running with { Scheduler = Scheduler, ModelScheduler = Scheduler, Post = Post.CarryAsync });
    }

    /// <summary>Its one thread.</summary>
    public SimulatedScheduler Scheduler { get; }

    /// <summary>Its messages.</summary>
    public SimulatedPost Post { get; }

    /// <summary>What it was given.</summary>
    public SimulatedParts Parts { get; }

    /// <summary>The runtime.</summary>
    public LocalRuntime Runtime { get; }

    /// <summary>Why it cannot go on, or null.</summary>
    public Exception? Failure => Post.Failure ?? (Runtime.Failure.IsFaulted ? Runtime.Failure.Exception!.InnerException : null);

    /// <summary>A message from outside, to be taken up when it is drawn.</summary>
    public void Tell(Address to, Command command) => _ = Post.CarryAsync("outside", to, command, () => Runtime.TellAsync(to, command));

    internal void Abandon()
    {
        Scheduler.Abandon();
        _journal.Abandon();
    }
}
