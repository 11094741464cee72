using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>
/// A hosted embedder. The number of components of its vectors is constant for its lifetime; another number is a
/// failure.
/// </summary>
public sealed class OpenAiEmbedder(OpenAiServer server, string model) : IEmbeddingGenerator<string, Embedding<float>>
{
    private int _dimensions; // 0 until the first answer

    /// <summary>One embedding for each text, in their order; many texts are sent in several requests.</summary>
    /// <exception cref="ProviderException">
    /// The server failed, or returned something other than one finite vector of the usual length for each text.
    /// </exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var name = options?.ModelId ?? model;
        GeneratedEmbeddings<Embedding<float>> all = [];
        foreach (var texts in values.Chunk(server.Options.Batch))
        {
            using var metered = await server.MeterAsync(OpenAiMetered.Of(texts), cancellationToken);
            var answer = await server.EmbedAsync(
                name,
                dialect => OpenAiRequest.Embeddings(name, texts, options?.Dimensions ?? server.Options.Dimensions, dialect),
                metered,
                cancellationToken
            );
            try
            {
                var (vectors, used) = OpenAiVectors.Read(answer.ToMemory(), texts.Length);
                metered.Used(used);
                Check(vectors);
                all.AddRange(vectors.Select(vector => new Embedding<float>(vector) { ModelId = name }));
            }
            catch (FormatException e)
            {
                throw server.Failure(name, $"its embeddings cannot be used: {e.Message}. Check model.embeddings and model.dimensions");
            }
        }

        return all;
    }

    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", server.Options.BaseUrl, model)
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    void IDisposable.Dispose()
    {
        // The owner disposes of the server.
    }

    private void Check(float[][] vectors)
    {
        var wanted = server.LeavesOut(RequestParameters.Dimensions) ? null : server.Options.Dimensions;
        foreach (var (vector, i) in vectors.Select((v, i) => (v, i)))
        {
            var usual = wanted ?? Interlocked.CompareExchange(ref _dimensions, vector.Length, 0);
            if (usual != 0 && usual != vector.Length)
                throw new FormatException(
                    $"data[{i}].embedding has {vector.Length} components, but {usual} were "
                        + (wanted is null ? "returned before" : "requested")
                        + "; all embeddings of a run must have the same length"
                );
        }
    }
}
