using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Comparison;

/// <summary>Content of a cell: a figure, its interval or another note, and its values by generation.</summary>
/// <param name="Main">Printed in the normal style.</param>
/// <param name="Note">Printed dim; may be empty.</param>
/// <param name="Bars">A sparkline; may be empty.</param>
internal sealed record Figure(string Main, string Note = "", string Bars = "")
{
    /// <summary>Meaning of the output of <see cref="Fewer"/>, for a legend.</summary>
    public static (string Term, string Meaning) FewerMeaning(RunComparison comparison) =>
        (
            "(k)",
            comparison.Plan.Units.AreCharters
                ? "charters that have the figure, if not all have it"
                : "instances, or pairs of instances, that have the figure, if not all have it"
        );

    /// <summary>A mean with its interval.</summary>
    /// <param name="of">Instances that may have the figure; null if the count is shown elsewhere.</param>
    public static Figure Of(Measure measure, Estimate estimate, bool difference = false, string bars = "", int? of = null)
    {
        var (mean, range) = measure.Parts(estimate, difference);
        return new Figure(mean, $"{range}{Fewer(estimate, of ?? estimate.N)}".TrimStart(), bars);
    }

    /// <summary><c> (3)</c> if three of five instances have the figure; empty if all have it, or none.</summary>
    public static string Fewer(Estimate estimate, int of) => estimate.N > 0 && estimate.N < of ? $" ({estimate.N})" : "";

    /// <summary>Width in columns.</summary>
    /// <param name="stacked">Whether the parts are on separate lines.</param>
    public int Width(bool stacked) => stacked ? Lines.Max(l => l.Length) : Lines.Sum(l => l.Length + 1) - 1;

    /// <summary>The content as markup.</summary>
    public IRenderable Render(bool stacked)
    {
        string[] parts =
        [
            Main.Length > 0 ? Markup.Escape(Main) : "",
            Note.Length > 0 ? $"[dim]{Markup.Escape(Note)}[/]" : "",
            Bars.Length > 0 ? $"[cyan]{Bars}[/]" : "",
        ];
        return new Markup(string.Join(stacked ? "\n" : " ", parts.Where(p => p.Length > 0)));
    }

    private string[] Lines => [.. new[] { Main, Note, Bars }.SelectMany(p => p.Split('\n')).Where(p => p.Length > 0).DefaultIfEmpty("")];
}
