using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Comparison;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Batteries;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Commands;

/// <summary><c>aime validate</c>: reports all problems of an experiment and of the files that it names.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var experiment = SharedOptions.ExperimentArgument();
        var sets = SharedOptions.SetOption();
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption(
            "One JSON object per problem: {\"severity\", \"file\", \"line\", \"column\", \"key\", \"text\"}; no output if there is none"
        );
        var command = new Command(
            "validate",
            "Check an experiment and every file that it names, or a file of probes alone; nothing is run or written"
        )
        {
            experiment,
            sets,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (path, root) = (BundledFiles.Resolve(parsed.GetRequiredValue(experiment)), parsed.GetRequiredValue(store).Root);
                if (BatteryFile.Is(path))
                    return WriteBattery(path, parsed.GetValue(json));
                if (parsed.GetValue(json))
                    return await WriteJsonAsync(path, parsed.GetValue(sets), root, cancellationToken);
                var loaded = SharedOptions.Load(path, parsed.GetValue(sets), seed: null, advise: true);
                PreparedModels.Check(loaded); // the grammar is checked as a whole
                var battery = await BatteryAdvice.OfAsync(loaded, Path.Combine(root, "models"), cancellationToken);
                foreach (var problem in battery.Warnings)
                    System.Console.Error.WriteLine(problem); // not wrapped, as the others
                var m = loaded.Size;
                TerminalWriter.Line(
                    $"{loaded.Source} is valid: {Lines.Count(m.Instances, "instance")}, {Lines.Count(m.Cycles, "experience")} each, "
                        + $"{Lines.Count(m.Rounds, "round")}; its run is {loaded.RunId}."
                );
                foreach (var line in DesignLines.Of(loaded))
                    TerminalWriter.Line(line);
                await WriteNewbornsAsync(loaded, parsed.GetRequiredValue(store), cancellationToken);
                if (battery.Report is { } report)
                    BatteryBlock.WriteScales(TerminalWriter.Output, report);
                else if (battery.Warnings.IsEmpty)
                    TerminalWriter.Line(NotAsked(loaded));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task WriteNewbornsAsync(Experiment experiment, StoreAddress address, CancellationToken cancellationToken)
    {
        foreach (var (one, model) in experiment.ByCharter.SelectMany(e => experiment.Models.Select(m => (e, m))))
        {
            var size = model is NanoModel nano && experiment.Models.Length > 1 ? $" of preset {nano.Preset}" : "";
            if (await NewbornAsync(one with { Model = model }, address, cancellationToken) is { } newborn)
                TerminalWriter.Line(
                    $"Generation 0{size}{(experiment.Charters.IsEmpty ? "" : $" of {one.Charter.Name}")}: {NewbornLine.Of(newborn)}."
                );
        }
    }

    // Only if the store has the model: nothing is trained or written here.
    private static async Task<CharterCoverage?> NewbornAsync(
        Experiment experiment,
        StoreAddress address,
        CancellationToken cancellationToken
    )
    {
        if (!Stores.HasJournal(address) || PreparedNano.FindGeneration0(experiment, Path.Combine(address.Root, "models")) is not { } model)
            return null;
        await using var store = Stores.OpenReadOnly(address);
        return await CoverageCache.EnsureAsync(store, new ModelId(model.Id), experiment.Charter, keep: false, cancellationToken);
    }

    private static string NotAsked(Experiment experiment) =>
        "What the battery is worth is said at birth: "
        + experiment.Model switch
        {
            NanoModel { Checkpoint: not null } => "a checkpoint is not loaded before.",
            NanoModel => "the base model is not in the store, and `aime models pretrain` puts it there.",
            DistributionModel => "a distribution gives draws and no words, so that its answers are unknown.",
            _ => "a hosted model is not asked before.",
        };

    private static int WriteBattery(string path, bool json)
    {
        var (battery, problems) = BatteryFile.Read(path);
        foreach (var problem in problems)
        {
            if (json)
                TerminalWriter.Json(ValidateOutput.Of(problem));
            else
                System.Console.Error.WriteLine(problem);
        }

        if (battery is null)
            return json ? ExitCode.Usage : throw new UsageException($"{path} has {Lines.Count(problems.Length, "problem")}.");
        if (!json)
            TerminalWriter.Line(
                $"{path} is a valid file of probes: {BatteryFile.Words(battery)}. What it is worth depends on the model: "
                    + "`aime validate EXPERIMENT --set probes.set=FILE` asks it."
            );
        return ExitCode.Done;
    }

    private static async Task<int> WriteJsonAsync(string path, string[]? sets, string root, CancellationToken cancellationToken)
    {
        var loaded = ExperimentFile.Load(path, sets ?? []);
        foreach (var problem in loaded.Problems.AddRange(loaded.Advice))
            TerminalWriter.Json(ValidateOutput.Of(problem));
        if (loaded.Experiment is not { } experiment)
            return ExitCode.Usage;
        try
        {
            PreparedModels.Check(experiment);
            foreach (var problem in (await BatteryAdvice.OfAsync(experiment, Path.Combine(root, "models"), cancellationToken)).Warnings)
                TerminalWriter.Json(ValidateOutput.Of(problem));
            return ExitCode.Done;
        }
        catch (GrammarException e)
        {
            TerminalWriter.Json(ValidateOutput.Of(new Problem(Severity.Error, new Place(e.File, (int)e.Line, 0), e.Key, e.Problem)));
            return ExitCode.Usage;
        }
    }
}
