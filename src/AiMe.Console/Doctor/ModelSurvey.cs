using AiMe.Console.Commands;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Models.OpenAi.Survey;
using Spectre.Console;

namespace AiMe.Console.Doctor;

/// <summary><c>aime doctor --model</c>: says what the server of an experiment's hosted model can do, by asking it.</summary>
internal static class ModelSurvey
{
    /// <summary>Asks, and writes each finding as it comes.</summary>
    /// <returns>An error if the server lacks what the experiment needs, or if that is not known.</returns>
    public static async Task<int> RunAsync(string path, bool json, CancellationToken cancellationToken)
    {
        var experiment = SharedOptions.Load(BundledFiles.Resolve(path), [], seed: null, advise: false);
        if (experiment.Model is not OpenAiModel model)
            throw new UsageException(
                $"{experiment.Source} has no hosted model, so there is no server to ask; expected model: {{provider: openai, ...}}"
            );
        var needed = NeededBy(experiment, model);
        var (lacks, scores) = (false, false);
        await foreach (var found in HostedSurvey.AskAsync(model, cancellationToken))
        {
            CapabilityOutput output = new(
                found.Name,
                found.Answer switch
                {
                    true => "ok",
                    false => "no",
                    null => "unknown",
                },
                found.Reason,
                IsNeeded(found.Name)
            );
            lacks |= output.Needed && found.Answer != true;
            scores |= found is { Name: ServerSurvey.PromptScoring or ServerSurvey.EchoScoring, Answer: true };
            if (json)
                TerminalWriter.Json(output);
            else
                Write(output);
        }

        return lacks || model.Scoring == "auto" && !scores ? ExitCode.Error : ExitCode.Done;

        bool IsNeeded(string name) => needed.Contains(name);
    }

    private static HashSet<string> NeededBy(Experiment experiment, OpenAiModel model)
    {
        HashSet<string> needed = [ServerSurvey.Chat, ServerSurvey.Embeddings];
        if (model.Scoring == "prompt-logprobs")
            needed.Add(ServerSurvey.PromptScoring);
        if (model.Scoring == "completions")
            needed.Add(ServerSurvey.EchoScoring);
        if (experiment.Variants.Any(v => v.Trainer is { Train: true, Backend: ExternalTraining.FineTuningApi }))
            needed.Add(ServerSurvey.Jobs);
        return needed;
    }

    private static void Write(CapabilityOutput found)
    {
        var colour = (found.Answer, found.Needed) switch
        {
            ("ok", _) => Color.Green,
            (_, true) => Color.Red,
            _ => Color.Yellow,
        };
        var grid = new Grid()
            .AddColumn(new GridColumn().Width(7).NoWrap().PadRight(1))
            .AddColumn(new GridColumn().Width(24).NoWrap().PadRight(1))
            .AddColumn(new GridColumn().PadRight(0));
        grid.AddRow(
            new Text(found.Answer, new Style(colour)),
            new Text(found.Check),
            new Text(found.Reason + (found.Needed && found.Answer != "ok" ? " (the experiment needs it)" : ""))
        );
        TerminalWriter.Output.Write(grid);
    }
}
