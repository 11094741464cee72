using AiMe.Lab.Analysis.Ratings;
using AiMe.Metrics.Statistics;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints agreement, and the ratings of signs.</summary>
internal static class RatingViews
{
    public static void Write(IAnsiConsole console, string run, AgreementReport report)
    {
        console.MarkupLineInterpolated(
            $"[bold]{run}[/]  {Lines.Count(report.Rated, "experience")} rated by {string.Join(", ", report.Raters)}"
        );
        console.Write(Lines.Heading("Agreement", "Krippendorff's alpha, 95% bootstrap interval over experiences; 1 perfect, 0 chance"));
        console.WriteLine();
        var table = Lines.Table(console, ("between", false), ("level", false), ("alpha", true), ("95% interval", true), ("units", true));
        foreach (var (who, level, a) in report.Rows)
            table.AddRow(
                new Text(who),
                new Text(Word(level)),
                Right(RatingWords.Number(a.Alpha)),
                Right(RatingWords.Bounds(a.Low, a.High)),
                Right(Lines.Count(a.Units))
            );
        console.Write(table);
        foreach (var row in report.Rows.Where(r => r.Agreement.Why is not null))
            console.WriteLine($"{row.Who}: undefined, because {row.Agreement.Why}.");
        foreach (var note in report.Notes)
            console.WriteLine(note);
    }

    public static void Write(IAnsiConsole console, SignReport report)
    {
        var (first, second) = (report.Variants[0], report.Variants[1]);
        console.MarkupLineInterpolated($"[bold]{report.Run}[/]  {first} and {second}, rated blind by {RatingWords.Raters(report)}");
        console.Write(Lines.Heading("Signs", RatingWords.Share(report)));
        console.WriteLine();
        var table = Lines.Table(
            console,
            ("sign", false),
            ("generation", true),
            ($"only {first}", true),
            ($"only {second}", true),
            ("both", true),
            ("neither", true),
            ("share", true),
            ("95% interval", true)
        );
        foreach (var row in report.Rows)
            table.AddRow(
                new Text(row.Generation is null ? row.Sign : ""),
                Right(row.Generation is { } g ? Lines.Count(g) : "all"),
                Right(Lines.Count(row.OnlyFirst)),
                Right(Lines.Count(row.OnlySecond)),
                Right(Lines.Count(row.Both)),
                Right(Lines.Count(row.Neither)),
                Right(Lines.Percent(row.Share.Mean)),
                Right(double.IsNaN(row.Share.Low) ? "-" : $"{Lines.Percent(row.Share.Low)} to {Lines.Percent(row.Share.High)}")
            );
        console.Write(table);
        console.WriteLine(RatingWords.Intervals(report));
        foreach (var sentence in RatingWords.Agreement(report))
            console.WriteLine(sentence);
    }

    private static string Word(MeasurementLevel level) => level.ToString().ToLowerInvariant();

    private static Text Right(string text) => new Text(text).RightJustified();
}
