using AiMe.Effects;
using AiMe.Effects.Identities;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs;
using AiMe.Models;
using AiMe.Models.Nano;

namespace AiMe.Lab.Analysis.Batteries;

/// <summary>Judges the battery of an experiment before its run, by asking the embedded model of generation 0.</summary>
public static class NewbornBattery
{
    /// <summary>
    /// Asks generation 0 of an experiment. Null if the model is hosted or a folder's checkpoint, since asking it may cost,
    /// or is not in the directory: it is then judged at birth. Trains and writes nothing.
    /// </summary>
    /// <param name="modelsDirectory">The models of a store.</param>
    /// <exception cref="ProviderException">The model is damaged, or a probe does not fit its context.</exception>
    public static async Task<BatteryReport?> AskAsync(Experiment experiment, string modelsDirectory, CancellationToken cancellationToken)
    {
        if (experiment.Model is not NanoModel { Checkpoint: null } recipe || !Directory.Exists(modelsDirectory))
            return null;
        if (PreparedNano.FindGeneration0(experiment, modelsDirectory) is null)
            return null;
        var nano = await NanoBase.EnsureAsync(
            recipe.Recipe,
            PreparedNano.ReadCorpus(recipe, experiment),
            modelsDirectory,
            threads: 1,
            progress: null,
            cancellationToken
        );
        var blobs = new InMemoryBlobs();
        if (experiment.Identity is { } identity)
        {
            await blobs.PutAsync(experiment.IdentityData, cancellationToken);
            nano = await EmbeddedIdentity.EnsureAsync(
                nano,
                identity,
                new Seed(recipe.Seed),
                blobs,
                modelsDirectory,
                threads: 1,
                progress: null,
                cancellationToken
            );
        }

        var checkpoints = new Checkpoints(blobs);
        await checkpoints.SaveAsync(nano.Weights, cancellationToken);
        var models = new NanoModels(nano.Config, checkpoints);
        var scorer = new NanoProvider(models, nano.Prompt, checkpoints);
        var born = await BirthProbes.AskAsync(scorer, new ModelId(nano.Id), experiment.Charter, experiment.Probes, cancellationToken);
        return BatteryReport.Of(experiment.Probes, born.Choices, born.Mass);
    }
}
