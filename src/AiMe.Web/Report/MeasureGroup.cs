using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Web.Report;

/// <summary>Measures that are shown together.</summary>
/// <param name="IsOpen">Whether they are shown at once: those of <c>compare</c>'s table.</param>
public sealed record MeasureGroup(string Title, bool IsOpen, ImmutableArray<Measure> Measures)
{
    private static readonly ImmutableArray<string> s_agent = ["promptToLine", "lineToLine"];

    /// <summary>
    /// The groups of a comparison: every measure that has a value, except the doses, once; selected ones alone if some are.
    /// </summary>
    public static ImmutableArray<MeasureGroup> Of(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        Measure[] known = [.. comparison.Measures.Where(m => MeasureFigure.HasValues(comparison, m))];
        if (comparison.ChoosesMeasures)
            return [new MeasureGroup("Selected measures", IsOpen: true, [.. known])];
        var doses = Measure.Doses.Select(m => m.Key).ToHashSet(StringComparer.Ordinal);
        var first = comparison
            .BaselineMeasures.Append(Measure.Keyed)
            .Concat(CollapseFindings.Shown(comparison.Variants))
            .Concat(comparison.Tests.Select(t => t.Measure))
            .Select(m => m.Key)
            .ToHashSet(StringComparer.Ordinal);
        Measure[] rest = [.. known.Where(m => !first.Contains(m.Key) && !doses.Contains(m.Key))];
        MeasureGroup[] all =
        [
            new("The table of compare", IsOpen: true, [.. known.Where(m => first.Contains(m.Key) && !doses.Contains(m.Key))]),
            new("The model by itself", IsOpen: false, [.. rest.Where(m => m.OfTheModelAlone)]),
            new("The whole agent at its probes", IsOpen: false, [.. rest.Where(m => s_agent.Contains(m.Key, StringComparer.Ordinal))]),
            new(
                "The answers of each round",
                IsOpen: false,
                [.. rest.Where(m => !m.OfTheModelAlone && !s_agent.Contains(m.Key, StringComparer.Ordinal))]
            ),
        ];
        return [.. all.Where(g => !g.Measures.IsEmpty)];
    }
}
