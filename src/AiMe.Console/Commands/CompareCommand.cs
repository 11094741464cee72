using System.CommandLine;
using AiMe.Console.Output.Comparison;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime compare</c>: identity drift across the variants of one run or of several, with intervals.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var runs = ReportCommand.RunsArgument();
        var store = SharedOptions.StoreOption();
        var selection = new SelectionOptions();
        var wide = new Option<bool>("--wide") { Description = "One table with every measure, at any width; best read with `| less -S`" };
        var explain = new Option<bool>("--explain")
        {
            Description = "Also the meaning of the columns, every declared test, every pair of variants, and more findings",
        };
        var registered = new Option<string?>("--preregistration")
        {
            Description = "Check one run against this JSON page of `aime preregister`, and list every deviation",
            HelpName = "file",
        };
        var planned = new Option<bool>("--planned-only")
        {
            Description = "Leave out instances that received unplanned input before the compared generation; they are counted in any case",
        };
        var tables = new TableOptions();
        var json = SharedOptions.JsonOption("One JSON object per run with the whole comparison");
        var command = new Command(
            "compare",
            "Compare the variants of a run: the declared tests, identity drift, quality, curation and doses, with 95% intervals"
        )
        {
            runs,
            store,
        };
        foreach (var option in selection.All)
            command.Add(option);
        command.Add(planned);
        command.Add(registered);
        command.Add(explain);
        command.Add(wide);
        foreach (var option in tables.All)
            command.Add(option);
        command.Add(json);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var asTable = tables.IsAsked(parsed);
                if (asTable && parsed.GetValue(json))
                    throw new UsageException("found a table (--as or --csv) and --json, expected one of them");
                if (
                    asTable
                    && new Option[] { explain, wide, registered }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false })
                        is { } idle
                )
                    throw new UsageException(
                        $"{idle.Name}: has no effect on a table (--as or --csv), expected one of them without the other"
                    );
                ReportCommand.RefuseMisspelt(command, parsed.GetValue(runs) ?? []);
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                List<RunComparison> comparisons = [];
                foreach (var state in await StoreLookup.RunsAsync(opened, parsed.GetValue(runs) ?? [], cancellationToken))
                    comparisons.Add(RunComparison.Of(await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken)));
                var chosen = selection.Read(parsed, comparisons);
                comparisons = [.. comparisons.Select(c => selection.At(parsed, c))];
                if (parsed.GetValue(planned))
                    comparisons = [.. comparisons.Select(c => c.PlannedOnly())];
                var check = parsed.GetValue(registered) is { } page
                    ? await RegistrationLookup.CheckAsync(page, comparisons, opened, cancellationToken)
                    : null;
                if (asTable)
                    System.Console.Out.Write(tables.Text(parsed, [.. comparisons.Select(c => c.Select(chosen))], selection.IsAt(parsed)));
                else if (parsed.GetValue(json))
                    comparisons.ForEach(c => TerminalWriter.Json(CompareOutput.Of(c.Select(chosen), check)));
                else
                {
                    WritePages(
                        comparisons,
                        chosen,
                        (parsed.GetValue(wide) ? PageForm.Wide : PageForm.Usual)
                            | (parsed.GetValue(explain) ? PageForm.Explained : PageForm.Usual)
                    );
                    if (check is not null)
                        PreregistrationBlock.Write(TerminalWriter.Output, check);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void WritePages(List<RunComparison> comparisons, Selection chosen, PageForm form)
    {
        foreach (var comparison in comparisons)
        {
            if (comparison != comparisons[0])
                TerminalWriter.Output.WriteLine("\n");
            CompareView.Write(TerminalWriter.Output, comparison, chosen, form);
        }

        RunComparison[] shown =
        [
            .. comparisons.Select(c => c.Select(chosen)).Where(c => c is { Variants.IsEmpty: false, Generation: > 0 }),
        ];
        if (comparisons.Count > 1 && shown.Length > 0)
        {
            TerminalWriter.Output.WriteLine();
            RunsBlock.Write(TerminalWriter.Output, shown);
        }
    }
}
