using System.Collections.Immutable;
using System.Globalization;
using AiMe.Console.Output.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Power;
using AiMe.Metrics.Statistics;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints a forecast of power: the pilot, the table, one sentence, and what the figures assume.</summary>
internal static class PowerView
{
    /// <summary>Writes the page; fits 80 columns and wider.</summary>
    public static void Write(IAnsiConsole console, PowerForecast forecast)
    {
        var (pilot, planned) = (forecast.Pilot, forecast.Planned);
        var size = Lines.Count(pilot.Replicates, "replicate");
        console.MarkupLineInterpolated(
            $"[bold]{planned.Run}[/]  power from the pilot {pilot.Run}: {size}, generation {forecast.Generation}"
        );
        foreach (var caution in Cautions(forecast))
            console.Write(new Text(caution + "\n", new Style(Color.Yellow)));
        ImmutableArray<TestForecast> shown = [.. forecast.Tests.Where(t => TestForecast.IsForecast(t.Test))];
        if (shown.IsEmpty)
            return;
        CompareView.Heading(
            console,
            "Power",
            $"differences found with {PowerWords.Percent(forecast.Goal.Power)} probability [by the 95% interval of the pilot's scatter]"
        );
        Sheet.Write(console, Label(shown, console.Profile.Width), Columns(forecast.Goal, shown));
        console.WriteLine();
        console.WriteLine(PowerWords.Of(forecast.First ?? shown[0]));
        console.WriteLine();
        foreach (var note in PowerNotes.Of(forecast))
            CompareView.Notes(console, note);
    }

    private static IEnumerable<string> Cautions(PowerForecast forecast)
    {
        if (forecast.Differing is { IsEmpty: false } differing)
            yield return $"The plans differ in {string.Join(", ", differing)}; the scatter is taken to be the same.";
        if (forecast.DeclaredGeneration != forecast.Generation)
            yield return $"The tests are of generation {forecast.DeclaredGeneration}, which the pilot did not reach; the scatter there "
                + "may be larger.";
    }

    private static SheetColumn Label(ImmutableArray<TestForecast> tests, int width) =>
        new(
            "outcome\ncontrast",
            [
                .. tests.Select(t => new Figure(
                    $"{TestWords.Outcome(t.Test)}{(!t.IsDeclared ? " (exploratory)" : t.Test.IsPrimary ? "" : " (secondary)")}",
                    width >= CompareCells.OneTable ? $"{t.Pair.First} - {t.Pair.Second}" : $"{t.Pair.First}\n- {t.Pair.Second}"
                )),
            ]
        );

    private static ImmutableArray<SheetColumn> Columns(PowerGoal goal, ImmutableArray<TestForecast> tests)
    {
        return
        [
            Column("pilot\nn", t => new Figure(t.Pilot.Replicates.ToString(CultureInfo.InvariantCulture))),
            Column("sd of the\ndifferences", t => Of(t, t.Pilot.StandardDeviation)),
            .. goal.Replicates.Select(
                (n, i) =>
                    Column($"found with\n{Lines.Count(n, "replicate")}", t =>
                        t.Detectable[i].CannotReach ? new Figure("none") : Of(t, t.Detectable[i].Difference)
                    )
            ),
            .. tests.Any(t => t.Difference is not null) ? [Column("replicates\nneeded", Needed)] : Array.Empty<SheetColumn>(),
        ];

        SheetColumn Column(string header, Func<TestForecast, Figure> cell) => new(header, [.. tests.Select(cell)]);
    }

    private static Figure Of(TestForecast test, PilotEstimate<double> figure)
    {
        var (estimate, low, high) = PowerWords.Texts(test.Test.Measure, figure);
        return new Figure(estimate, double.IsNaN(figure.Low) ? "" : $"[{low}, {high}]");
    }

    private static Figure Needed(TestForecast test) =>
        test is { Difference: { } difference, Status: ForecastStatus.Forecast }
            ? new Figure(
                $"{Count(test.Needed.Estimate)} for {PowerWords.Given(test.Test.Measure, difference)}",
                $"[{Count(test.Needed.Low)}, {Count(test.Needed.High)}]"
            )
            : new Figure("-");

    private static string Count(int? replicates) => replicates is { } n ? Lines.Count(n) : ">10,000";
}
