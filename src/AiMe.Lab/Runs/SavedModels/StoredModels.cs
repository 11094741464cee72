using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>The checkpoints that descend from one base model, read from a store. Trains and writes nothing.</summary>
/// <param name="Base">The base model, whose tokenizer and shape they have.</param>
public sealed record StoredModels(PretrainedModel Base, TokenPrompt Prompt)
{
    private NanoModels Models { get; init; } = null!;

    /// <summary>Opens the lineage of a base model.</summary>
    /// <param name="origin">How a run made it; null if no run says so.</param>
    /// <exception cref="ModelPreparationException">
    /// The store does not have the base model, and with it the tokenizer.
    /// </exception>
    /// <exception cref="ProviderException">The tokenizer is damaged.</exception>
    public static StoredModels Open(EventStore store, ModelId generation0, ModelOrigin? origin = null)
    {
        var pretrained = PretrainedModel.Find(store.ModelsDirectory, generation0.Value, (origin as ModelOrigin.Nano)?.Checkpoint)
            ?? throw new ModelPreparationException(
                $"The base model {generation0.Short} and its tokenizer are not in {store.ModelsDirectory}: "
                    + "`aime models pretrain` with the experiment makes them again, bit for bit the same."
            );
        return new(pretrained, pretrained.Prompt())
        {
            Models = new NanoModels(
                pretrained.Shape,
                new StoredCheckpoint(store.Blobs, pretrained),
                bare: pretrained.Checkpoint is null ? null : pretrained.LoadLinked()
            ),
        };
    }

    /// <summary>The model of a checkpoint; loaded once, and safe to use from several threads.</summary>
    /// <exception cref="CorruptBlobException">Its weights are missing or altered.</exception>
    /// <exception cref="ProviderException">Its bytes are not a checkpoint of that base.</exception>
    public Task<Model> GetAsync(ModelId id, CancellationToken cancellationToken) => Models.GetAsync(id.Value, cancellationToken);

    // The base is among the blobs only once a run has begun with it.
    private sealed class StoredCheckpoint(IBlobs blobs, PretrainedModel pretrained) : ICheckpoints
    {
        private readonly Checkpoints _blobs = new(blobs);

        public Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken) =>
            id == pretrained.Id && !blobs.Has(new BlobId(id))
                ? File.ReadAllBytesAsync(Path.Combine(pretrained.Directory, "model.safetensors"), cancellationToken)
                : _blobs.LoadAsync(id, cancellationToken);

        public Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            _blobs.SaveAsync(bytes, cancellationToken);
    }
}
