using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Lab.Analysis.Ratings;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime rate</c>: blind rating of pairs of answers, and the report on it.</summary>
internal static class RateCommand
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
        var pair = new Option<string[]>("--pair")
        {
            Description = "The two variants whose answers are rated; which answer is whose is not shown",
            HelpName = "variant variant",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var rater = new Option<string?>("--as") { Description = "The rater: a name of your own choice", HelpName = "name" };
        var file = new Option<string?>("--file")
        {
            Description = "The rater's file, to which every rating is appended. Default: RUN.NAME.jsonl in the working directory",
            HelpName = "file",
        };
        var report = new Option<string[]>("--report")
        {
            Description = "Show the ratings in these files instead: by sign and generation, and how far raters agree",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = SharedOptions.JsonOption("With --report: one JSON object");
        var command = new Command("rate", "Rate pairs of answers of two variants blind, by signs of a self; or report what raters found")
        {
            run,
            store,
            pair,
            rater,
            file,
            report,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var state = await StoreLookup.RunAsync(opened, parsed.GetValue(run), cancellationToken);
                var record = await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken);
                if (parsed.GetValue(report) is { Length: > 0 } files)
                    return Report(record, files, parsed.GetValue(json));
                if (parsed.GetValue(json))
                    throw new UsageException("--json: it prints a report; expected --report FILE with it");
                var queue = QueueOf(record, parsed.GetValue(pair) ?? [], parsed.GetValue(rater));
                var path = parsed.GetValue(file) ?? $"{queue.Run}.{queue.Rater}.jsonl";
                return RatingPrompt.Run(System.Console.In, TerminalWriter.Output, new RatingSession(queue, path), path);
            }
        );
        return command;
    }

    private static int Report(RunRecord record, string[] files, bool json)
    {
        if (files.FirstOrDefault(f => !File.Exists(f)) is { } missing)
            throw new UsageException($"--report: there is no file '{missing}'; looked for {Path.GetFullPath(missing)}");
        var report = SignReport.Of(record, [.. files.SelectMany(f => PairRatingFile.Read(f))]);
        if (json)
            TerminalWriter.Json(SignReportOutput.Of(report));
        else
            RatingViews.Write(TerminalWriter.Output, report);
        return ExitCode.Done;
    }

    private static PairQueue QueueOf(RunRecord record, string[] pair, string? rater)
    {
        string[] variants = [.. record.Plan.Variants.Select(v => v.Name)];
        if (pair is not [var one, var other] || one == other)
            throw new UsageException($"--pair: expected two different variants of {record.Plan.Run}: {string.Join(", ", variants)}");
        if (pair.FirstOrDefault(p => !variants.Contains(p, StringComparer.Ordinal)) is { } unknown)
            throw new UsageException(
                $"--pair: found '{unknown}', expected two of {string.Join(", ", variants)}{Corpora.Nearest.Hint(unknown, variants)}"
            );
        if (rater is null || rater.Length is 0 or > 40 || rater.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_')))
            throw new UsageException(
                $"--as: found '{rater}', expected a name of your own choice: letters, digits, - and _, at most 40 characters"
            );
        var queue = PairQueue.Of(record, one, other, rater);
        return queue.Pairs.IsEmpty
            ? throw new UsageException(
                $"{record.Plan.Run} has no pair of different answers of {one} and {other} yet"
                    + (queue.Equal > 0 ? $"; in {Lines.Count(queue.Equal, "pair")} both answers are the same" : "")
            )
            : queue;
    }
}
