using AiMe.Web.Charts;
using AiMe.Web.Report;
using Microsoft.AspNetCore.Components;

namespace AiMe.Web.Plot;

/// <summary>A chart in a figure: drawn at the width that the figure gives it.</summary>
public sealed record PlotPanel(Func<double, Task<string>> SvgAsync)
{
    private const double LeastHeight = 240;
    private const double MostHeight = 400;
    private const double HeightToWidth = 0.6;
    private const double AroundLabels = 76;

    /// <summary>Lines over generations.</summary>
    public static PlotPanel Of(LineChartData chart) =>
        new(width =>
            DrawAsync<LineChart>(
                (nameof(LineChart.Data), chart),
                (nameof(LineChart.Width), width),
                // high enough for a label beside each line
                (nameof(LineChart.Height), Math.Max(Height(width), chart.Series.Length * ChartBox.Line + AroundLabels)),
                (nameof(LineChart.IsFigure), true)
            )
        );

    /// <summary>A forest plot.</summary>
    public static PlotPanel Of(ForestData plot) =>
        new(width => DrawAsync<ForestPlot>((nameof(ForestPlot.Data), plot), (nameof(ForestPlot.Width), width)));

    /// <summary>Survival curves.</summary>
    public static PlotPanel Of(SurvivalData curves) =>
        new(width => DrawAsync<SurvivalChart>((nameof(SurvivalChart.Data), curves), (nameof(SurvivalChart.Width), width)));

    /// <summary>Stacked bars.</summary>
    public static PlotPanel Of(ShareData bars) =>
        new(width => DrawAsync<ShareChart>((nameof(ShareChart.Data), bars), (nameof(ShareChart.Width), width)));

    /// <summary>Ways through a plane.</summary>
    public static PlotPanel Of(PathData paths) =>
        new(width =>
            DrawAsync<PathChart>(
                (nameof(PathChart.Data), paths),
                (nameof(PathChart.Width), width),
                (nameof(PathChart.Height), Math.Min(0.8 * width, 1.3 * MostHeight))
            )
        );

    /// <summary>Trees of models.</summary>
    public static PlotPanel Of(TreeData trees) =>
        new(width => DrawAsync<TreeChart>((nameof(TreeChart.Data), trees), (nameof(TreeChart.Width), width)));

    private static double Height(double width) => Math.Clamp(HeightToWidth * width, LeastHeight, MostHeight);

    private static async Task<string> DrawAsync<TComponent>(params (string Name, object Value)[] parameters)
        where TComponent : IComponent
    {
        await using var text = new StringWriter();
        await ReportRenderer.WriteAsync<TComponent>(
            parameters.ToDictionary(p => p.Name, object? (p) => p.Value, StringComparer.Ordinal),
            text
        );
        return text.ToString();
    }
}
