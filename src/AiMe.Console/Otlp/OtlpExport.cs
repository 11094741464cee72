using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiMe.Console.Otlp;

/// <summary>Exports the engine's traces and metrics through OpenTelemetry's SDK, which is loaded by <see cref="Begin"/> alone.</summary>
internal sealed class OtlpExport : IDisposable
{
    // A run makes thousands of spans a second; the SDK's own queue of 2,048 would drop most of them.
    private const int QueuedSpans = 65_536;

    private readonly ExportFailures _failures = new();
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private OtlpExport(OtlpSettings settings)
    {
        var resource = ResourceOf();
        if (settings.Traces)
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(Telemetry.Name)
                .AddOtlpExporter(options =>
                {
                    Set(options, settings, "traces");
                    if (Environment.GetEnvironmentVariable("OTEL_BSP_MAX_QUEUE_SIZE") is null)
                        options.BatchExportProcessorOptions.MaxQueueSize = QueuedSpans;
                    if (Environment.GetEnvironmentVariable("OTEL_BSP_SCHEDULE_DELAY") is null)
                        options.BatchExportProcessorOptions.ScheduledDelayMilliseconds = 1000;
                })
                .Build();
        if (settings.Metrics)
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(Telemetry.Name, "System.Runtime", "Npgsql")
                .AddOtlpExporter(options => Set(options, settings, "metrics"))
                .Build();
    }

    /// <summary>Begins to export; disposing sends what is left.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IDisposable Begin(OtlpSettings settings) => new OtlpExport(settings);

    /// <inheritdoc />
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _failures.Dispose();
    }

    private static void Set(OtlpExporterOptions options, OtlpSettings settings, string signal)
    {
        options.Protocol = settings.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (settings.EndpointOf(signal) is { } endpoint)
            options.Endpoint = endpoint;
    }

    // Variables name the service first: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
    private static ResourceBuilder ResourceOf() =>
        ResourceBuilder
            .CreateEmpty()
            .AddService("aime", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3))
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
}
