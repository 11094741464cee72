using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Comparison;

/// <summary>Cells of the tables of a comparison.</summary>
internal static class CompareCells
{
    /// <summary>Width from which names are not broken.</summary>
    public const int OneTable = 150;

    private const int LongestName = 14;

    /// <summary>A name for a narrow column: broken at its hyphens if it is longer than the column.</summary>
    public static string Folded(string name, int width)
    {
        if (name.Length <= LongestName || width >= OneTable)
            return name;
        List<string> lines = [];
        foreach (var part in name.Split('-').Select((p, i) => i == 0 ? p : $"-{p}"))
        {
            if (lines.Count > 0 && lines[^1].Length + part.Length <= LongestName)
                lines[^1] += part;
            else
                lines.Add(part);
        }

        return string.Join('\n', lines);
    }

    /// <summary>A difference and its interval.</summary>
    /// <param name="of">Pairs of instances that may have a difference.</param>
    public static Figure Difference(PairSummary pair, int of) =>
        !pair.IsFixed ? Figure.Of(pair.Measure, pair.Difference, difference: true, of: of)
        : pair.Difference.Mean == 0 ? new Figure("the same model")
        : new Figure("one fixed");

    /// <summary>The measures of differences if none were chosen.</summary>
    public static ImmutableArray<Measure> Differences(RunComparison comparison) =>
        comparison.ChoosesMeasures
            ? comparison.Measures
            :
            [
                Measure.BareDrift,
                Measure.AgentDrift,
                Measure.HeldOutRise,
                .. comparison.Tests.Select(t => t.Measure).Except([Measure.BareDrift, Measure.AgentDrift, Measure.HeldOutRise]),
            ];
}
