using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AiMe.Web.Charts;

/// <summary>A label beside a point.</summary>
/// <param name="X">Where the text begins, or ends if <paramref name="IsEnd"/>.</param>
/// <param name="Y">Its base line.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LabelPlace(double X, double Y, bool IsEnd);

/// <summary>Places labels beside points so that they cover as little as possible: other labels first of all, then markers.</summary>
public static class LabelPlaces
{
    private const double Gap = 10;
    private const double Ascent = 10;
    private const double Descent = 4;

    /// <summary>
    /// Places the labels one after another. Of equally good places the nearest to the point is taken, on its right first.
    /// </summary>
    /// <param name="labels">The points, each with the width of its text.</param>
    /// <param name="markers">Centres and radii of what should stay visible.</param>
    /// <param name="box">The plot, which labels do not leave if they fit into it.</param>
    public static ImmutableArray<LabelPlace> Of(
        IReadOnlyList<(double X, double Y, double Width)> labels,
        IReadOnlyList<(double X, double Y, double Radius)> markers,
        ChartBox box
    )
    {
        var placed = ImmutableArray.CreateBuilder<LabelPlace>(labels.Count);
        List<Area> taken = [];
        foreach (var (x, y, width) in labels)
        {
            // the first of equals
            var (place, area) = Candidates(x, y, width).Select(c => (Place: c, Area: Area.Of(c, width))).MinBy(c => Cost(c.Area));
            placed.Add(place);
            taken.Add(area);
        }

        return placed.ToImmutable();

        double Cost(Area area) =>
            100 * area.Outside(box) + 10 * taken.Sum(area.Overlap) + markers.Sum(m => area.Overlap(Area.Around(m.X, m.Y, m.Radius)));
    }

    private static IEnumerable<LabelPlace> Candidates(double x, double y, double width)
    {
        for (var line = 0; line < 5; line++)
            foreach (var off in line == 0 ? (double[])[0] : [-line, line])
            {
                var at = y + off * ChartBox.Line + Descent;
                yield return new(x + Gap, at, IsEnd: false);
                yield return new(x - Gap, at, IsEnd: true);
                if (line > 0)
                    yield return new(x - width / 2, at, IsEnd: false);
            }
    }

    private readonly record struct Area(double Left, double Top, double Right, double Bottom)
    {
        public static Area Of(LabelPlace place, double width) =>
            place.IsEnd
                ? new(place.X - width, place.Y - Ascent, place.X, place.Y + Descent)
                : new(place.X, place.Y - Ascent, place.X + width, place.Y + Descent);

        public static Area Around(double x, double y, double radius) => new(x - radius, y - radius, x + radius, y + radius);

        public double Overlap(Area other) =>
            Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
            * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));

        public double Outside(ChartBox box) =>
            Math.Max(0, box.Left - Left) + Math.Max(0, Right - box.Right) + Math.Max(0, box.Top - Top) + Math.Max(0, Bottom - box.Bottom);
    }
}
