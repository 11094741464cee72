using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>The difference of two variants over charters: a forest plot of mean and charters, and the numbers behind it.</summary>
public static class CharterFigure
{
    /// <summary>One row: the mean over charters with its interval, and a stroke for each charter.</summary>
    public static ForestData Chart(CharterContrast contrast)
    {
        ArgumentNullException.ThrowIfNull(contrast);
        var (measure, name) = (contrast.Measure, $"{contrast.First} \u2212 {contrast.Second}");
        var value = measure.Show(contrast.Estimate, difference: true);
        return new ForestData(
            $"{measure.Title} by charter",
            $"{name}, mean over {contrast.Charters.Length} charters: {value}, {Note(contrast)}. By charter: "
                + $"{string.Join("; ", contrast.Charters.Select(c => $"{c.Charter} {measure.ShowDifference(c.Difference)}"))}.",
            $"difference in {AxisTitle.Of(measure)}",
            [
                new ForestRow(
                    name,
                    value,
                    $"{Note(contrast)}, {contrast.SameSign} with its sign",
                    contrast.Estimate.Mean,
                    contrast.Estimate.Low,
                    contrast.Estimate.High,
                    contrast.Test?.Verdict == TestVerdict.Supported
                )
                {
                    Strokes = [.. contrast.Charters.Select(c => c.Difference)],
                },
            ],
            0,
            "no difference",
            measure.Percent
        )
        {
            AreDifferences = true,
        };
    }

    /// <summary>The numbers: a row a charter.</summary>
    public static PlainTable Table(RunComparison comparison, CharterContrast contrast)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(contrast);
        return new PlainTable(
            ["charter", "run", "measure", "first", "second", "difference", "replicates"],
            [
                .. contrast.Charters.Select(c =>
                    (ImmutableArray<string>)
                        [
                            c.Charter,
                            comparison.Plan.Run,
                            contrast.Measure.Key,
                            contrast.First,
                            contrast.Second,
                            Cells.Of(c.Difference),
                            Cells.Of(c.Replicates),
                        ]
                ),
            ]
        );
    }

    private static string Note(CharterContrast contrast) =>
        contrast.Test is { } test ? ForestFigures.Note(test) : $"exploratory, n = {contrast.Estimate.N} charters";
}
