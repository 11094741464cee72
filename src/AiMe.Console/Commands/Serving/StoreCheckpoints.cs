using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Models;

namespace AiMe.Console.Commands.Serving;

/// <summary>The checkpoints of a store for reading: its blobs, and its base models, which may be no blobs yet.</summary>
internal sealed class StoreCheckpoints(IBlobs blobs, ImmutableArray<PretrainedModel> bases) : ICheckpoints
{
    private readonly Checkpoints _blobs = new(blobs);

    /// <inheritdoc />
    public async Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken)
    {
        if (bases.FirstOrDefault(b => b.Id == id && b.Checkpoint is null) is { } pretrained)
            return await File.ReadAllBytesAsync(Path.Combine(pretrained.Directory, "model.safetensors"), cancellationToken);
        try
        {
            return await _blobs.LoadAsync(id, cancellationToken);
        }
        catch (CorruptBlobException e)
        {
            throw new ProviderException(e.Message, e);
        }
    }

    /// <inheritdoc />
    public Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("the store's own checkpoints are only read");
}
