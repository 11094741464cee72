using System.Globalization;
using AiMe.Console.Output.Comparison;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Recognition;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints how well the instances of a run tell their own texts from others.</summary>
internal static class RecognitionView
{
    private const string Note =
        "Own texts: the answers of the round after the generation. Sibling: the next instance of the variant. Ancestor: generation 0, by "
        + "the sibling's first round. Corpus: held-out text. Lengths are matched. AUC: of ln p under the own model minus that under the "
        + "reference's; .5 is a clone. Said, better: shares of the pairs in which the own text is taken for what the instance said, or "
        + "for the better one, when it is shown both in both orders; first: how often it takes the text shown first.";

    public static void Write(IAnsiConsole console, RecognitionReport report)
    {
        console.MarkupLineInterpolated(
            $"[bold]{report.Run}[/]  distinguishability at generation {report.Generation}, at most {report.Texts} texts a side"
        );
        if (report.Instances.Length < report.Planned)
            console.MarkupLineInterpolated(
                $"[yellow]{report.Planned - report.Instances.Length} of {report.Planned} instances have no answer after that generation.[/]"
            );
        CompareView.Heading(console, "Own texts against others", "mean over instances [95% interval]");
        Sheet.Write(
            console,
            new SheetColumn("variant, against", [.. report.Variants.Select(v => new Figure($"{v.Variant}, {Word(v.Reference)}"))]),
            [
                new SheetColumn("pairs", [.. report.Variants.Select(v => new Figure($"{v.Pairs}"))]),
                Column("AUC", v => v.Auc),
                Column("said", v => v.Recognition),
                Column("better", v => v.Preference),
                Column("correlation", v => v.Correlation),
                Column("first", v => v.First),
            ]
        );
        CompareView.Notes(console, Note);

        SheetColumn Column(string title, Func<VariantRecognition, Estimate> figure) =>
            new(title, [.. report.Variants.Select(v => new Figure(Show(figure(v))))]);
    }

    private static string Word(RecognitionReference reference) => reference.ToString().ToLowerInvariant();

    private static string Show(Estimate e) => e.HasInterval ? $"{Number(e.Mean)} [{Number(e.Low)}, {Number(e.High)}]" : Number(e.Mean);

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.00", CultureInfo.InvariantCulture);
}
