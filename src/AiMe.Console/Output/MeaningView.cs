using System.Collections.Immutable;
using System.Globalization;
using AiMe.Console.Output.Comparison;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Meanings;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints novelty and coherence of recorded answers by wording and by meaning.</summary>
internal static class MeaningView
{
    private const string Note =
        "Novelty: 1 - the greatest cosine to an earlier answer of the instance. Coherence: cosine of neighbouring sentences minus that of "
        + "any two, of answers with three sentences or more. By wording: the frozen embedder of words (hash). By meaning: "
        + "all-MiniLM-L6-v2 (minilm). The run's own rules and figures use the embedder that its plan names.";

    public static void Write(IAnsiConsole console, string run, ImmutableArray<MeaningRow> rows)
    {
        console.MarkupLineInterpolated($"[bold]{run}[/]  recorded answers by wording and by meaning");
        var groups = rows.GroupBy(r => (r.Variant, r.Round)).ToArray();
        CompareView.Heading(console, "Novelty and coherence", "mean over instances [95% interval]");
        Sheet.Write(
            console,
            new SheetColumn("variant, round", [.. groups.Select(g => new Figure($"{g.Key.Variant}, {g.Key.Round}"))]),
            [
                Column("novelty, wording", r => r.WordNovelty),
                Column("meaning", r => r.MeaningNovelty),
                Column("coherence, wording", r => r.WordCoherence),
                Column("meaning ", r => r.MeaningCoherence),
            ]
        );
        CompareView.Notes(console, Note);

        SheetColumn Column(string title, Func<MeaningRow, double> figure) =>
            new(title, [.. groups.Select(g => new Figure(Show(Estimate.Of([.. g.Select(figure).Where(v => !double.IsNaN(v))]))))]);
    }

    private static string Show(Estimate e) => e.HasInterval ? $"{Number(e.Mean)} [{Number(e.Low)}, {Number(e.High)}]" : Number(e.Mean);

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.00", CultureInfo.InvariantCulture);
}
