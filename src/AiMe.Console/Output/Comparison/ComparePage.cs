using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>The comparison of a run that has just finished, and the next steps.</summary>
internal static class ComparePage
{
    /// <summary>Writes the page.</summary>
    /// <param name="store">Address for the suggested commands.</param>
    public static void Write(RunRecord record, RunOutcome outcome, StoreAddress store)
    {
        CompareView.Write(TerminalWriter.Output, RunComparison.Of(record));
        var first = $"{outcome.Run}/{record.Instances[0].Name}"; // with its run: the name may not be unique in the store
        TerminalWriter.Output.WriteLine();
        if (SpendingWords.Of(record.Run.Ledger) is { } spent)
            TerminalWriter.Output.WriteLine($"{char.ToUpperInvariant(spent[0])}{spent[1..]}.");
        TerminalWriter.Output.WriteLine(
            outcome.Experiences == 0 && record.Run.Instances.Values.Any(l => l.Status == InstanceState.Parked)
                ? "No experience was completed: the instances above are parked. Run the same command to retry. Next steps:"
            : outcome.Took == TimeSpan.Zero
                ? "This run had already finished, and nothing was run. Another --seed or --store is another run."
            : $"{Lines.Count(outcome.Experiences, "experience")} in {outcome.Took.TotalSeconds:0.0} s, stored in {store.Given}. Next steps:"
        );
        Suggest("read an instance event by event; no model is called", "replay", first, "--store", store);
        Suggest("show one instance on one page", "show", first, "--store", store);
        Suggest("print this comparison again", "compare", outcome.Run, "--store", store);
    }

    private static void Suggest(string what, params ReadOnlySpan<Word> arguments)
    {
        // Not wrapped, so that it can be copied.
        TerminalWriter.Line($"  # {what}");
        TerminalWriter.Line($"  {Invocation.Of(arguments)}");
    }
}
