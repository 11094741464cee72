using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Comparison;

/// <summary>What stands in a cell: a figure, its interval or another note, and its course from birth on.</summary>
/// <param name="Main">Printed plainly.</param>
/// <param name="Note">Dim; may be empty.</param>
/// <param name="Bars">A sparkline; may be empty.</param>
internal sealed record Figure(string Main, string Note = "", string Bars = "")
{
    /// <summary>What <see cref="Fewer"/> prints, for a legend.</summary>
    public static readonly (string Term, string Meaning) FewerMeaning = (
        "(n)",
        "lives, or pairs of lives, that have the figure, where not all have it"
    );

    /// <summary>A mean with its interval.</summary>
    /// <param name="of">Lives that might have the figure; null where that is told elsewhere.</param>
    public static Figure Of(Measure measure, Estimate estimate, bool signed = false, string bars = "", int? of = null)
    {
        var (mean, range) = measure.Parts(estimate, signed);
        return new Figure(mean, $"{range}{Fewer(estimate, of ?? estimate.N)}".TrimStart(), bars);
    }

    /// <summary><c> (3)</c> where three of five lives have the figure; nothing where all have it, or none.</summary>
    public static string Fewer(Estimate estimate, int of) => estimate.N > 0 && estimate.N < of ? $" ({estimate.N})" : "";

    /// <summary>Columns that it takes.</summary>
    /// <param name="stacked">Line below line, or all in one.</param>
    public int Width(bool stacked) => stacked ? Lines.Max(l => l.Length) : Lines.Sum(l => l.Length + 1) - 1;

    /// <summary>As it is printed.</summary>
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
