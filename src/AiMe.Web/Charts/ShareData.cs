using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>A part of a bar.</summary>
/// <param name="Share">Of the bar, in [0, 1].</param>
/// <param name="Text">The figure in words.</param>
public sealed record SharePart(double Share, string Text);

/// <summary>A bar of shares that sum to at most 1.</summary>
/// <param name="Parts">Shape of the names of the chart.</param>
public sealed record ShareBar(string Label, string Value, ImmutableArray<SharePart> Parts);

/// <summary>Stacked bars of shares.</summary>
/// <param name="Names">Of the parts, in order.</param>
public sealed record ShareData(
    string Title,
    string Description,
    string XTitle,
    ImmutableArray<string> Names,
    ImmutableArray<ShareBar> Bars
);
