using AiMe.Lab;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Views;

/// <summary>What stands in a cell: a figure, its interval or another note, and its course from birth on.</summary>
/// <param name="Main">Printed plainly.</param>
/// <param name="Note">Dim; may be empty.</param>
/// <param name="Bars">A sparkline; may be empty.</param>
internal sealed record Figure(string Main, string Note = "", string Bars = "")
{
    /// <summary>A mean with its interval.</summary>
    public static Figure Of(Measure measure, Estimate estimate, bool signed = false, string bars = "")
    {
        var (mean, range) = measure.Parts(estimate, signed);
        return new Figure(mean, range, bars);
    }

    /// <summary>Columns that it takes.</summary>
    /// <param name="stacked">Line below line, or all in one.</param>
    public int Width(bool stacked) => stacked ? Lines.Max(l => l.Length) : Lines.Sum(l => l.Length + 1) - 1;

    /// <summary>As it is printed.</summary>
    public IRenderable Render(bool stacked)
    {
        string[] parts = [Main.Length > 0 ? Markup.Escape(Main) : "", Note.Length > 0 ? $"[dim]{Markup.Escape(Note)}[/]" : "", Bars.Length > 0 ? $"[cyan]{Bars}[/]" : ""];
        return new Markup(string.Join(stacked ? "\n" : " ", parts.Where(p => p.Length > 0)));
    }

    private string[] Lines => [.. new[] { Main, Note, Bars }.SelectMany(p => p.Split('\n')).Where(p => p.Length > 0).DefaultIfEmpty("")];
}
