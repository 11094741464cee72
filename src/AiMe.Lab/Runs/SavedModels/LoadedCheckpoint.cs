using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>A checkpoint of the embedded model, loaded for sampling or export.</summary>
/// <param name="Base">The base model that it descends from, whose tokenizer and shape it has.</param>
public sealed record LoadedCheckpoint(ModelId Id, Model Model, TokenPrompt Prompt, PretrainedModel Base)
{
    /// <summary>Loads a checkpoint from a store. Trains and writes nothing.</summary>
    /// <param name="generation0">The base model of its lineage.</param>
    /// <param name="origin">How a run made that base model; null if no run says so.</param>
    /// <exception cref="ModelPreparationException">
    /// The store does not have the base model, and with it the tokenizer.
    /// </exception>
    /// <exception cref="CorruptBlobException">Its weights are missing or altered.</exception>
    /// <exception cref="ProviderException">Its bytes are not a checkpoint of that base.</exception>
    public static async Task<LoadedCheckpoint> ReadAsync(
        EventStore store,
        ModelId id,
        ModelId generation0,
        CancellationToken cancellationToken,
        ModelOrigin? origin = null
    )
    {
        var models = StoredModels.Open(store, generation0, origin);
        return new LoadedCheckpoint(id, await models.GetAsync(id, cancellationToken), models.Prompt, models.Base);
    }
}
