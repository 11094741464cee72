using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Lab.Upkeep;

/// <summary>Checkpoints that <c>aime gc</c> removed on purpose.</summary>
public static class RemovedWeights
{
    private const int DigestLength = 64;

    /// <summary>When a model's weights were removed; null if they exist, were lost, or are a provider's.</summary>
    public static DateTime? At(FileBlobs blobs, ModelId model)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        return model.Value.Length == DigestLength && model.Value.All(char.IsAsciiHexDigitLower)
            ? blobs.RemovedAt(new BlobId(model.Value))
            : null;
    }

    /// <summary>The removed checkpoints of an instance.</summary>
    public static async Task<int> CountAsync(EventStore store, SupervisorState run, string instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var lineages = await LineageReader.ReadAsync(store.Journal, run, [instance], cancellationToken);
        return lineages.SelectMany(l => l.Models).Distinct().Count(m => At(store.Blobs, m) is not null);
    }
}
