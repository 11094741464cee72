using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.Corpora;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Web.Plot;
using AiMe.Web.Report;

namespace AiMe.Console.Commands;

/// <summary>Hands a comparison to the charts. Kept apart, so that commands which draw nothing load nothing of ASP.NET and Skia.</summary>
internal static class PlotPages
{
    /// <summary>Writes a figure and returns what was written.</summary>
    /// <exception cref="UsageException">Nothing is asked for, or a chart has nothing to show.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<string> WriteAsync(
        RunRecord record,
        RunComparison comparison,
        Selection chosen,
        PlotRequest asked,
        Stream output
    )
    {
        var width = PlotOptions.WidthOf(asked.Width)
            ?? throw new UsageException(
                $"--width: found '{asked.Width}', expected single, double, or {PlotOptions.Least:0} to {PlotOptions.Most:0} millimetres "
                    + "such as 120mm"
            );
        var options = new PlotOptions(Enum.Parse<PlotForm>(asked.Form, ignoreCase: true), width, asked.IsDark, asked.Font);
        var panels = PanelsOf(ReportRun.Of(record, comparison, chosen, registration: null), asked.Kinds);
        if (panels.IsEmpty)
            throw new UsageException(
                "found nothing to draw, expected --measure with one or more measures, or one of --variants, --contrasts, --survival, "
                    + "--acceptance, --identity and --lineage"
            );
        try
        {
            var missing = await PlotFile.WriteAsync(panels, $"{comparison.Plan.Run}", options, output);
            if (missing.Count > 0)
                await System.Console.Error.WriteLineAsync(
                    $"warning: the font has no glyph for {string.Join(" ", missing)}; name another one with --font"
                );
        }
        catch (PlotException e)
        {
            throw new UsageException(e.Message);
        }

        return $"{panels.Length} {(panels.Length == 1 ? "panel" : "panels")}, {width:0.#} mm wide,";
    }

    private static ImmutableArray<PlotPanel> PanelsOf(ReportRun run, ImmutableArray<PlotKind> kinds)
    {
        ImmutableArray<Measure> measures = run.Shown.ChoosesMeasures ? run.Shown.Measures : [];
        if (measures.FirstOrDefault(m => !MeasureFigure.HasValues(run.Shown, m)) is { } empty)
            throw new UsageException(
                $"--measure: {empty.Key} is undefined at every generation of {run.Shown.Plan.Run}: there is nothing to draw"
            );
        var asForest = kinds.Contains(PlotKind.Variants);
        return
        [
            .. asForest ? [] : measures.Select(m => PlotPanel.Of(MeasureFigure.Chart(run.Shown, m, run.Styles))),
            .. kinds.SelectMany(k => Of(k, run, measures)),
        ];
    }

    private static IEnumerable<PlotPanel> Of(PlotKind kind, ReportRun run, ImmutableArray<Measure> measures)
    {
        var shown = run.Shown;
        switch (kind)
        {
            case PlotKind.Variants:
                return (measures.IsEmpty ? [Measure.BareDrift] : measures).Select(m =>
                    PlotPanel.Of(ForestFigures.Variants(shown, m, run.Styles))
                );
            case PlotKind.Contrasts:
                var tests = shown.Tests.Where(t => t.Estimate.N > 0).GroupBy(t => t.Measure.Key).ToArray();
                return tests.Length > 0
                    ? tests.Select(t => PlotPanel.Of(ForestFigures.Contrasts([.. t])))
                    : throw Nothing(
                        "--contrasts",
                        $"no declared contrast of {shown.Plan.Run} has an estimate at generation {shown.Generation}"
                    );
            case PlotKind.Survival:
                var curves = shown.Survival.GroupBy(c => c.Outcome).ToArray();
                return curves.Length > 0
                    ? curves.Select(c => PlotPanel.Of(SurvivalFigure.Chart(shown, [.. c], run.Styles)))
                    : throw Nothing("--survival", $"{shown.Plan.Run} declares no survival outcome");
            case PlotKind.Acceptance:
                return [PlotPanel.Of(ReasonFigure.Chart(run.Reasons))];
            case PlotKind.Identity:
                return run.Space is { } space
                    ? [PlotPanel.Of(IdentityFigure.Chart(space, run.Styles))]
                    : throw Nothing("--identity", $"no model of {shown.Plan.Run} has moved from generation 0");
            case PlotKind.Lineage:
                return run.Trees is { } trees
                    ? [PlotPanel.Of(trees)]
                    : throw Nothing("--lineage", $"no instance of {shown.Plan.Run} has trained a model");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static UsageException Nothing(string option, string why) => new($"{option}: {why}: there is nothing to draw");
}
