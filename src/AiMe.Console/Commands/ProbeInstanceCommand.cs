using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Self;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Commands;

/// <summary><c>aime probe</c>: asks an instance its identity probes now. Nothing is journalled.</summary>
internal static class ProbeInstanceCommand
{
    public static Command Create()
    {
        var instance = SharedOptions.InstanceArgument();
        var store = SharedOptions.StoreOption();
        var parallel = SharedOptions.WholeOption(
            "--parallel",
            "Threads for model work. Default: the number of cores. The result does not depend on it",
            least: 1,
            most: 1024
        );
        var json = SharedOptions.JsonOption(
            "One JSON object: {\"run\", \"instance\", \"generation\", \"bareDrift\", \"agentDrift\", \"heldOut\", \"choices\", \"open\"}"
        );
        var command = new Command(
            "probe",
            "Ask an instance its identity probes now, and print its drift from generation 0 and its open answers; nothing is journalled"
        )
        {
            instance,
            store,
            parallel,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
                await RunAsync(
                    parsed.GetRequiredValue(instance),
                    parsed.GetRequiredValue(store),
                    (int)(parsed.GetValue(parallel) ?? Environment.ProcessorCount),
                    parsed.GetValue(json),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(string name, StoreAddress address, int parallel, bool json, CancellationToken cancellationToken)
    {
        // The base model may have to be made again from the journal, so the store is open for writing.
        await Stores.OpenReadOnly(address).DisposeAsync(); // a store that does not exist is refused, not created
        await using var store = await Stores.OpenAsync(address, Synchronous.Full, cancellationToken, cancellationToken);
        var (run, instance) = await StoreLookup.InstanceAsync(store, name, cancellationToken);
        var events = await InstanceReader.ReadAsync(store.Journal, run, instance, cancellationToken);
        if (!events.Any(e => e.Happened is Probed))
            throw new UsageException($"{instance} has not answered its probes at generation 0 yet, so there is nothing to compare with");
        var probes = run.Plan!.Probes;
        System.Console.Error.WriteLine($"Asking {probes.Choices.Length} choice probes and {probes.Open.Length} open ones.");
        var world = await RunDisplay.ShowAsync(display =>
            PreparedModels.PrepareAsync(run.Plan, store, parallel, listener: null, display, cancellationToken)
        );
        await using var index = world.Index; // there is no session that disposes of it
        var found = await Task.Run(() => Examination.AskAsync(instance, events, world.Effects, cancellationToken), cancellationToken);
        if (json)
            TerminalWriter.Json(
                ProbeOutput.Of(run.Plan.Run, instance, events.Select(e => e.State).OfType<SelfState>().Last().Generation, found)
            );
        else
            ExaminationView.Write(TerminalWriter.Output, probes, found);
        return ExitCode.Done;
    }
}
