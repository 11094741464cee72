using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Experiments;
using AiMe.Nano.Training;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>Generation 0 of an experiment in a store, wherever it comes from.</summary>
public static class GenerationZero
{
    /// <summary>
    /// Trains it into the store, or notes there the folder that it is; does nothing if the store has it already.
    /// </summary>
    /// <param name="experiment">Has the charter and the identity.</param>
    /// <param name="threads">Threads of the training; the result does not depend on it.</param>
    /// <exception cref="Corpora.GrammarException">The corpus cannot be used.</exception>
    /// <exception cref="ModelPreparationException">The folder is missing, or holds another checkpoint by now.</exception>
    /// <exception cref="Models.ProviderException">The training diverged, or the stored model is damaged.</exception>
    public static async Task<PretrainedModel> EnsureAsync(
        NanoModel model,
        Experiment experiment,
        EventStore store,
        int threads,
        IProgress<TrainingProgress>? progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(store);
        if (model.Checkpoint is not { } folder)
            return (await Pretraining.EnsureAsync(model, experiment, store, 1, threads, progress, time, cancellationToken)).Model;
        var (_, loaded) = await LinkedCheckpoint.LoadAsync(folder.Origin, store.ModelsDirectory, progress: null, cancellationToken);
        return PretrainedModel.Find(store.ModelsDirectory, loaded.Digest)!;
    }
}
