using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiMe.Corpora;
using AiMe.Nano;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;

namespace AiMe.Models.Nano;

/// <summary>
/// The recipe of the generation-0 model, which depends only on corpus, preset, number of records, epochs and seed.
/// </summary>
/// <param name="Preset">tiny, small or base.</param>
/// <param name="Records">Records of the corpus in its training text, 1 or more.</param>
/// <param name="Seed">Seed of initialisation, corpus stream and order.</param>
/// <param name="Epochs">Passes over the training text, 1 or more; null for those of the preset.</param>
public sealed record NanoRecipe(string Preset, int Records, ulong Seed, int? Epochs = null)
{
    /// <summary>Passes over the training text.</summary>
    /// <exception cref="ArgumentException">No preset has that name.</exception>
    /// <remarks>
    /// The corpus gives any number of records, and small learns more from other records than from repeated ones.
    /// </remarks>
    public static int EpochsOf(string preset) => Of(preset).Epochs;

    /// <summary>The training options.</summary>
    /// <exception cref="ArgumentException">No preset has its name.</exception>
    public TrainingOptions Training(int threads) =>
        new()
        {
            Epochs = Epochs ?? Of(Preset).Epochs,
            TokensPerBatch = Of(Preset).Tokens,
            LearningRate = Of(Preset).Rate,
            WarmUpShare = 0.05,
            Seed = Seed,
            Threads = threads,
        };

    // Changing a number makes other models of the preset: a model's key is computed from them.
    private static (int Epochs, int Tokens, double Rate) Of(string preset) =>
        preset switch
        {
            "tiny" => (2, 512, 0.005),
            "small" => (1, 2048, 0.004),
            "base" => (2, 2048, 0.002),
            _ => throw new ArgumentException($"there is no recipe for a nano preset \"{preset}\"; presets are tiny, small and base"),
        };
}

/// <summary>
/// The embedded model of generation 0 with its tokenizer, trained once and cached on disk by the hash of its inputs.
/// </summary>
public sealed class NanoBase
{
    private const string Version = "aime.nano.base.1";

    internal NanoBase(
        string id,
        byte[] weights,
        TokenPrompt prompt,
        NanoConfig config,
        Corpus corpus,
        ImmutableArray<CorpusRecord> records,
        double loss
    ) => (Id, Weights, Prompt, Config, Corpus, Records, Loss) = (id, weights, prompt, config, corpus, records, loss);

    private NanoBase(Model loaded, ChatPrompt prompt, Corpus corpus, ImmutableArray<CorpusRecord> records)
    {
        (Id, Weights, Config, Corpus, Records, Loss) = (loaded.Digest, [], loaded.Config, corpus, records, double.NaN);
        (Prompt, Loaded) = (prompt, loaded);
    }

    /// <summary>SHA-256 of the weights' file: the checkpoint id of generation 0.</summary>
    public string Id { get; }

    /// <summary>The weights as a safetensors file; empty for a checkpoint of a folder, whose weights stay there.</summary>
    public byte[] Weights { get; }

    /// <summary>The model of a folder's checkpoint; null for one that was trained here.</summary>
    public Model? Loaded { get; }

    /// <summary>How its prompts become tokens.</summary>
    public TokenPrompt Prompt { get; }

    /// <summary>The shape.</summary>
    public NanoConfig Config { get; }

    /// <summary>Its corpus.</summary>
    public Corpus Corpus { get; }

    /// <summary>
    /// Its training text, record by record; of a folder's checkpoint, which was trained elsewhere, text for the embedder.
    /// </summary>
    public ImmutableArray<CorpusRecord> Records { get; }

    /// <summary>Cross-entropy at the end of its training, nats per token; NaN for a folder's checkpoint.</summary>
    public double Loss { get; }

    /// <summary>A checkpoint of a folder.</summary>
    /// <param name="model">The folder's model.</param>
    /// <param name="corpus">Gives stimuli, held-out text and anchors.</param>
    /// <param name="records">Records of the corpus that the embedder counts words in.</param>
    /// <param name="seed">Seed of these records.</param>
    public static NanoBase Of(CheckpointFiles files, Model model, Corpus corpus, int records, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(corpus);
        return new NanoBase(model, files.Prompt(), corpus, [.. corpus.Records(seed, records)]);
    }

