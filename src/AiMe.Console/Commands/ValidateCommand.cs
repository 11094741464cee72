using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Journal;
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
        var command = new Command("validate", "Check an experiment and every file that it names; nothing is run or written")
        {
            experiment,
            sets,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(json))
                    return WriteJson(parsed.GetRequiredValue(experiment), parsed.GetValue(sets));
                var loaded = SharedOptions.Load(parsed.GetRequiredValue(experiment), parsed.GetValue(sets), seed: null, advise: true);
                PreparedModels.Check(loaded); // the grammar is checked as a whole
                var m = loaded.Size;
                TerminalWriter.Line(
                    $"{loaded.Source} is valid: {Lines.Count(m.Instances, "instance")}, {Lines.Count(m.Cycles, "experience")} each, "
                        + $"{Lines.Count(m.Rounds, "round")}; its run is {loaded.RunId}."
                );
                foreach (var line in DesignLines.Of(loaded))
                    TerminalWriter.Line(line);
                if (await NewbornAsync(loaded, parsed.GetRequiredValue(store), cancellationToken) is { } newborn)
                    TerminalWriter.Line($"Generation 0: {NewbornLine.Of(newborn)}.");
                return ExitCode.Done;
            }
        );
        return command;
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

    private static int WriteJson(string path, string[]? sets)
    {
        var loaded = ExperimentFile.Load(BundledFiles.Resolve(path), sets ?? []);
        foreach (var problem in loaded.Problems.AddRange(loaded.Advice))
            TerminalWriter.Json(ValidateOutput.Of(problem));
        if (loaded.Experiment is not { } experiment)
            return ExitCode.Usage;
        try
        {
            PreparedModels.Check(experiment);
            return ExitCode.Done;
        }
        catch (GrammarException e)
        {
            TerminalWriter.Json(ValidateOutput.Of(new Problem(Severity.Error, new Place(e.File, (int)e.Line, 0), e.Key, e.Problem)));
            return ExitCode.Usage;
        }
    }
}
