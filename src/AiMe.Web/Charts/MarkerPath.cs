using System.Diagnostics;
using static AiMe.Web.Charts.SvgText;

namespace AiMe.Web.Charts;

/// <summary>The outlines of points.</summary>
public static class MarkerPath
{
    /// <summary>The path of a shape around a place.</summary>
    /// <param name="r">Half its width.</param>
    public static string Of(MarkerShape shape, double x, double y, double r) =>
        shape switch
        {
            MarkerShape.Circle => $"M{N(x - r)} {N(y)}a{N(r)} {N(r)} 0 1 0 {N(2 * r)} 0a{N(r)} {N(r)} 0 1 0 {N(-2 * r)} 0Z",
            MarkerShape.Square => Closed((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)),
            MarkerShape.Up => Closed((x, y - 1.2 * r), (x + 1.1 * r, y + r), (x - 1.1 * r, y + r)),
            MarkerShape.Down => Closed((x, y + 1.2 * r), (x + 1.1 * r, y - r), (x - 1.1 * r, y - r)),
            MarkerShape.Diamond => Closed((x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)),
            MarkerShape.Cross => Cross(x, y, r, r / 3),
            _ => throw new UnreachableException(),
        };

    private static string Cross(double x, double y, double r, double t) =>
        Closed(
            (x - t, y - r),
            (x + t, y - r),
            (x + t, y - t),
            (x + r, y - t),
            (x + r, y + t),
            (x + t, y + t),
            (x + t, y + r),
            (x - t, y + r),
            (x - t, y + t),
            (x - r, y + t),
            (x - r, y - t),
            (x - t, y - t)
        );

    private static string Closed(params ReadOnlySpan<(double X, double Y)> points) => $"{Line(points.ToArray())}Z";
}
