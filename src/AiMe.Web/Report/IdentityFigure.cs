using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Lab.Analysis.Trajectories;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>The ways through identity space: a chart and the numbers behind it.</summary>
public static class IdentityFigure
{
    /// <summary>The chart: a thin way for each instance, and a thick one for the mean of each variant.</summary>
    public static PathData Chart(IdentitySpace space, ImmutableDictionary<string, SeriesStyle> styles) =>
        new(
            "Ways through identity space",
            $"Each line is an instance, from generation 0 at the open circle to its last generation; "
                + "thick lines are the means of the variants. "
                + $"{string.Join("; ", Means(space).Select(m => $"{m.Variant} ends at {Place(m.Points[^1])}"))}.",
            $"first component ({Share(space, 0)})",
            $"second component ({Share(space, 1)})",
            [
                .. space.Paths.Select(p => new PathSeries(p.Instance, styles[p.Variant], Points(p.Points), IsMean: false)),
                .. Means(space).Select(m => new PathSeries(m.Variant, styles[m.Variant], Points(m.Points), IsMean: true)),
            ]
        );

    /// <summary>The numbers: a row an instance and generation.</summary>
    public static PlainTable Table(string run, IdentitySpace space) =>
        new(
            ["run", "variant", "replicate", "instance", "generation", "first", "second"],
            [
                .. from path in space.Paths
                from point in path.Points.Index()
                select (ImmutableArray<string>)
                    [
                        run,
                        path.Variant,
                        Cells.Of(path.Replicate),
                        path.Instance,
                        Cells.Of(point.Index),
                        Cells.Of(point.Item.First),
                        Cells.Of(point.Item.Second),
                    ],
            ]
        );

    // The mean of those that reached a generation, as far as any did.
    private static IEnumerable<(string Variant, ImmutableArray<(double First, double Second)> Points)> Means(IdentitySpace space) =>
        space
            .Paths.GroupBy(p => p.Variant, StringComparer.Ordinal)
            .Select(v =>
                (
                    v.Key,
                    Enumerable
                        .Range(0, v.Max(p => p.Points.Length))
                        .Select(g => v.Where(p => p.Points.Length > g).Select(p => p.Points[g]).ToArray())
                        .Select(at => (at.Average(a => a.First), at.Average(a => a.Second)))
                        .ToImmutableArray()
                )
            );

    private static ImmutableArray<PlanePoint> Points(ImmutableArray<(double First, double Second)> points) =>
        [.. points.Select(p => new PlanePoint(p.First, p.Second))];

    private static string Share(IdentitySpace space, int axis) =>
        axis < space.Shares.Length
            ? $"{(100 * space.Shares[axis]).ToString("0", CultureInfo.InvariantCulture)}% at gen. {space.AxesFrom}"
            : "none";

    private static string Place((double First, double Second) at) =>
        $"({at.First.ToString("0.00", CultureInfo.InvariantCulture)}, {at.Second.ToString("0.00", CultureInfo.InvariantCulture)})";
}
