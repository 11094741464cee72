using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tracing;

/// <summary>Reports each call to an embedder, if somebody listens.</summary>
internal sealed class TracedEmbedder(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly ModelEndpoint _endpoint = ModelEndpoint.Of(inner);
    private readonly string? _model = (inner.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId;

    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ModelCall.IsHeard ? ReportedAsync(values, options, cancellationToken) : base.GenerateAsync(values, options, cancellationToken);

    private async Task<GeneratedEmbeddings<Embedding<float>>> ReportedAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        using var call = ModelCall.Begin(_endpoint, "embeddings", options?.ModelId ?? _model);
        try
        {
            var embeddings = await base.GenerateAsync(values, options, cancellationToken);
            call.Answered(embeddings.Select(e => e.ModelId).FirstOrDefault(), embeddings.Usage);
            call.Span?.SetTag("gen_ai.embeddings.dimension.count", embeddings.Select(e => (int?)e.Vector.Length).FirstOrDefault());
            return embeddings;
        }
        catch (Exception e)
        {
            call.Failed(e);
            throw;
        }
    }
}
