using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace AiMe.Console.Otlp;

/// <summary>Says on standard error what the export reports: the first failure of each kind at once, their number at the end.</summary>
internal sealed class ExportFailures : EventListener
{
    private const string Sources = "OpenTelemetry-";

    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        var all = _seen.Values.Sum();
        if (all > _seen.Count)
            System.Console.Error.WriteLine($"telemetry: {all.ToString("N0", CultureInfo.InvariantCulture)} failures of the export in all");
    }

    /// <inheritdoc />
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith(Sources, StringComparison.Ordinal))
            EnableEvents(eventSource, EventLevel.Warning);
    }

    /// <inheritdoc />
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The SDK warns of every foreign instrument that it does not export.
        if (eventData.Level > EventLevel.Error && eventData.EventName?.Contains("Drop", StringComparison.Ordinal) != true)
            return;
        if (_seen.AddOrUpdate(eventData.EventName ?? "", 1, (_, n) => n + 1) == 1)
            System.Console.Error.WriteLine($"telemetry: {FirstLine(eventData)}");
    }

    private static string FirstLine(EventWrittenEventArgs written)
    {
        var said = string.Format(CultureInfo.InvariantCulture, written.Message ?? written.EventName ?? "", [.. written.Payload ?? new([])]);
        return said.Split('\n')[0].TrimEnd();
    }
}
