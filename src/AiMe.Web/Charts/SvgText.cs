using System.Globalization;
using System.Text;

namespace AiMe.Web.Charts;

/// <summary>Numbers and paths as SVG writes them, and the width of words.</summary>
public static class SvgText
{
    private const double Wide = 0.92;
    private const double Usual = 0.56;
    private const double Narrow = 0.3;

    /// <summary>A place in a chart, to a tenth of a unit.</summary>
    public static string N(double place) => (Math.Round(place, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A line through points; a point with NaN interrupts it.</summary>
    public static string Line(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        var down = false;
        foreach (var (x, y) in points)
        {
            if (double.IsNaN(x) || double.IsNaN(y))
            {
                down = false;
                continue;
            }

            path.Append(down ? 'L' : 'M').Append(N(x)).Append(' ').Append(N(y));
            down = true;
        }

        return path.ToString();
    }

    /// <summary>A closed area between two lines with the same x, in one piece for each run of known points.</summary>
    public static string Band(IReadOnlyList<(double X, double Low, double High)> points)
    {
        var path = new StringBuilder();
        for (var start = 0; start < points.Count; )
        {
            var end = start;
            while (end < points.Count && !double.IsNaN(points[end].Low) && !double.IsNaN(points[end].High))
                end++;
            if (end > start)
            {
                var part = points.Skip(start).Take(end - start).ToArray();
                path.Append(Line([.. part.Select(p => (p.X, p.High)), .. part.Reverse().Select(p => (p.X, p.Low))])).Append('Z');
            }

            start = end + 1;
        }

        return path.ToString();
    }

    /// <summary>The steps of a survival curve: horizontal, then down.</summary>
    public static string Steps(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
            path.Append(path.Length == 0 ? $"M{N(x)} {N(y)}" : $"H{N(x)}V{N(y)}");
        return path.ToString();
    }

    /// <summary>About how wide a text is, in units of the view box; exact widths depend on the reader's font.</summary>
    public static double Width(string text, double size) =>
        size
        * text.Sum(c =>
            c switch
            {
                'i' or 'l' or 'j' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or '(' or ')' or '[' or ']' => Narrow,
                'm' or 'w' or 'M' or 'W' or '%' or '@' => Wide,
                > '\u2E80' => 1,
                _ => Usual,
            }
        );

    /// <summary>A text cut to a width, with an ellipsis if it was longer.</summary>
    public static string Fit(string text, double size, double width)
    {
        text = Lab.History.VisibleText.Of(text);
        if (Width(text, size) <= width)
            return text;
        var cut = text;
        while (cut.Length > 1 && Width(cut, size) + size > width)
            cut = Corpora.TextCut.Beginning(cut, cut.Length - 1);
        return $"{cut.TrimEnd()}\u2026";
    }
}
