using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AiMe.Web.Charts;

/// <summary>A value with its interval.</summary>
/// <param name="Y">NaN if there is none.</param>
/// <param name="Low">NaN without an interval.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BandPoint(double X, double Y, double Low, double High);

/// <summary>A line with its interval band, and thin lines of what it is the mean of.</summary>
/// <param name="Name">Beside its end.</param>
/// <param name="Thin">Values at each x of <paramref name="Points"/>; one array an instance.</param>
public sealed record LineSeries(
    string Name,
    SeriesStyle Style,
    ImmutableArray<BandPoint> Points,
    ImmutableArray<ImmutableArray<double>> Thin
);

/// <summary>A horizontal line with a name, such as a floor.</summary>
public sealed record ReferenceLine(double Y, string Name);

/// <summary>An upright line with a name above it, such as the beginning of an intervention.</summary>
/// <param name="X">On the scale of the points; may lie between two of them.</param>
public sealed record EventLine(double X, string Name);

/// <summary>Lines over generations.</summary>
/// <param name="Title">Short; names the chart for a screen reader.</param>
/// <param name="Description">What it shows, in a sentence or two, with its main figures.</param>
/// <param name="Least">Minimum of the measure.</param>
/// <param name="Most">Maximum of the measure.</param>
/// <param name="Percent">Whether the values are shares.</param>
public sealed record LineChartData(
    string Title,
    string Description,
    string XTitle,
    string YTitle,
    ImmutableArray<LineSeries> Series,
    double Least,
    double Most,
    bool Percent
)
{
    /// <summary>Horizontal lines.</summary>
    public ImmutableArray<ReferenceLine> References { get; init; } = [];

    /// <summary>Whether the values are differences: those of shares are in percentage points.</summary>
    public bool AreDifferences { get; init; }

    /// <summary>Upright lines, in the order of their x.</summary>
    public ImmutableArray<EventLine> Events { get; init; } = [];
}
