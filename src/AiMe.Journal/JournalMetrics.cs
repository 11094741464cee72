using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Measures of a journal's batches: each is one transaction.</summary>
internal static class JournalMetrics
{
    /// <summary>Names of database systems, by OpenTelemetry's conventions.</summary>
    public const string Sqlite = "sqlite",
        Postgres = "postgresql";

    private static readonly Histogram<int> s_size = Telemetry.Meter.CreateHistogram(
        "aime.journal.batch.size",
        "{append}",
        "Appends and other jobs in a transaction of the journal.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] }
    );

    private static readonly Histogram<double> s_duration = Telemetry.Meter.CreateHistogram(
        "aime.journal.batch.duration",
        "s",
        "Duration of a transaction of the journal, until it is durable.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. Enumerable.Range(0, 16).Select(i => 0.0001 * (1 << i))] }
    );

    private static readonly Gauge<int> s_waiting = Telemetry.Meter.CreateGauge<int>(
        "aime.journal.waiting",
        "{append}",
        "Appends and other jobs that wait while a transaction is written."
    );

    /// <summary>Records a transaction.</summary>
    /// <param name="began">Timestamp of its start.</param>
    /// <param name="failure">Why it failed; null if it is durable.</param>
    public static void Record(string system, int size, int waiting, long began, Exception? failure)
    {
        if (!s_size.Enabled && !s_duration.Enabled && !s_waiting.Enabled)
            return;
        TagList tags = new() { { "db.system.name", system } };
        s_waiting.Record(waiting, tags);
        if (failure is not null)
            tags.Add("error.type", failure.GetType().FullName);
        s_size.Record(size, tags);
        s_duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }
}
