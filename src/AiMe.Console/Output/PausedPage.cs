using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Spending;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>A run that has paused because its budget is used up, and the command that goes on with it.</summary>
internal static class PausedPage
{
    /// <summary>Says so on standard error.</summary>
    /// <param name="shard">Whose part of the budget it was; null for all of it.</param>
    public static void Write(Experiment experiment, Shard? shard, BudgetReachedException reached)
    {
        var plan = experiment.Plan(default, origin: null);
        var parts = shard is null ? 1 : (decimal)plan.Instances.Count() / shard.InstancesOf(plan).Count();
        var raised = SpendingWords.Lacking(reached.Ledger, parts);
        var part = shard is null ? "" : $" This is the part of shard {shard}.";
        TerminalWriter.Error.MarkupLineInterpolated($"[yellow]Paused.[/] {reached.Message}{part} Nothing is lost.");
        TerminalWriter.Error.WriteLine($"To resume, raise the budget in {experiment.Source}, or run:");
        System.Console.Error.WriteLine(
            $"  {Invocation.Of([.. Without(raised, Environment.GetCommandLineArgs()[1..]), .. raised.SelectMany(r => new[] { "--set", $"{r.Key}={r.Enough}" })])}"
        );
    }

    /// <summary>The same for programs: one object.</summary>
    /// <param name="ledger">As it is now that all is settled.</param>
    public static byte[] Json(string run, SpendingLedger ledger) =>
        JsonObject.Of(json =>
        {
            json.WriteString("run", run);
            json.WriteNull("digest");
            json.WriteString("state", "paused");
            json.WriteNumber("spentTokens", ledger.Spent.Tokens);
            json.WriteNumber("spentUsd", ledger.Spent.Usd);
            json.WriteNumber("neededTokens", ledger.Refused?.Need.Tokens ?? 0);
            json.WriteNumber("neededUsd", ledger.Refused?.Need.Usd ?? 0);
        });

    // What was said of a bound that is raised is said anew.
    private static IEnumerable<string> Without(IReadOnlyList<(string Key, string Enough)> raised, string[] arguments)
    {
        bool IsRaised(string? set) => raised.Any(r => set?.StartsWith($"{r.Key}=", StringComparison.Ordinal) == true);
        return arguments
            .Index()
            .Where(a => !IsRaised(a.Item) && !(a.Item == "--set" && IsRaised(arguments.ElementAtOrDefault(a.Index + 1))))
            .Select(a => a.Item);
    }
}
