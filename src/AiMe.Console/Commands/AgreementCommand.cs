using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Lab.Analysis.Ratings;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Commands;

/// <summary><c>aime agreement</c>: people against people, against the judges of a run, and against its verdicts.</summary>
internal static class AgreementCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run")
        {
            Description = $"A run: {SharedOptions.RunForms}. Optional if the store has one run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(Completions.Runs);
        var store = SharedOptions.StoreOption();
        var ratings = new Option<string[]>("--ratings")
        {
            Description =
                "Ratings of people as JSON Lines: {\"id\": \"aligned-1/e12\", \"value\": 4, \"rater\": \"a name\"}; may be repeated",
            HelpName = "file",
            Required = true,
        };
        var level = new Option<MeasurementLevel>("--level")
        {
            Description = "What differences of ratings mean: nominal, ordinal or interval. Default: ordinal",
            HelpName = "level",
            DefaultValueFactory = _ => MeasurementLevel.Ordinal,
        };
        var keepAt = PowerCommand.NumberOption(
            "--keep-at",
            "Ratings of at least this value mean to keep the experience, for the comparison with the verdicts",
            "value",
            least: 0,
            most: 1e9
        );
        var json = SharedOptions.JsonOption("One JSON object with every comparison");
        var command = new Command(
            "agreement",
            "Show how far people agree with each other, with the judges of a run and with its verdicts: Krippendorff's alpha"
        )
        {
            run,
            store,
            ratings,
            level,
            keepAt,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var state = await StoreLookup.RunAsync(opened, parsed.GetValue(run), cancellationToken);
                var (read, problems) = PersonRatingFile.Read(parsed.GetRequiredValue(ratings));
                foreach (var problem in problems)
                    System.Console.Error.WriteLine(problem);
                if (problems.Length > 0)
                    return ExitCode.Usage;
                var record = await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken);
                var report = AgreementReport.Of(record, read, parsed.GetValue(level), parsed.GetValue(keepAt));
                if (parsed.GetValue(json))
                    TerminalWriter.Json(AgreementOutput.Of(state.Plan.Run, report));
                else
                    RatingViews.Write(TerminalWriter.Output, state.Plan.Run, report);
                return ExitCode.Done;
            }
        );
        return command;
    }
}