    /// <summary>Loads the model from its directory, or trains it and stores it there.</summary>
    /// <param name="modelsDirectory">Holds one directory a model; created if it is missing.</param>
    /// <param name="threads">Threads of the training; the result does not depend on it.</param>
    /// <param name="progress">Receives each training step; null for none.</param>
    public static async Task<NanoBase> EnsureAsync(
        NanoRecipe recipe,
        Corpus corpus,
        string modelsDirectory,
        int threads,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var records = corpus.Records(recipe.Seed, recipe.Records).ToImmutableArray();
        var directory = DirectoryOf(recipe, corpus, records, modelsDirectory);
        if (await ReadAsync(directory, corpus, records, cancellationToken) is { } known)
            return known;

        var config = NanoConfig.Preset(recipe.Preset);
        var tokenizer = Tokenizer.Train(
            records.Take(4000).SelectMany(r => TextsOf(r, corpus.Charter)),
            config.Vocabulary,
            NanoPrompt.Specials
        );
        var prompts = new NanoPrompt(tokenizer, config.Context);
        var examples = records.Select(r => prompts.Encode(r, corpus.Charter)).OfType<TokenExample>().ToArray();
        TrainingResult result;
        try
        {
            result = Trainer.Train(
                AiMe.Nano.Weights.Initialise(config, recipe.Seed),
                examples,
                recipe.Training(threads),
                progress,
                cancellationToken
            );
        }
        catch (TrainingDivergedException e)
        {
            throw new ProviderException($"The base model could not be trained: {e.Message} Try another model.seed.", e);
        }

        var weights = result.Weights.ToSafetensors();
        var last = result.Losses.TakeLast(Math.Max(1, result.Losses.Count / 20)).Average();
        await WriteAsync(directory, weights, tokenizer, config, last, cancellationToken);
        return new NanoBase(Hex(weights), weights, prompts, config, corpus, records, last);
    }

    /// <summary>The directory of the model, if it is there, so that it need not be trained; else null.</summary>
    public static string? FindDirectory(NanoRecipe recipe, Corpus corpus, string modelsDirectory) =>
        Directory.Exists(modelsDirectory)
        && DirectoryOf(recipe, corpus, [.. corpus.Records(recipe.Seed, recipe.Records)], modelsDirectory) is var directory
        && File.Exists(Path.Combine(directory, "base.json"))
            ? directory
            : null;

    private static string DirectoryOf(NanoRecipe recipe, Corpus corpus, ImmutableArray<CorpusRecord> records, string modelsDirectory) =>
        Path.Combine(modelsDirectory, $"nano-{recipe.Preset}-{KeyOf(recipe, corpus, records)[..16]}");

    /// <summary>Every text of a record, to train a tokenizer or an embedder.</summary>
    public static IEnumerable<string> TextsOf(CorpusRecord record, CharterSlots charter)
    {
        if (record.InCharacter)
            yield return charter.Stem;
        foreach (
            var text in new[] { record.SelfModel, record.Stimulus, record.Answer, record.Reflection, record.Insight }.Concat(
                record.Recalled
            )
        )
        {
            if (text is not null)
                yield return text;
        }
    }

