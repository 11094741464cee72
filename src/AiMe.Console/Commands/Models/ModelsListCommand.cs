using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output.Documents;
using AiMe.Console.Output.Models;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models list</c>: lists checkpoints as trees, with their state.</summary>
internal static class ModelsListCommand
{
    public static Command Create()
    {
        var what = SharedOptions.RunOrInstanceArgument();
        what.Description =
            $"A run ({SharedOptions.RunForms}) or an instance such as inward-1. Default: all models of the store, "
            + "including its base models";
        what.Arity = ArgumentArity.ZeroOrOne;
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption(
            "One JSON object per checkpoint; a base model, a run's base and a round without a checkpoint are marked in \"is\""
        );
        var command = new Command(
            "list",
            "List checkpoints as trees of parents and children: training, held-out loss before and after, drift, " + "and state of each"
        )
        {
            what,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var wanted = parsed.GetValue(what);
                var (run, instance) = wanted is null
                    ? (null, null)
                    : await StoreLookup.RunOrInstanceAsync(opened, wanted, cancellationToken);
                var models = wanted is null ? PretrainedModel.All(opened.ModelsDirectory) : [];
                List<ImmutableArray<InstanceLineage>> instances = [];
                foreach (var state in run is null ? await StoreLookup.RunsAsync(opened, cancellationToken) : [run])
                    instances.Add(await ReadAsync(opened, state, instance, cancellationToken));

                foreach (var document in parsed.GetValue(json) ? ModelsListOutput.Of(models, instances.SelectMany(i => i)) : [])
                    TerminalWriter.Json(document);
                if (!parsed.GetValue(json))
                    TerminalWriter.Output.Write(ModelsView.Of(TerminalWriter.Output, opened.Address.Place, models, instances));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Task<ImmutableArray<InstanceLineage>> ReadAsync(
        Journal.EventStore store,
        SupervisorState run,
        string? instance,
        CancellationToken cancellationToken
    ) =>
        instance is null
            ? LineageReader.ReadAsync(store.Journal, run, cancellationToken)
            : LineageReader.ReadAsync(store.Journal, run, [instance], cancellationToken);
}
