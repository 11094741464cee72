using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiMe.Corpora;
using AiMe.Nano;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;

namespace AiMe.Models.Nano;

/// <summary>How the model of generation 0 is made: it depends on corpus, preset, length of the training text and seed alone.</summary>
/// <param name="Preset">tiny, small or base.</param>
/// <param name="Records">Records of the corpus in its training text, 1 or more.</param>
/// <param name="Seed">Of initialisation, corpus stream and order.</param>
public sealed record NanoRecipe(string Preset, int Records, ulong Seed)
{
    /// <summary>
    /// How often the training text is gone through. The corpus gives as many records as are asked for, and small learns
    /// more from others than from the same again.
    /// </summary>
    /// <exception cref="ArgumentException">No preset has that name.</exception>
    public static int EpochsOf(string preset) => Of(preset).Epochs;

    /// <summary>How it is trained.</summary>
    /// <exception cref="ArgumentException">No preset has its name.</exception>
    public TrainingOptions Training(int threads) =>
        new()
        {
            Epochs = Of(Preset).Epochs,
            TokensPerBatch = Of(Preset).Tokens,
            LearningRate = Of(Preset).Rate,
            WarmUpShare = 0.05,
            Seed = Seed,
            Threads = threads,
        };

    // Whoever changes a number makes other models of the preset: a model's key is made from them.
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
/// The embedded model of generation 0, with its tokenizer, trained once and kept on disk by the hash of what it is made
/// from.
/// </summary>
public sealed class NanoBase
{
    private const string Version = "aime.nano.base.1";

    private NanoBase(
        string id,
        byte[] weights,
        Tokenizer tokenizer,
        NanoConfig config,
        Corpus corpus,
        ImmutableArray<CorpusRecord> records,
        double loss
    ) => (Id, Weights, Tokenizer, Config, Corpus, Records, Loss) = (id, weights, tokenizer, config, corpus, records, loss);

    /// <summary>SHA-256 of the weights' file: the checkpoint id of generation 0.</summary>
    public string Id { get; }

    /// <summary>The weights as a safetensors file.</summary>
    public byte[] Weights { get; }

    /// <summary>The tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The shape.</summary>
    public NanoConfig Config { get; }

    /// <summary>Where it comes from.</summary>
    public Corpus Corpus { get; }

    /// <summary>Its training text, record by record.</summary>
    public ImmutableArray<CorpusRecord> Records { get; }

    /// <summary>Cross-entropy at the end of its training, nats per token.</summary>
    public double Loss { get; }

    /// <summary>Reads the model from its directory, or trains it and puts it there.</summary>
    /// <param name="modelsDirectory">Holds one directory a model; made if it is missing.</param>
    /// <param name="threads">Of the training; the bits do not depend on it.</param>
    /// <param name="progress">Told of each training step; null for nobody.</param>
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
        var directory = Path.Combine(modelsDirectory, $"nano-{recipe.Preset}-{KeyOf(recipe, corpus, records)[..16]}");
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
        return new NanoBase(Hex(weights), weights, tokenizer, config, corpus, records, last);
    }

    /// <summary>Every text of a record, for a tokenizer or an embedder to learn from.</summary>
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

    // The key is made from the text itself and from how it is trained, so any change of corpus, charter or recipe makes another model.
    private static string KeyOf(NanoRecipe recipe, Corpus corpus, ImmutableArray<CorpusRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        Add($"{Version} {recipe.Preset} {recipe.Seed} {recipe.Training(1) with { Threads = 1 }}");
        foreach (var record in records)
        {
            Add($"{record.Internal} {record.InCharacter}");
            foreach (var text in TextsOf(record, corpus.Charter))
                Add(text);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<NanoBase?> ReadAsync(
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
                    $"tokenizer.json is of another vocabulary: it has {words.VocabularySize} ids with "
                        + $"{words.Specials.Count} special tokens, config.json has room for {config.Vocabulary} and nano's "
                        + $"{NanoPrompt.Specials.Length} are wanted"
                );
            // of another shape than config.json says: told here, and not when somebody first speaks
            _ = AiMe.Nano.Weights.FromSafetensors(config, weights);
            return new NanoBase(Hex(weights), weights, words, config, corpus, records, json.RootElement.GetProperty("loss").GetDouble());
        }
        catch (Exception e)
            when (e is JsonException or FormatException or KeyNotFoundException or FileNotFoundException or InvalidOperationException)
        {
            throw Damaged(e.Message, e);
        }

        ProviderException Damaged(string why, Exception? inner = null) =>
            new(
                $"The base model in {directory} is damaged: {why}. Delete the directory, and it is trained again, to the same bits.",
                inner
            );
    }

    // Written beside and moved into place, so that a half-written model is never taken for one. Beside, under a name of this process' own:
    // two runs of one store may train the same model at the same time, and the second then finds the same bytes in place.
    private static async Task WriteAsync(
        string directory,
        byte[] weights,
        Tokenizer tokenizer,
        NanoConfig config,
        double loss,
        CancellationToken cancellationToken
    )
    {
        var (words, text) = (
            tokenizer.ToJson(),
            $"{{\"sha256\": \"{Hex(weights)}\", \"tokenizer\": \"{Hex(tokenizer.ToJson())}\", \"loss\": {loss:R}}}\n"
        );
        var beside = await AtomicFiles.WriteAsync(
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
            Directory.Move(beside, directory);
        }
        catch (IOException) when (File.Exists(about))
        {
            AtomicFiles.Remove(beside);
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
