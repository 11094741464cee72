using AiMe.Lab.Experiments;
using AiMe.Models.Distributions;
using AiMe.Models.Embeddings;

namespace AiMe.Lab.Runs.Indexes;

/// <summary>How many components the vectors of an experiment's memories have.</summary>
/// <param name="Embedder">The embedder's name.</param>
/// <param name="Components">1 or more; null if that is known from its first answer alone.</param>
public readonly record struct EmbeddingLength(string Embedder, int? Components)
{
    /// <summary>Of a model. Nothing is loaded, and no server is asked.</summary>
    public static EmbeddingLength Of(BaseModel model) =>
        model switch
        {
            { Embedder: { } own } => new(own.Name, own == EmbedderAssembly.MiniLm ? EmbedderAssembly.Components : null),
            NanoModel => new("hash", HashEmbedder.Dimensions),
            DistributionModel => new("that of draws", DrawEmbedder.Components),
            OpenAiModel hosted => new(hosted.Embeddings, hosted.Dimensions),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
