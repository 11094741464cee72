using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>A row of a forest plot: an estimate with its interval.</summary>
/// <param name="Label">What is estimated.</param>
/// <param name="Value">The figure in words, such as <c>0.025 [0.010, 0.040]</c>.</param>
/// <param name="Note">A second line: verdict, p, number of replicates; may be empty.</param>
/// <param name="Estimate">NaN if there is none.</param>
/// <param name="IsStrong">Whether the marker is filled: what may be claimed.</param>
/// <param name="Style">The variant's style; null for a contrast.</param>
public sealed record ForestRow(
    string Label,
    string Value,
    string Note,
    double Estimate,
    double Low,
    double High,
    bool IsStrong,
    SeriesStyle? Style = null
)
{
    /// <summary>The values that it is the mean of, as thin upright strokes; empty to show none.</summary>
    public ImmutableArray<double> Strokes { get; init; } = [];
}

/// <summary>A forest plot: estimates with intervals below each other, beside a line of no effect.</summary>
/// <param name="XTitle">What the axis measures, with its direction.</param>
/// <param name="Zero">Where the upright line is; NaN for none.</param>
/// <param name="ZeroName">Its name; may be empty.</param>
/// <param name="Percent">Whether the values are shares.</param>
public sealed record ForestData(
    string Title,
    string Description,
    string XTitle,
    ImmutableArray<ForestRow> Rows,
    double Zero,
    string ZeroName,
    bool Percent
)
{
    /// <summary>Shaded interval about the upright line, such as an equivalence bound; 0 for none.</summary>
    public double Margin { get; init; }

    /// <summary>Whether the values are differences: those of shares are in percentage points.</summary>
    public bool AreDifferences { get; init; }

    /// <summary>The value that the axis must include; NaN for none.</summary>
    public double Includes { get; init; } = double.NaN;
}
