using System.Diagnostics;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Models;
using AiMe.Models.Corpora;
using AiMe.Nano.Training;
using Store = AiMe.Journal.Store;

namespace AiMe.Lab;

/// <summary>Where an experiment's world comes from, with all that can be wrong with it found before a store is made.</summary>
public sealed class WorldSource
{
    private readonly Func<Store, int, IProgress<TrainingProgress>?, CancellationToken, Task<(ModelId Base, IEffects Effects)>> _prepare;

    private WorldSource(Func<Store, int, IProgress<TrainingProgress>?, CancellationToken, Task<(ModelId Base, IEffects Effects)>> prepare) => _prepare = prepare;

    /// <summary>Reads what an experiment's model is made from. No key is needed, and no request is made.</summary>
    /// <exception cref="GrammarException">The first thing that is wrong with a corpus, with its file and line.</exception>
    public static void Check(Experiment experiment)
    {
        if (experiment.Model is NanoModel)
            NanoWorld.ReadCorpus(experiment);
    }

    /// <summary>Reads a corpus, or takes a key from the environment. No request is made.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <exception cref="GrammarException">The corpus is wrong.</exception>
    /// <exception cref="MissingKeyException">There is no key; the message names its variable.</exception>
    public static WorldSource Of(Experiment experiment, Func<string, string?> environment, TimeProvider time)
    {
        switch (experiment.Model)
        {
            case NanoModel:
                var corpus = NanoWorld.ReadCorpus(experiment);
                return new(async (store, threads, progress, cancellationToken) =>
                {
                    var world = await NanoWorld.PrepareAsync(experiment, corpus, store, threads, progress, cancellationToken);
                    return (new ModelId(world.Base.Id), world.Effects);
                });
            case OpenAiModel model:
                var server = OpenAiWorld.Connect(model, environment, time);
                return new((store, _, _, _) => Task.FromResult((new ModelId(model.Chat), OpenAiWorld.Effects(model, server, store.Blobs))));
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The model of generation 0, and what the world does for the faculties.</summary>
    /// <param name="threads">Of the embedded model's first training.</param>
    /// <param name="progress">Told of each step of it.</param>
    public Task<(ModelId Base, IEffects Effects)> PrepareAsync(Store store, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        _prepare(store, threads, progress, cancellationToken);
}
