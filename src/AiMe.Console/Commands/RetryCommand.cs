using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;

namespace AiMe.Console.Commands;

/// <summary><c>aime retry</c>: tries one parked instance again, and no other.</summary>
internal static class RetryCommand
{
    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var store = SharedOptions.StoreOption();
        var synchronous = SynchronousOption.Create();
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads for model work. Default: the number of cores. The result does not depend on it",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption("One JSON object: {\"run\", \"instance\", \"state\", \"cycle\", \"generation\", \"reason\"}");
        var command = new Command(
            "retry",
            "Try one parked instance again, to the end of the plan; its run's other instances stay as they are"
        )
        {
            instance,
            store,
            synchronous,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                var address = parsed.GetRequiredValue(store);
                var (run, name) = await FindAsync(address, parsed.GetRequiredValue(instance));
                return await RunAsync(
                    run,
                    name,
                    address,
                    parsed.GetValue(synchronous),
                    (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount),
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }

    // Everything that can be refused is refused before anything is written.
    private static async Task<(SupervisorState Run, string Instance)> FindAsync(StoreAddress address, string name)
    {
        await using var store = Stores.OpenReadOnly(address);
        var (run, instance) = await StoreLookup.InstanceAsync(store, name, CancellationToken.None);
        if (run.Instances[instance].Status != InstanceState.Parked)
            throw new UsageException($"{instance} is not parked, so there is nothing to retry; expected a parked instance of `aime list`");
        if (await ForkHost.OwnerAsync(run.Plan!, store, instance, CancellationToken.None) is { } owner)
            throw new UsageException(
                $"process {owner.Info.ProcessId} on {owner.Info.Host} is running {run.Plan!.Run}: wait until it has ended, or interrupt it"
            );
        return (run, instance);
    }

    private static async Task<int> RunAsync(
        SupervisorState run,
        string instance,
        StoreAddress address,
        Synchronous synchronous,
        int parallel,
        bool json
    )
    {
        using var interruption = new Interruption();
        await using var store = await Stores.OpenAsync(address, synchronous, interruption.Now, CancellationToken.None);
        var over = await RunDisplay.ShowAsync(display => LiveAsync(run, instance, store, parallel, display, interruption));
        var state = (await InstanceReader.ReadRunAsync(store.Journal, run.Plan!.Run, CancellationToken.None))!.Instances[instance];
        var parked = state.Status == InstanceState.Parked;
        var report = new RetryOutput(run.Plan.Run, instance, state.Status, state.Cycle, state.Generation, state.Reason);
        if (json)
            TerminalWriter.Json(report);
        else
            TerminalWriter.Line(
                parked
                    ? $"{instance} is parked again: {state.Reason}"
                    : $"{instance} {(state.IsAtRest ? "has finished" : "goes on")}: cycle {state.Cycle}, generation {state.Generation}."
            );
        if (!over)
            System.Console.Error.WriteLine("Interrupted. Nothing is lost; `aime run` resumes the run.");
        return !over ? ExitCode.Interrupted
            : parked ? ExitCode.Error
            : ExitCode.Done;
    }

    private static async Task<bool> LiveAsync(
        SupervisorState run,
        string instance,
        EventStore store,
        int parallel,
        RunDisplay display,
        Interruption interruption
    )
    {
        var plan = run.Plan!;
        try
        {
            var world = await PreparedModels.PrepareAsync(plan, store, parallel, listener: null, display, interruption.Gently);
            display.Begin(
                plan,
                run.Instances.ToDictionary(StringComparer.Ordinal),
                [new InstanceGroup(instance, [instance])],
                $"{plan.Run}: {instance}, from cycle {run.Instances[instance].Cycle} to {plan.Cycles} experiences"
            );
            return await ForkHost.LiveAsync(
                plan,
                store,
                world.Effects,
                new SessionOptions(parallel, Meter: world.Meter, Refusals: world.Refusals, Index: world.Index),
                [instance],
                display,
                TimeProvider.System,
                interruption.Gently,
                interruption.Now
            );
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            return false; // interrupted while the base model was being prepared
        }
    }
}
