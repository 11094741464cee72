using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Web.Report;

/// <summary>A report: one run, or several side by side, never pooled.</summary>
/// <param name="Version">Version of the program.</param>
public sealed record ReportDocument(ImmutableArray<ReportRun> Runs, string Version)
{
    /// <summary>The title of the page.</summary>
    public string Title => string.Join(", ", Runs.Select(r => r.Record.Plan.Run));

    /// <summary>The report of a whole run, as it is now; null if the store has no such run.</summary>
    /// <exception cref="CorruptJournalException">The run cannot be read.</exception>
    public static async Task<ReportDocument?> ReadAsync(EventStore store, string run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if ((await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken))?.Plan is null)
            return null;
        var record = await RunRecord.ReadAsync(store.Journal, run, cancellationToken);
        var version = typeof(ReportDocument).Assembly.GetName().Version?.ToString(3) ?? "";
        return new ReportDocument([ReportRun.Of(record, RunComparison.Of(record), Selection.All, registration: null)], version);
    }
}
