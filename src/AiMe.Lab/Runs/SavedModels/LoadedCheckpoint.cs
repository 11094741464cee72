using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tokens;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>A checkpoint of the embedded model, loaded for sampling or export.</summary>
/// <param name="Base">The base model that it descends from, whose tokenizer and shape it has.</param>
public sealed record LoadedCheckpoint(ModelId Id, Model Model, Tokenizer Tokenizer, PretrainedModel Base)
{
    /// <summary>Loads a checkpoint from a store. Trains and writes nothing.</summary>
    /// <param name="generation0">The base model of its lineage.</param>
    /// <exception cref="ModelPreparationException">
    /// The store does not have the base model, and with it the tokenizer.
    /// </exception>
    /// <exception cref="CorruptBlobException">Its weights are missing or altered.</exception>
    /// <exception cref="ProviderException">Its bytes are not a checkpoint of that base.</exception>
    public static async Task<LoadedCheckpoint> ReadAsync(
        EventStore store,
        ModelId id,
        ModelId generation0,
        CancellationToken cancellationToken
    )
    {
        var pretrained = PretrainedModel.Find(store.ModelsDirectory, generation0.Value)
            ?? throw new ModelPreparationException(
                $"The base model {generation0.Short} and its tokenizer are not in {store.ModelsDirectory}: "
                    + "`aime models pretrain` with the experiment makes them again, bit for bit the same."
            );
        var models = new NanoModels(NanoConfig.Preset(pretrained.Preset), new StoredCheckpoint(store.Blobs, pretrained));
        return new LoadedCheckpoint(id, await models.GetAsync(id.Value, cancellationToken), pretrained.Tokenizer(), pretrained);
    }

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
