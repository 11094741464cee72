using AiMe.Corpora;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using AiMe.Nano.Training;

namespace AiMe.Lab.Runs;

/// <summary>A run's models, made ready: what generation 0 is, and what the world does for the faculties.</summary>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Origin">Where it comes from; journalled with the plan, so that the run can be gone on with from its store alone.</param>
public sealed record PreparedModels(ModelId Base, ModelOrigin Origin, IEffects Effects)
{
    /// <summary>Of the calls that may cost; null where none may.</summary>
    public UsageMeter? Meter { get; init; }

    /// <summary>Reads what an experiment's model is made from. Nothing is written, no key is needed, no request is made.</summary>
    /// <exception cref="Corpora.GrammarException">The first thing that is wrong with a corpus, with its file and line.</exception>
    public static void Check(Experiment experiment)
    {
        if (experiment.Model is NanoModel nano)
            PreparedNano.ReadCorpus(nano, experiment.CharterFile);
    }

    /// <summary>Looks for the key of a hosted model. Nothing is written, and no request is made.</summary>
    /// <exception cref="Models.MissingKeyException">There is none; the message names its variable.</exception>
    public static void CheckKey(Experiment experiment)
    {
        if (experiment.Model is OpenAiModel hosted)
            PreparedOpenAi.Connect(hosted.Origin, meter: null);
    }

    /// <summary>The models of an experiment, made ready in a store.</summary>
    /// <param name="threads">Of the first training; the bits do not depend on it.</param>
    /// <param name="progress">Told of each step of the first training.</param>
    /// <exception cref="Models.MissingKeyException">A hosted model's key is not in the environment.</exception>
    public static async Task<PreparedModels> PrepareAsync(
        Experiment experiment,
        EventStore store,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        await PrepareAsync(
            await OriginAsync(experiment, store, cancellationToken),
            experiment.RunId,
            experiment.Charter,
            store,
            threads,
            listener,
            progress,
            cancellationToken
        );

    /// <summary>The models of a run that was planned before, made ready from its store.</summary>
    /// <exception cref="ModelPreparationException">The plan does not say where they come from, or they come out otherwise.</exception>
    /// <exception cref="Models.MissingKeyException">A hosted model's key is not in the environment.</exception>
    public static async Task<PreparedModels> PrepareAsync(
        RunPlan plan,
        EventStore store,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (plan.Origin is not { } origin)
            throw new ModelPreparationException(
                $"The run {plan.Run} was recorded by a version that did not note where its model comes from, so nothing "
                    + "can be said to its instances; they can be replayed, shown and compared. Run the experiment again in a "
                    + "new store."
            );
        var world = await PrepareAsync(origin, plan.Run, plan.Charter, store, threads, listener, progress, cancellationToken);
        return world.Base == plan.Base
            ? world
            : throw new ModelPreparationException(
                $"The run {plan.Run} began with the base model {plan.Base.Short}, but this build makes {world.Base.Short} "
                    + "of the same corpus: use the build and the models directory that it began with."
            );
    }

    private static async Task<ModelOrigin> OriginAsync(Experiment experiment, EventStore store, CancellationToken cancellationToken) =>
        experiment.Model switch
        {
            NanoModel nano => new ModelOrigin.Nano(
                nano.Preset,
                nano.Records,
                nano.Seed,
                (await CorpusBundle.Of(nano.Corpus, experiment.CharterFile).SaveAsync(store.Blobs, cancellationToken)).Sha256
            ),
            OpenAiModel hosted => hosted.Origin,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Task<PreparedModels> PrepareAsync(
        ModelOrigin origin,
        string run,
        Charter charter,
        EventStore store,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        origin switch
        {
            ModelOrigin.Nano nano => PreparedNano.PrepareAsync(nano, charter, store, threads, listener, progress, cancellationToken),
            ModelOrigin.Hosted hosted => Task.FromResult(PreparedOpenAi.Prepare(hosted, run, store, listener)),
            _ => throw new System.Diagnostics.UnreachableException($"no world for {origin.GetType().Name}"),
        };
}

/// <summary>The models of a recorded run cannot be had.</summary>
public sealed class ModelPreparationException(string message) : Exception(message);
