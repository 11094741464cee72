using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Journal;
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
            Description =
                $"The rater's file, to which every rating is appended. Default: {PairRatingFolder.Name}/RUN.NAME.jsonl in the store",
            HelpName = "file",
        };
        var limit = SharedOptions.WholeOption("--limit", "Ask about at most this many pairs, then end", least: 1, most: 1_000_000);
        var report = new Option<string[]>("--report")
        {
            Description =
                "Show ratings instead: by sign and generation, and how far raters agree. Default: the files of the run in the store",
            HelpName = "file",
            Arity = ArgumentArity.ZeroOrMore,
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
            limit,
            report,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var state = await StoreLookup.RunAsync(opened, parsed.GetValue(run), cancellationToken);
                var record = await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken);
                var variants = parsed.GetValue(pair) ?? [];
                if (parsed.GetResult(report) is not null)
                    return Report(record, FilesOf(opened, record, parsed.GetValue(report) ?? []), variants, parsed.GetValue(json));
                if (parsed.GetValue(json))
                    throw new UsageException("--json: it prints a report; expected --report with it");
                var queue = QueueOf(record, variants, parsed.GetValue(rater));
                var path = parsed.GetValue(file) ?? PairRatingFolder.FileOf(opened.Root, queue.Run, queue.Rater);
                var session = new RatingSession(queue, path);
                return RatingPrompt.Run(System.Console.In, TerminalWriter.Output, session, path, (int?)parsed.GetValue(limit));
            }
        );
        return command;
    }

    private static ImmutableArray<string> FilesOf(EventStore store, RunRecord record, string[] files)
    {
        if (files.FirstOrDefault(f => !File.Exists(f)) is { } missing)
            throw new UsageException($"--report: there is no file '{missing}'; looked for {Path.GetFullPath(missing)}");
        if (files.Length > 0)
            return [.. files];
        return PairRatingFolder.FilesOf(store.Root, record.Plan.Run) is { IsEmpty: false } own
            ? own
            : throw new UsageException(
                $"--report: nobody has rated {record.Plan.Run} in this store; looked for "
                    + PairRatingFolder.FileOf(Path.GetFullPath(store.Root), record.Plan.Run, "NAME")
            );
    }

    private static int Report(RunRecord record, ImmutableArray<string> files, string[] variants, bool json)
    {
        var lines = files.SelectMany(f => PairRatingFile.Read(f));
        if (variants.Length > 0)
        {
            RefuseUnknown(record, variants);
            lines = PairRatingFile.Between(lines, variants);
        }

        var report = SignReport.Of(record, [.. lines]);
        if (json)
            TerminalWriter.Json(SignReportOutput.Of(report));
        else
            RatingViews.Write(TerminalWriter.Output, report);
        return ExitCode.Done;
    }

    private static void RefuseUnknown(RunRecord record, string[] pair)
    {
        string[] variants = [.. record.Plan.Variants.Select(v => v.Name)];
        if (pair is not [var one, var other] || one == other)
            throw new UsageException($"--pair: expected two different variants of {record.Plan.Run}: {string.Join(", ", variants)}");
        if (pair.FirstOrDefault(p => !variants.Contains(p, StringComparer.Ordinal)) is { } unknown)
            throw new UsageException(
                $"--pair: found '{unknown}', expected two of {string.Join(", ", variants)}{Corpora.Nearest.Hint(unknown, variants)}"
            );
    }

    private static PairQueue QueueOf(RunRecord record, string[] pair, string? rater)
    {
        RefuseUnknown(record, pair);
        if (RaterName.FaultOf(rater) is { } fault)
            throw new UsageException($"--as: {fault}");
        var queue = PairQueue.Of(record, pair[0], pair[1], rater!);
        return queue.Pairs.IsEmpty ? throw new UsageException(RatingWords.NoPairs(queue)) : queue;
    }
}
