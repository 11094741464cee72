using System.Collections.Immutable;

namespace AiMe.Web.Report;

/// <summary>A report: one run, or several side by side, never pooled.</summary>
/// <param name="Version">Version of the program.</param>
public sealed record ReportDocument(ImmutableArray<ReportRun> Runs, string Version)
{
    /// <summary>The title of the page.</summary>
    public string Title => string.Join(", ", Runs.Select(r => r.Record.Plan.Run));
}
