using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Lab.Analysis.Memories;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime memory</c>: audits what an instance, or each instance of a run, remembers.</summary>
internal static class MemoryAuditCommand
{
    private const int UsualTop = 4;
    private const int UsualMatches = 20;

    public static Command Create()
    {
        var what = SharedOptions.RunOrInstanceArgument();
        var store = SharedOptions.StoreOption();
        var search = new Option<string?>("--search")
        {
            Description = "Instead list the stored texts that have words beginning with those of this text, best first",
            HelpName = "text",
        };
        var top = SharedOptions.WholeOption(
            "--top",
            $"Rows of each list. Default: {UsualTop}, or {UsualMatches} with --search; with --json all",
            least: 1,
            most: int.MaxValue
        );
        var all = new Option<bool>("--all") { Description = "All rows of each list" };
        var stale = SharedOptions.WholeOption(
            "--stale",
            "Call a memory stale that was neither stored nor recalled in so many last cycles. Default: " + $"{MemoryAudit.UsualStaleAfter}",
            least: 1,
            most: int.MaxValue
        );
        var json = SharedOptions.JsonOption("One JSON object per instance, then one per variant; with --search one per text");
        var command = new Command(
            "memory",
            "Audit what an instance, or each instance of a run, remembers: duplicates, echoes, recall, insights, self-model, junk"
        )
        {
            what,
            store,
            search,
            top,
            all,
            stale,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(all) && parsed.GetValue(top) is not null)
                    throw new UsageException("found --all and --top, expected one of them");
                var query = parsed.GetValue(search) is { } text
                    ? MemoryQuery.Of(text) ?? throw new UsageException($"--search: found '{text}', expected at least one word")
                    : null;
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var (run, instance) = await StoreLookup.RunOrInstanceAsync(opened, parsed.GetRequiredValue(what), cancellationToken);
                var staleAfter = (int)(parsed.GetValue(stale) ?? MemoryAudit.UsualStaleAfter);
                ImmutableArray<MemoryAudit> audits = instance is null
                    ? await RunMemories.ReadAsync(opened.Journal, run, staleAfter, cancellationToken)
                    : [await MemoryAudit.ReadAsync(opened.Journal, run, instance, staleAfter, cancellationToken)];
                var asJson = parsed.GetValue(json);
                var rows = (int)(
                    parsed.GetValue(top)
                    ?? (
                        asJson || parsed.GetValue(all) ? int.MaxValue
                        : query is null ? UsualTop
                        : UsualMatches
                    )
                );
                if (query is not null)
                    Search(query, audits, rows, asJson);
                else
                    Write(run.Plan!.Run, instance, audits, rows, asJson);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Search(MemoryQuery query, ImmutableArray<MemoryAudit> audits, int rows, bool asJson)
    {
        MemoryMatch[] matches = [.. MemoryQuery.Ranked(audits.SelectMany(query.Find))];
        if (!asJson)
            TerminalWriter.Output.Write(MemoryAuditView.Of(TerminalWriter.Output, query, matches, rows));
        foreach (var match in asJson ? matches.Take(rows) : [])
            TerminalWriter.Json(MemoryMatchOutput.Of(audits[0].Run, match));
    }

    private static void Write(string run, string? instance, ImmutableArray<MemoryAudit> audits, int rows, bool asJson)
    {
        var console = TerminalWriter.Output;
        if (asJson)
        {
            foreach (var audit in audits)
                TerminalWriter.Json(MemoryAuditOutput.Of(audit, rows));
            foreach (var variant in instance is null ? MemoryTotals.ByVariant(audits) : [])
                TerminalWriter.Json(new MemoryVariantOutput(run, MemoryTotalsOutput.Of(variant)));
        }
        else if (instance is not null)
            console.Write(MemoryAuditView.Of(console, audits[0], rows));
        else
        {
            console.Write(MemoryAuditView.Of(console, run, audits));
            console.Write(new Text(MemoryAuditView.Legend, Lines.Dim));
            console.WriteLine();
        }
    }
}
