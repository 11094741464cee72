using System.CommandLine;
using AiMe.Corpora;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime report</c>: one self-contained page on a run, or on several side by side.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var runs = RunsArgument();
        var store = SharedOptions.StoreOption();
        var output = new Option<string>("--out")
        {
            Description = "The file to write, such as report.html",
            HelpName = "file",
            Required = true,
        };
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists" };
        var selection = new SelectionOptions();
        var planned = new Option<bool>("--planned-only")
        {
            Description = "Leave out instances that received unplanned input before the compared generation; they are counted in any case",
        };
        var registered = new Option<string?>("--preregistration")
        {
            Description = "Check one run against this JSON page of `aime preregister`, and list every deviation",
            HelpName = "file",
        };
        var command = new Command(
            "report",
            "Write a report in one file: question and answer, contrasts, every measure, answers side by side, lineage, and what it rests on"
        )
        {
            runs,
            output,
            force,
            store,
        };
        foreach (var option in selection.All)
            command.Add(option);
        command.Add(planned);
        command.Add(registered);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                RefuseMisspelt(command, parsed.GetValue(runs) ?? []);
                ExportTarget.Check(parsed.GetRequiredValue(output), parsed.GetValue(force));
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                List<(RunRecord Record, RunComparison Comparison)> found = [];
                foreach (var state in await StoreLookup.RunsAsync(opened, parsed.GetValue(runs) ?? [], cancellationToken))
                {
                    var record = await RunRecord.ReadAsync(opened.Journal, state.Plan!.Run, cancellationToken);
                    found.Add((record, RunComparison.Of(record)));
                }

                var chosen = selection.Read(parsed, [.. found.Select(f => f.Comparison)]);
                var at = found.ConvertAll(f =>
                {
                    var comparison = selection.At(parsed, f.Comparison);
                    return (f.Record, Comparison: parsed.GetValue(planned) ? comparison.PlannedOnly() : comparison);
                });
                if (at.Find(f => f.Comparison.Select(chosen).Variants.IsEmpty).Comparison is { } empty)
                    throw Empty(empty, chosen);
                var check = parsed.GetValue(registered) is { } page
                    ? await RegistrationLookup.CheckAsync(page, at.ConvertAll(f => f.Comparison), opened, cancellationToken)
                    : null;
                // Only from here on does a process load ASP.NET.
                await ExportTarget.WriteAsync(
                    stream => ReportPages.WriteAsync(at, chosen, check, stream),
                    parsed.GetRequiredValue(output),
                    parsed.GetValue(force),
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The runs of a command that takes several.</summary>
    public static Argument<string[]> RunsArgument()
    {
        var runs = new Argument<string[]>("run")
        {
            Description =
                "Runs, each named by its experiment (the newest run of it), its id, the id's first characters, or a pattern such as "
                + "'*'. Optional if the store has one run. Several runs are shown side by side, never pooled",
            Arity = ArgumentArity.ZeroOrMore,
        };
        runs.CompletionSources.Add(Completions.Runs);
        return runs;
    }

    /// <summary>Refuses a misspelt option, which the parser reads as a run if a command takes any number of them.</summary>
    /// <exception cref="UsageException">A run begins with a hyphen.</exception>
    public static void RefuseMisspelt(Command command, IEnumerable<string> runs)
    {
        if (runs.FirstOrDefault(r => r.StartsWith('-')) is { } misspelt)
            throw new UsageException(
                $"unknown option '{misspelt}'{Nearest.Hint(misspelt, [.. command.Options.Select(o => o.Name), "--help"])}"
            );
    }

    /// <summary>What is said if no variant passes the filters.</summary>
    public static UsageException Empty(RunComparison comparison, Selection chosen) =>
        new(
            $"--filter: no variant of {comparison.Plan.Run} matches {string.Join(" and ", chosen.Filters.Select(f => f.Text))}, expected "
                + $"some of {string.Join(", ", comparison.Plan.Variants.Select(v => v.Name))}"
        );
}
