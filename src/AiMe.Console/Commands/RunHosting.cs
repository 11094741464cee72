using AiMe.Console.Output;
using AiMe.EventSourcing;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary>Shared by the commands that activate recorded instances.</summary>
internal static class RunHosting
{
    /// <summary>Connects to a run of a store that is open for writing.</summary>
    public static RunConnection Visit(
        EventStore store,
        SupervisorState run,
        int parallel,
        IRuntimeObserver observer,
        Effects.IAnswerListener? listener = null
    ) =>
        new(
            store,
            run.Plan!,
            cancellationToken => PreparedModels.PrepareAsync(run.Plan!, store, parallel, listener, progress: null, cancellationToken),
            parallel,
            observer,
            TimeProvider.System
        );

    /// <summary>Refuses an instance that cannot receive input.</summary>
    /// <exception cref="UsageException">It is parked, or its run cannot be resumed.</exception>
    public static void MustListen(SupervisorState run, string instance, Journal.StoreAddress store)
    {
        if (run.Instances[instance] is { Status: InstanceState.Parked } parked)
            throw new UsageException(
                $"{instance} is parked: {parked.Reason}. To resume it, run the command that started its run, such as: "
                    + $"{Invocation.Of("run", "<experiment>", "--store", store)}"
            );
        if (run.Instances[instance] is { AwaitsReviews: true } held)
            throw new UsageException(
                $"{instance} waits for {Lines.Count(held.ReviewsSoFar.Open.Length, "verdict")} of people, and takes no input "
                    + "before its round is sealed. To give them: "
                    + $"{Invocation.Of("review", $"{run.Plan!.Run}/{instance}", "--as", "NAME", "--store", store)}"
            );
        if (run.Plan!.Origin is null)
            throw new UsageException(
                $"{instance} cannot receive input: its run {run.Plan.Run} was recorded before the journal stored the origin of "
                    + "models. It can be replayed, shown and compared"
            );
    }
}

/// <summary>Prints failures of running instances on standard error.</summary>
internal sealed class FailureLog : IRuntimeObserver
{
    public void Happened(string instance, string faculty, Event happened)
    {
        if (happened is GenerationFailed f)
            System.Console.Error.WriteLine($"{instance}: no answer at attempt {f.Attempt}: {f.Error}");
        else if (happened is ReflectorGenerationFailed r)
            System.Console.Error.WriteLine($"{instance}: no {r.What} at attempt {r.Attempt}: {r.Error}");
        else if (happened is ProbingFailed p)
            System.Console.Error.WriteLine($"{instance}: not probed at attempt {p.Attempt}: {p.Error}");
    }

    public void Refused(string instance, string faculty, Command command, string why) =>
        System.Console.Error.WriteLine($"{instance}: refused {command.GetType().Name}: {why}");

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
        System.Console.Error.WriteLine($"{instance}: restarted after {failure.GetType().Name}: {failure.Message} (attempt {attempt})");
}