    // The key is computed from the text itself and the training options, so any change of corpus, charter or recipe
    // makes another model.
    private static string KeyOf(NanoRecipe recipe, Corpus corpus, ImmutableArray<CorpusRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        Add($"{Version} {recipe.Preset} {recipe.Seed} TrainingOptions {{ {TextOf(recipe.Training(threads: 1))} }}");
        foreach (var record in records)
        {
            Add($"{record.Internal} {record.InCharacter}");
            foreach (var text in TextsOf(record, corpus.Charter))
                Add(text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Written out, so that a new option of trainings does not change the key of every base model.
    internal static string TextOf(TrainingOptions o) =>
        string.Join(
            ", ",
            new (string Name, object? Value)[]
            {
                ("Epochs", o.Epochs),
                ("Steps", o.Steps),
                ("TokensPerBatch", o.TokensPerBatch),
                ("LearningRate", o.LearningRate),
                ("FloorShare", o.FloorShare),
                ("WarmUpShare", o.WarmUpShare),
                ("Schedule", o.Schedule),
                ("Beta1", o.Beta1),
                ("Beta2", o.Beta2),
                ("Epsilon", o.Epsilon),
                ("WeightDecay", o.WeightDecay),
                ("ClipNorm", o.ClipNorm),
                ("Seed", o.Seed),
                ("Threads", o.Threads),
            }.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Name} = {m.Value}"))
        );

    /// <summary>Reads a model from its directory; null if it is not there.</summary>
    /// <exception cref="ProviderException">It is damaged.</exception>
    internal static async Task<NanoBase?> ReadAsync(
        string directory,
        Corpus corpus,
        ImmutableArray<CorpusRecord> records,
        CancellationToken cancellationToken
    )
    {
        var about = Path.Combine(directory, "base.json");
        if (!File.Exists(about))
            return null;
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(about, cancellationToken));
            var weights = await File.ReadAllBytesAsync(Path.Combine(directory, "model.safetensors"), cancellationToken);
            var tokenizer = await File.ReadAllBytesAsync(Path.Combine(directory, "tokenizer.json"), cancellationToken);
            if (Hex(weights) != json.RootElement.GetProperty("sha256").GetString())
                throw Damaged("model.safetensors does not match the digest in base.json");
            if (Hex(tokenizer) != json.RootElement.GetProperty("tokenizer").GetString())
                throw Damaged("tokenizer.json does not match the digest in base.json");
            var config = NanoConfig.FromJson(await File.ReadAllBytesAsync(Path.Combine(directory, "config.json"), cancellationToken));
            var words = Tokenizer.FromJson(tokenizer);
            if (words.VocabularySize > config.Vocabulary || !words.Specials.SequenceEqual(NanoPrompt.Specials, StringComparer.Ordinal))
                throw Damaged(
                    $"tokenizer.json has another vocabulary: {words.VocabularySize} ids with "
                        + $"{words.Specials.Count} special tokens; config.json has room for {config.Vocabulary} and nano needs "
                        + $"{NanoPrompt.Specials.Length}"
                );
            // fails here, and not at the first answer, if the shape differs from config.json
            _ = AiMe.Nano.Weights.FromSafetensors(config, weights);
            NanoPrompt prompt = new(words, config.Context);
            return new NanoBase(Hex(weights), weights, prompt, config, corpus, records, json.RootElement.GetProperty("loss").GetDouble());
        }
        catch (Exception e)
            when (e is JsonException or FormatException or KeyNotFoundException or FileNotFoundException or InvalidOperationException)
        {
            throw Damaged(e.Message, e);
        }

        ProviderException Damaged(string why, Exception? inner = null) =>
            new(
                $"The base model in {directory} is damaged: {why}. Delete the directory; it is then trained again, bit for bit the same.",
                inner
            );
    }

    // Atomic, so that a half-written model is never loaded. Two runs of one store may train the same model at the same
    // time; the second then finds the same bytes in place.
    internal static async Task WriteAsync(
        string directory,
        byte[] weights,
        ITextTokenizer tokenizer,
        NanoConfig config,
        double loss,
        CancellationToken cancellationToken
    )
    {
        var (words, text) = (
            tokenizer.ToJson(),
            $"{{\"sha256\": \"{Hex(weights)}\", \"tokenizer\": \"{Hex(tokenizer.ToJson())}\", \"loss\": {loss:R}}}\n"
        );
        var temporary = await AtomicFiles.WriteFolderAsync(
            directory,
            [
                ("model.safetensors", weights),
                ("tokenizer.json", words),
                ("config.json", config.ToJson()),
                ("base.json", Encoding.UTF8.GetBytes(text)),
            ],
            cancellationToken
        );
        var about = Path.Combine(directory, "base.json");
        if (Directory.Exists(directory) && !File.Exists(about))
            Directory.Delete(directory, recursive: true);
        try
        {
            Directory.Move(temporary, directory);
        }
        catch (IOException) when (File.Exists(about))
        {
            AtomicFiles.RemoveFolder(temporary);
        }
    }

    internal static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
