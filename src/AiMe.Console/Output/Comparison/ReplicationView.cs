using System.Globalization;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Analysis.Replications;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Replications at the terminal.</summary>
internal static class ReplicationView
{
    /// <summary>Writes one: its claim, its predictions on each seed, and the verdict.</summary>
    public static void Write(IAnsiConsole console, ReplicationOutcome outcome, TimeSpan took)
    {
        CompareView.Heading(console, outcome.Name, outcome.About.Source);
        CompareView.Notes(console, outcome.About.Claim);
        foreach (var run in outcome.Runs)
        {
            console.WriteLine();
            console.WriteLine($"Seed {run.Seed.ToString(CultureInfo.InvariantCulture)}, run {run.Run}: {PredictionWords.Of(run.Verdict)}");
            PredictionBlock.Write(console, run.Predictions);
        }

        console.WriteLine();
        console.WriteLine($"{outcome.Name}: {Verdict(outcome)}, in {took.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
    }

    /// <summary>Writes the verdicts of several.</summary>
    public static void WriteAll(IAnsiConsole console, IReadOnlyList<ReplicationOutcome> outcomes)
    {
        CompareView.Heading(console, "Verdicts", $"{Lines.Count(outcomes.Count, "replication")}");
        var width = outcomes.Max(o => o.Name.Length);
        foreach (var outcome in outcomes)
            console.WriteLine($"  {outcome.Name.PadRight(width)}  {Verdict(outcome)}");
    }

    private static string Verdict(ReplicationOutcome outcome) =>
        outcome.IsQuick
            ? $"a look and no verdict, which is of the two seeds of the file at full size: {outcome.BySeed}"
            : PredictionWords.Of(outcome.Verdict) + (outcome.Disagrees ? $" ({outcome.BySeed})" : "");
}
