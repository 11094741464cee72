using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiMe.Web.Report;

/// <summary>Renders components to text with the framework's own renderer; no server and no browser is needed.</summary>
public static class ReportRenderer
{
    /// <summary>Writes a report as one self-contained page.</summary>
    public static Task WriteAsync(ReportDocument document, TextWriter output) =>
        WriteAsync<ReportPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ReportPage.Document)] = document },
            output
        );

    /// <summary>Renders any component, such as a chart.</summary>
    /// <param name="parameters">By name.</param>
    public static async Task WriteAsync<TComponent>(IDictionary<string, object?> parameters, TextWriter output)
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).WriteHtmlTo(output)
        );
    }
}
