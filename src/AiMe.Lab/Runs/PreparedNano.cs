using AiMe.Corpora;
using AiMe.Effects;
using AiMe.Effects.Identities;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Identities;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Models;
using AiMe.Models.Embeddings;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Training;

namespace AiMe.Lab.Runs;

/// <summary>Prepares the embedded model: base model, calibration, embedder, and the effects over them.</summary>
public static class PreparedNano
{
    /// <summary>Records of the training text in which the frozen embedder counts words.</summary>
    private const int Weighed = 4000;

    /// <summary>The corpus of an experiment's base model, with its charter; the first, if there are several.</summary>
    /// <exception cref="GrammarException">The first error in it, with its file and line.</exception>
    public static Corpus ReadCorpus(NanoModel model, Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(experiment);
        var slots = experiment.CharterText is { } text
            ? CharterSlots.Parse(experiment.CharterFile, text)
            : CharterSlots.Load(experiment.CharterFile);
        return Corpus.Load(model.Corpus, slots, AuthoredBeside(model.Corpus));
    }

    /// <summary>Whether the base model of an experiment is in a directory of models.</summary>
    /// <exception cref="GrammarException">The first error in its corpus, with its file and line.</exception>
    public static bool HasBase(NanoModel model, Experiment experiment, string modelsDirectory) =>
        model.Checkpoint is not null || NanoBase.FindDirectory(model.Recipe, ReadCorpus(model, experiment), modelsDirectory) is not null;

    /// <summary>Loads a folder's checkpoint, and notes it in the store as a base model.</summary>
    /// <returns>Its id, and the model.</returns>
    /// <exception cref="ModelPreparationException">The folder is missing, or holds another checkpoint by now.</exception>
    public static async Task<(string Id, Model Model)> LinkAsync(
        CheckpointModel checkpoint,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(store);
        var (_, model) = await LinkedCheckpoint.LoadAsync(checkpoint.Origin, store.ModelsDirectory, progress: null, cancellationToken);
        return (model.Digest, model);
    }

    /// <summary>
    /// Generation 0 of an experiment, if a directory of models has it: the base model, or what its identity makes of it; else null.
    /// </summary>
    /// <exception cref="GrammarException">The first error in its corpus, with its file and line.</exception>
    public static PretrainedModel? FindGeneration0(Experiment experiment, string modelsDirectory)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Model is NanoModel { Checkpoint: { } linked })
            return PretrainedModel.All(modelsDirectory).FirstOrDefault(m => m.Checkpoint == linked.Origin);
        if (
            experiment.Model is not NanoModel model
            || NanoBase.FindDirectory(model.Recipe, ReadCorpus(model, experiment), modelsDirectory) is not { } folder
            || PretrainedModel.In(folder) is not { } start
        )
            return null;
        return experiment.Identity is not { } identity ? start
            : EmbeddedIdentity.FindDirectory(
                start.Id,
                model.Preset,
                identity,
                experiment.IdentityData,
                new Seed(model.Seed),
                modelsDirectory
            )
                is { } tuned
                ? PretrainedModel.In(tuned)
            : null;
    }

    /// <summary>Trains the base model on first use, and loads it afterwards.</summary>
    internal static async Task<PreparedModels> PrepareAsync(
        ModelOrigin.Nano origin,
        RunSubject subject,
        EventStore store,
        IMemoryIndex index,
        int threads,
        IAnswerListener? listener,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var bundle = await store.Blobs.GetAsync(new BlobId(origin.Corpus), cancellationToken);
        var corpus = await CorpusBundle.LoadAsync(
            new BlobId(origin.Corpus),
            store.Blobs,
            Path.Combine(store.Root, "corpora"),
            subject.CharterText,
            cancellationToken
        );
        var nano = origin.Checkpoint is { } folder
            ? await LinkedAsync(folder, origin, corpus, subject.Checkpoints, store, cancellationToken)
            : await NanoBase.EnsureAsync(
                new NanoRecipe(origin.Preset, origin.Records, origin.Seed, origin.Epochs),
                corpus,
                store.ModelsDirectory,
                threads,
                progress,
                cancellationToken
            );

        var untuned = origin.Identity is null ? null : nano;
        if (origin.Identity is { } identity)
            nano = await EmbeddedIdentity.EnsureAsync(
                nano,
                identity,
                new Seed(origin.Seed),
                store.Blobs,
                store.ModelsDirectory,
                threads,
                progress,
                cancellationToken
            );

        // Again, because the training may take hours: `aime gc` keeps what was put within the last one.
        await store.Blobs.PutAsync(bundle, cancellationToken);
        var checkpoints = new CheckpointsAndUntuned(new Checkpoints(store.Blobs), untuned);
        if (nano.Loaded is null)
            await checkpoints.SaveAsync(nano.Weights, cancellationToken); // generation 0 is a checkpoint like any other
        var provider = new NanoProvider(new NanoModels(nano.Config, checkpoints, bare: nano.Loaded), nano.Prompt, checkpoints);
        var calibration = await Calibration.EnsureAsync(
            Path.Combine(store.ModelsDirectory, $"calibration-{nano.Id[..16]}.json"),
            nano,
            subject.Charter,
            provider,
            provider,
            cancellationToken
        );

        var embedder = origin.Embedder is { } named ? LocalEmbedders.Load(named) : EmbedderOf(nano.Records);
        var birth = new ModelId(nano.Id);
        var axis = new CharterAxis(provider, birth, corpus);
        var effects = new FacultyEffects(
            provider,
            provider,
            provider,
            embedder,
            index,
            store.Blobs,
            corpus,
            new ResponseScorer(provider, embedder, birth, calibration, axis),
            new ModelInspection(provider, birth, axis, untuned is null ? null : new ModelId(untuned.Id)),
            listener
        );
        return new PreparedModels(birth, origin, effects);
    }

    /// <summary>The frozen embedder, which weighs words by their rarity in the first records of the base model's training text.</summary>
    internal static HashEmbedder EmbedderOf(IEnumerable<CorpusRecord> records) =>
        new(records.Take(Weighed).SelectMany(r => new[] { r.Stimulus, r.Answer }));

    private static async Task<NanoBase> LinkedAsync(
        FolderCheckpoint folder,
        ModelOrigin.Nano origin,
        Corpus corpus,
        LoadedFolders loaded,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        var (files, model) = await loaded.GetAsync(folder, store.ModelsDirectory, cancellationToken);
        return NanoBase.Of(files, model, corpus, origin.Records, origin.Seed);
    }

    // The base model before its identity tuning is no generation of a run, and so not among its blobs.
    private sealed class CheckpointsAndUntuned(ICheckpoints blobs, NanoBase? untuned) : ICheckpoints
    {
        public Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken) =>
            id == untuned?.Id ? Task.FromResult(untuned.Weights) : blobs.LoadAsync(id, cancellationToken);

        public Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            blobs.SaveAsync(bytes, cancellationToken);
    }

    // The hand-written exchanges beside the grammar, if there are any: its own, or those of the folder.
    internal static string? AuthoredBeside(string grammar)
    {
        var folder = Path.GetDirectoryName(grammar) ?? ".";
        string[] files = [$"{Path.GetFileNameWithoutExtension(grammar)}.authored.jsonl", "authored.jsonl"];
        return files.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists);
    }
}
