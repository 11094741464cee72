using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Web.Report;

namespace AiMe.Web.Tests.Report;

/// <summary>Reports of synthetic runs.</summary>
internal static class Reports
{
    public static async Task<string> HtmlAsync(params RunRecord[] records)
    {
        await using var text = new StringWriter();
        await ReportRenderer.WriteAsync(
            new ReportDocument([.. records.Select(r => ReportRun.Of(r, RunComparison.Of(r), Selection.All, registration: null))], "0.0.0"),
            text
        );
        return text.ToString();
    }
}
