using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AiMe.Web.Charts;

/// <summary>A step of a survival curve, with its interval; the bounds are NaN if it has none.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SurvivalChartStep(double Time, double Share, double Low, double High, int Censored);

/// <summary>A survival curve with the numbers at risk.</summary>
/// <param name="AtRisk">At each generation from 0 to the last.</param>
public sealed record SurvivalSeries(string Name, SeriesStyle Style, ImmutableArray<SurvivalChartStep> Steps, ImmutableArray<int> AtRisk);

/// <summary>Survival curves by variant.</summary>
/// <param name="Last">The last generation.</param>
public sealed record SurvivalData(
    string Title,
    string Description,
    string XTitle,
    string YTitle,
    ImmutableArray<SurvivalSeries> Series,
    int Last
);
