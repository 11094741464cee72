using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>The names of upright lines, in rows above a plot.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Labels">
/// Of each line in order: its place, its text, where that is centred, and its row from 0, the lowest. Without a text if no row has
/// room for it; the description of the chart and its table have it.
/// </param>
public sealed record EventLabels(int Rows, ImmutableArray<(double Line, string Text, double X, int Row)> Labels)
{
    /// <summary>Size of the names.</summary>
    public const double Size = 11;

    /// <summary>Distance of two rows.</summary>
    public const double Line = 14;

    private const int MostRows = 3;
    private const double Gap = 8;

    /// <summary>Places each name over its line, or as near to it as the plot allows, in the lowest row that has room.</summary>
    /// <param name="lines">In the order of their x.</param>
    /// <param name="scale">From left to right.</param>
    public static EventLabels Of(ImmutableArray<EventLine> lines, ChartScale scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        var ends = new List<double>();
        var labels = ImmutableArray.CreateBuilder<(double, string, double, int)>(lines.Length);
        foreach (var line in lines)
        {
            var at = scale.At(line.X);
            var text = SvgText.Fit(line.Name, Size, scale.To - scale.From);
            var half = SvgText.Width(text, Size) / 2;
            var x = Math.Max(scale.From + half, Math.Min(at, scale.To - half));
            var row = ends.FindIndex(end => x - half >= end + Gap);
            if (row < 0 && ends.Count < MostRows)
            {
                row = ends.Count;
                ends.Add(0);
            }

            if (row >= 0)
                ends[row] = x + half;
            labels.Add(row < 0 ? (at, "", at, ends.Count) : (at, text, x, row));
        }

        return new EventLabels(ends.Count, labels.MoveToImmutable());
    }
}
