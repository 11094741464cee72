using System.CommandLine;
using AiMe.Console.Views;
using AiMe.Lab;

namespace AiMe.Console.Commands;

/// <summary><c>aime compare</c>: identity drift across the variants of a run, with intervals.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run") { Description = "A run id or its beginning; may be left out where the store has one run", Arity = ArgumentArity.ZeroOrOne };
        run.CompletionSources.Add(Completions.Runs);
        var store = Common.StoreOption();
        var json = Common.JsonOption("The whole comparison as one JSON object");
        var command = new Command("compare", "Compare the variants of a run: identity drift, quality, curation, with 95% intervals and in words") { run, store, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = Common.OpenReadOnly(parsed.GetRequiredValue(store));
            var state = await Common.RunAsync(opened, parsed.GetValue(run), cancellationToken);
            var record = await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken);
            if (parsed.GetValue(json))
                Terminal.Json(CompareJson.Write(Comparison.Of(record)));
            else
                CompareView.Write(Terminal.Output, Comparison.Of(record));
            return ExitCode.Done;
        });
        return command;
    }
}
