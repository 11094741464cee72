namespace AiMe.Console.Otlp;

/// <summary>What is exported, and where to.</summary>
/// <param name="Endpoint">The address of <c>--otlp</c>; null if the standard variables name it.</param>
/// <param name="Grpc">Whether to use gRPC instead of HTTP.</param>
internal sealed record OtlpSettings(Uri? Endpoint, bool Traces, bool Metrics, bool Grpc)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>By the option and the standard variables; null if nothing asks for an export.</summary>
    /// <param name="variable">Reads an environment variable; null or empty if it is not set.</param>
    public static OtlpSettings? Of(Uri? endpoint, Func<string, string?> variable)
    {
        if (Is("OTEL_SDK_DISABLED", "true"))
            return null;
        var traces = Wants("TRACES");
        var metrics = Wants("METRICS");
        return traces || metrics ? new(endpoint, traces, metrics, Is($"{Prefix}PROTOCOL", "grpc")) : null;

        bool Is(string name, string value) => string.Equals(variable(name)?.Trim(), value, StringComparison.OrdinalIgnoreCase);

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(variable(name));

        bool Wants(string signal) =>
            (endpoint is not null || IsSet($"{Prefix}ENDPOINT") || IsSet($"{Prefix}{signal}_ENDPOINT"))
            && !Is($"OTEL_{signal}_EXPORTER", "none");
    }

    /// <summary>Where a signal goes: <c>v1/traces</c> or <c>v1/metrics</c> below the endpoint, unless gRPC names it itself.</summary>
    public Uri? EndpointOf(string signal) =>
        Endpoint is null || Grpc ? Endpoint : new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
}
