using AiMe.Effects;
using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Models.Corpora;
using AiMe.Models.Embeddings;
using AiMe.Models.Nano;
using AiMe.Nano.Training;

using Store = AiMe.Journal.Store;

namespace AiMe.Lab;

/// <summary>The embedded model, made ready for an experiment: base model, calibration, embedder, and the effects over them.</summary>
public sealed class NanoWorld
{
    private NanoWorld(NanoBase nano, IEffects effects) => (Base, Effects) = (nano, effects);

    /// <summary>The model of generation 0.</summary>
    public NanoBase Base { get; }

    /// <summary>What the world does for the faculties.</summary>
    public IEffects Effects { get; }

    /// <summary>Trains the base model on first use, and reads it back afterwards.</summary>
    /// <param name="corpus">From <see cref="ReadCorpus"/>.</param>
    /// <param name="threads">Of the first training; the bits do not depend on it.</param>
    /// <param name="progress">Told of each step of the first training.</param>
    public static async Task<NanoWorld> PrepareAsync(Experiment experiment, Corpus corpus, Store store, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var model = (NanoModel)experiment.Model;
        var nano = await NanoBase.EnsureAsync(new NanoRecipe(model.Preset, model.Records, model.Seed), corpus, store.ModelsDirectory, threads, progress, cancellationToken);

        var checkpoints = new Checkpoints(store.Blobs);
        await checkpoints.SaveAsync(nano.Weights, cancellationToken); // generation 0 is a checkpoint like any other
        var prompts = new NanoPrompt(nano.Tokenizer, nano.Config.Context);
        var provider = new NanoProvider(nano.Tokenizer, new NanoModels(nano.Config, checkpoints), prompts, checkpoints);
        var calibration = await Calibration.EnsureAsync(
            Path.Combine(store.ModelsDirectory, $"calibration-{nano.Id[..16]}.json"), nano, experiment.Charter, provider, provider, cancellationToken);

        var embedder = new HashEmbedder(nano.Records.Take(4000).SelectMany(r => new[] { r.Stimulus, r.Answer }));
        var appraiser = new Appraiser(provider, embedder, new ModelId(nano.Id), calibration);
        var effects = new MindEffects(provider, provider, provider, embedder, new ScanIndex(), store.Blobs, corpus, appraiser);
        return new NanoWorld(nano, effects);
    }

    /// <summary>The corpus of an experiment's base model.</summary>
    /// <exception cref="GrammarException">The first thing that is wrong with it, with its file and line.</exception>
    public static Corpus ReadCorpus(Experiment experiment) => Corpus.Load(((NanoModel)experiment.Model).Corpus, experiment.CharterFile, AuthoredBeside(((NanoModel)experiment.Model).Corpus));

    // Exchanges written by hand stand beside the grammar, where there are any.
    internal static string? AuthoredBeside(string grammar)
    {
        var file = Path.Combine(Path.GetDirectoryName(grammar) ?? ".", "authored.jsonl");
        return File.Exists(file) ? file : null;
    }
}
