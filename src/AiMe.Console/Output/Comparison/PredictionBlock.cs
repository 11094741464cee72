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

    /// <summary>Writes the table; nothing if nothing was predicted, or another generation is shown than the declared one.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        var results = comparison.Predictions;
        if (results.IsEmpty)
            return;
        CompareView.Heading(
            console,
            "Predictions",
            $"declared in the experiment file: {PredictionWords.Of(PredictionResult.Together(results))}"
        );
        Write(console, results);
        CompareView.Notes(
            console,
            "An interval beyond the bound reproduces a prediction, one on the other side excludes it; all primary intervals hold together "
                + $"with confidence {Percent(1 - comparison.Analysis.Alpha)}."
        );
    }

    /// <summary>Writes the table alone.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<PredictionResult> results)
    {
        Sheet.Write(
            console,
            new SheetColumn("number", [.. results.Select(r => new Figure(Name(r)))]),
            [
                Column("gen.", r => new Figure(r.Generation.ToString(CultureInfo.InvariantCulture))),
                Column("predicted", r => new Figure(PredictionWords.Expected(r.Declared, r.Measure))),
                Column("n", r => new Figure(r.Estimate.N.ToString(CultureInfo.InvariantCulture))),
                Column("found\n[interval]", Found),
                Column("verdict", r => new Figure(PredictionWords.Of(r.Verdict))),
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

    private static string Percent(double share) => share.ToString("0.###%", CultureInfo.InvariantCulture);
}
