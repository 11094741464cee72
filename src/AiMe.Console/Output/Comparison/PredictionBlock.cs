using System.Globalization;
using AiMe.Lab.Analysis;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Predictions;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Every declared prediction with its number, interval and verdict.</summary>
internal static class PredictionBlock
{
    private const int NameWidth = 40;

    /// <summary>Writes the table; nothing if no prediction is of shown variants.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        var results = comparison.Predictions;
        if (results.IsEmpty)
            return;
        CompareView.Heading(console, "Predictions", $"declared in the experiment file: {PredictionWords.Of(comparison)}");
        Write(console, results, comparison.Verdict is not null);
        CompareView.Notes(console, PredictionWords.Rule(comparison.Analysis.Alpha));
    }

    /// <summary>Writes the table alone.</summary>
    /// <param name="judged">Whether the run has finished.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<PredictionResult> results, bool judged = true)
    {
        Sheet.Write(
            console,
            new SheetColumn("quantity", [.. results.Select(r => new Figure(Name(r)))]),
            [
                Column("gen.", r => new Figure(r.Generation.ToString(CultureInfo.InvariantCulture))),
                Column("predicted", r => new Figure(PredictionWords.Expected(r.Declared, r.Measure))),
                Column("n", r => new Figure(r.Estimate.N.ToString(CultureInfo.InvariantCulture))),
                Column("found\n[interval]", Found),
                Column("verdict", r => new Figure(judged ? PredictionWords.Of(r) : "-")),
            ]
        );

        SheetColumn Column(string header, Func<PredictionResult, Figure> cell) => new(header, [.. results.Select(cell)]);
    }

    private static Figure Found(PredictionResult result)
    {
        var (mean, range) = PredictionWords.Found(result);
        return new Figure(mean, range);
    }

    // The columns of numbers stay beside it.
    private static string Name(PredictionResult result) =>
        string.Join(
            '\n',
            WrappedText.Lines($"{PredictionWords.Number(result.Declared)}{(result.Declared.IsSecondary ? " (secondary)" : "")}", NameWidth)
        );
}
