using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiMe.EventSourcing;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tracing;

/// <summary>A call to a model as a span and two measurements, by OpenTelemetry's conventions for generative AI.</summary>
/// <remarks>Source: OpenTelemetry semantic conventions 1.41, generative AI: client spans and metrics.</remarks>
internal sealed class ModelCall : IDisposable
{
    private const string Operation = "gen_ai.operation.name",
        Provider = "gen_ai.provider.name",
        RequestModel = "gen_ai.request.model",
        AgentId = "gen_ai.agent.id";

    private static readonly Histogram<double> s_duration = Telemetry.Meter.CreateHistogram(
        "gen_ai.client.operation.duration",
        "s",
        "Duration of calls to models.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. Enumerable.Range(0, 14).Select(i => 0.01 * (1 << i))] }
    );

    private static readonly Histogram<long> s_tokens = Telemetry.Meter.CreateHistogram(
        "gen_ai.client.token.usage",
        "{token}",
        "Tokens that calls to models used.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [.. Enumerable.Range(0, 14).Select(i => 1L << (2 * i))] }
    );

    private readonly ModelEndpoint _endpoint;
    private readonly string _operation;
    private readonly string? _model;
    private readonly long _began = Stopwatch.GetTimestamp();
    private string? _responseModel;
    private string? _error;

    private ModelCall(ModelEndpoint endpoint, string operation, string? model)
    {
        (_endpoint, _operation, _model) = (endpoint, operation, model);
        var agent = Activity.Current?.GetTagItem(AgentId); // of the effect's span
        Span = Telemetry.Source.StartActivity(
            model is null ? operation : $"{operation} {model}",
            endpoint.Address is null ? ActivityKind.Internal : ActivityKind.Client
        );
        Span?.SetTag(Operation, operation).SetTag(Provider, endpoint.Provider).SetTag(RequestModel, model).SetTag(AgentId, agent);
        Span?.SetTag("server.address", endpoint.Address?.Host).SetTag("server.port", endpoint.Address?.Port);
    }

    /// <summary>Whether somebody listens; otherwise calls are passed through.</summary>
    public static bool IsHeard => Telemetry.Source.HasListeners() || s_duration.Enabled || s_tokens.Enabled;

    /// <summary>The span, or null if only measurements are heard.</summary>
    public Activity? Span { get; }

    public static ModelCall Begin(ModelEndpoint endpoint, string operation, string? model) => new(endpoint, operation, model);

    /// <summary>Notes the model and the tokens of an answer.</summary>
    public void Answered(string? model, UsageDetails? usage)
    {
        _responseModel = model;
        Span?.SetTag("gen_ai.response.model", model)
            .SetTag("gen_ai.usage.input_tokens", usage?.InputTokenCount)
            .SetTag("gen_ai.usage.output_tokens", usage?.OutputTokenCount);
        Use("input", usage?.InputTokenCount);
        Use("output", usage?.OutputTokenCount);
    }

    public void Failed(Exception failure)
    {
        _error = failure.GetType().FullName!;
        Span.Fail(_error, failure.Message);
    }

    /// <summary>Ends the call.</summary>
    public void Dispose()
    {
        if (s_duration.Enabled)
            s_duration.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, Tags(_error is null ? null : ("error.type", _error)));
        Span?.Dispose();
    }

    private void Use(string type, long? tokens)
    {
        if (tokens is { } used && s_tokens.Enabled)
            s_tokens.Record(used, Tags(("gen_ai.token.type", type)));
    }

    private TagList Tags((string Key, string Value)? more)
    {
        TagList tags = new() { { Operation, _operation }, { Provider, _endpoint.Provider } };
        if (_model is not null)
            tags.Add(RequestModel, _model);
        if (_responseModel is not null)
            tags.Add("gen_ai.response.model", _responseModel);
        if (more is var (key, value))
            tags.Add(key, value);
        return tags;
    }
}

/// <summary>Where a model is reached.</summary>
/// <param name="Provider">The provider's name by the conventions, or one of AiMe's own.</param>
/// <param name="Address">Null for a model in this process.</param>
internal sealed record ModelEndpoint(string Provider, Uri? Address)
{
    /// <summary>By what a client says of itself.</summary>
    public static ModelEndpoint Of(IChatClient chat) =>
        chat.GetService(typeof(ChatClientMetadata)) is ChatClientMetadata { ProviderName: { } name } known
            ? new(name, known.ProviderUri)
            : new("_OTHER", null);

    /// <summary>By what an embedder says of itself.</summary>
    public static ModelEndpoint Of(IEmbeddingGenerator embedder) =>
        embedder.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { ProviderName: { } name } known
            ? new(name, known.ProviderUri)
            : new("_OTHER", null);
}
