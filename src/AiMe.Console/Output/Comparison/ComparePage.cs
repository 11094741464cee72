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

/// <summary>The comparison of a run that has just ended, and where to look next.</summary>
internal static class ComparePage
{
    /// <summary>Writes the page.</summary>
    /// <param name="store">For the hints, so that they can be copied.</param>
    public static void Write(RunRecord record, RunOutcome outcome, StoreAddress store)
    {
        CompareView.Write(TerminalWriter.Output, RunComparison.Of(record));
        var first = $"{outcome.Run}/{record.Instances[0].Name}"; // with its run: another run of the store may have one of that name
        TerminalWriter.Output.WriteLine();
        if (SpendingWords.Of(record.Run.Ledger) is { } spent)
            TerminalWriter.Output.WriteLine($"{char.ToUpperInvariant(spent[0])}{spent[1..]}.");
        TerminalWriter.Output.WriteLine(
            outcome.Lived == 0 && record.Run.Instances.Values.Any(l => l.Status == InstanceState.Parked)
                ? "Nothing was lived: what could not go on is parked, and why stands above. The same command tries again. What next:"
            : outcome.Took == TimeSpan.Zero ? "This run had ended before; nothing was lived anew. Another --seed or --store is another run."
            : $"{outcome.Lived} experiences in {outcome.Took.TotalSeconds:0.0} s, kept in {store.Given}. What next:"
        );
        Suggest("read a life like a story; no model is called", "replay", first, "--store", store);
        Suggest("one instance on one page", "show", first, "--store", store);
        Suggest("this comparison again", "compare", outcome.Run, "--store", store);
    }

    private static void Suggest(string what, params ReadOnlySpan<Word> arguments)
    {
        // Plainly, so that a long line is not broken and can be copied.
        TerminalWriter.Line($"  # {what}");
        TerminalWriter.Line($"  {Invocation.Of(arguments)}");
    }
}
