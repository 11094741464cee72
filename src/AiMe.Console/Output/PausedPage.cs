using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Spending;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Reports a run that paused because its budget is used up, and the command to resume it.</summary>
internal static class PausedPage
{
    /// <summary>Writes the report on standard error.</summary>
    /// <param name="shard">The shard whose share of the budget is used up; null for the whole budget.</param>
    public static void Write(Experiment experiment, Shard? shard, BudgetReachedException reached)
    {
        var plan = experiment.Plan(default, origin: null);
        var parts = shard is null ? 1 : (decimal)plan.Instances.Count() / shard.InstancesOf(plan).Count();
        var raised = SpendingWords.Lacking(reached.Ledger, parts);
        var part = shard is null ? "" : $" This is the share of shard {shard}.";
        TerminalWriter.Error.MarkupLineInterpolated($"[yellow]Paused.[/] {reached.Message}{part} Nothing is lost.");
        TerminalWriter.Error.WriteLine($"To resume, raise the budget in {experiment.Source}, or run:");
        var raise = raised.SelectMany(r => new[] { "--set", $"{r.Key}={r.Enough}" });
        System.Console.Error.WriteLine($"  {Invocation.Of([.. Without(raised, Environment.GetCommandLineArgs()[1..]), .. raise])}");
    }

    // Removes the settings of the raised bounds, which the new ones replace.
    private static IEnumerable<string> Without(IReadOnlyList<(string Key, string Enough)> raised, string[] arguments)
    {
        bool IsRaised(string? set) => raised.Any(r => set?.StartsWith($"{r.Key}=", StringComparison.Ordinal) == true);
        return arguments
            .Index()
            .Where(a => !IsRaised(a.Item) && !(a.Item == "--set" && IsRaised(arguments.ElementAtOrDefault(a.Index + 1))))
            .Select(a => a.Item);
    }
}
