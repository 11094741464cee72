using System.Globalization;
using AiMe.Lab.History;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Tables, figures and times as all pages print them.</summary>
internal static class Lines
{
    /// <summary>Minimum width for the additional columns of a page.</summary>
    public const int Wide = 140;

    /// <summary>Dim text.</summary>
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    /// <summary>A table with horizontal lines only, in ASCII if the console has no Unicode.</summary>
    public static Table Table(IAnsiConsole console, params ReadOnlySpan<(string Header, bool Right)> columns)
    {
        var table = new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Horizontal : PlainLines.Border).BorderStyle(Dim);
        foreach (var (header, right) in columns)
        {
            var column = new TableColumn(right ? new Text(header).RightJustified() : new Text(header)).PadLeft(0).PadRight(1).NoWrap();
            table.AddColumn(right ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Terms and their meanings, in two columns.</summary>
    public static Grid Terms(IEnumerable<(string Term, string Meaning)> terms)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(1, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var (term, meaning) in terms)
            grid.AddRow(new Text(term, new Style(Color.Blue)), new Text(meaning));
        return grid;
    }

    /// <summary>A heading, with an empty line before it.</summary>
    public static IRenderable Heading(string what, string how = "") =>
        new Markup($"\n[bold]{Markup.Escape(what)}[/]{(how.Length > 0 ? $"  [dim]{Markup.Escape(how)}[/]" : "")}");

    /// <inheritdoc cref="Plain.Count(long)" />
    public static string Count(long n) => Plain.Count(n);

    /// <inheritdoc cref="Plain.Count(long, string)" />
    public static string Count(long n, string one) => Plain.Count(n, one);

    /// <summary>A drift or a cross-entropy with three decimals; a hyphen if it is undefined.</summary>
    public static string Figure(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A share in whole per cent; a hyphen if it is undefined.</summary>
    public static string Percent(double value) => double.IsNaN(value) ? "-" : value.ToString("0%", CultureInfo.InvariantCulture);

    /// <summary>A progress bar.</summary>
    /// <param name="share">In [0, 1].</param>
    public static string Bar(double share, int width, bool unicode)
    {
        var full = (int)Math.Floor(Math.Clamp(share, 0, 1) * width);
        return new string(unicode ? '█' : '#', full) + new string(unicode ? '░' : '.', width - full);
    }
}
