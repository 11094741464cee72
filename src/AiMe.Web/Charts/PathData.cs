using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AiMe.Web.Charts;

/// <summary>A place in a plane.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlanePoint(double X, double Y);

/// <summary>A way through a plane: from generation 0 on.</summary>
/// <param name="IsMean">Whether it is the mean of a variant, which is drawn thick and named.</param>
public sealed record PathSeries(string Name, SeriesStyle Style, ImmutableArray<PlanePoint> Points, bool IsMean);

/// <summary>Ways through a plane.</summary>
public sealed record PathData(string Title, string Description, string XTitle, string YTitle, ImmutableArray<PathSeries> Series);
