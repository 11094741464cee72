using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiMe.Corpora;
using AiMe.Nano;
using AiMe.Nano.Training;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Nano;

/// <summary>How exchanges are trained into a base model.</summary>
/// <param name="Epochs">Passes over the training set; not used if there is a length.</param>
/// <param name="Length">The fixed length of the training; null for epochs.</param>
/// <param name="Anchor">Share of corpus text in the training set, in [0, 1).</param>
/// <param name="Seed">Seed of the corpus text and of the order.</param>
public sealed record NanoIdentityOptions(int Epochs, TrainingLength? Length, double LearningRate, double Anchor, ulong Seed)
{
    internal TrainingOptions Training(int threads) =>
        new()
        {
            Epochs = Epochs,
            Steps = Of(LengthUnit.Steps) is { } steps ? checked((int)steps) : null,
            Examples = Of(LengthUnit.Examples),
            Tokens = Of(LengthUnit.Tokens),
            TokensPerBatch = 1024,
            LearningRate = LearningRate,
            WarmUpShare = 0.1,
            Seed = Seed,
            Threads = threads,
        };

    private long? Of(LengthUnit unit) => Length?.Unit == unit ? Length.Amount : null;
}

/// <summary>
/// Fine-tunes a base model on exchanges into another model of generation 0, once, and caches it beside the base model, by the hash
/// of its inputs.
/// </summary>
/// <remarks>
/// The set is the exchanges and, against forgetting, corpus text: whole records, so that reflections and insights are kept too. The
/// loss of an exchange covers its answer alone.
/// </remarks>
public static class NanoIdentity
{
    private const string Version = "aime.nano.identity.1";

    /// <summary>Loads the model from its directory, or trains it and stores it there.</summary>
    /// <param name="exchanges">Each ends in an assistant message; 1 or more.</param>
    /// <param name="modelsDirectory">Holds one directory a model.</param>
    /// <param name="threads">Threads of the training; the result does not depend on it.</param>
    /// <exception cref="ProviderException">
    /// An exchange does not fit the context, the training diverged, or the stored model is damaged.
    /// </exception>
    public static async Task<NanoBase> EnsureAsync(
        NanoBase start,
        IReadOnlyList<IReadOnlyList<ChatMessage>> exchanges,
        NanoIdentityOptions options,
        string modelsDirectory,
        int threads,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        var directory = DirectoryOf(start.Id, PresetOf(start.Config), exchanges, options, modelsDirectory);
        if (await NanoBase.ReadAsync(directory, start.Corpus, start.Records, cancellationToken) is { } known)
            return known;
        TrainingResult result;
        try
        {
            result = Trainer.Train(
                new Model(Weights.FromSafetensors(start.Config, start.Weights)).Weights,
                SetOf(start, exchanges, options),
                options.Training(threads),
                progress,
                cancellationToken
            );
        }
        catch (Exception e) when (e is TrainingDivergedException or ArgumentException)
        {
            throw new ProviderException($"The identity could not be trained: {e.Message} Try a lower identity.learning-rate.", e);
        }

        var weights = result.Weights.ToSafetensors();
        var last = result.Losses.TakeLast(Math.Max(1, result.Losses.Count / 20)).Average();
        await NanoBase.WriteAsync(directory, weights, start.Prompt.Tokenizer, start.Config, last, cancellationToken);
        return new NanoBase(NanoBase.Hex(weights), weights, start.Prompt, start.Config, start.Corpus, start.Records, last);
    }

    /// <summary>The directory of the model, if it is there, so that it need not be trained; else null.</summary>
    /// <param name="start">Id of the base model.</param>
    public static string? FindDirectory(
        string start,
        string preset,
        IReadOnlyList<IReadOnlyList<ChatMessage>> exchanges,
        NanoIdentityOptions options,
        string modelsDirectory
    ) =>
        DirectoryOf(start, preset, exchanges, options, modelsDirectory) is var directory
        && File.Exists(Path.Combine(directory, "base.json"))
            ? directory
            : null;

    private static TokenExample[] SetOf(NanoBase start, IReadOnlyList<IReadOnlyList<ChatMessage>> exchanges, NanoIdentityOptions options)
    {
        var prompts = (NanoPrompt)start.Prompt; // a folder's checkpoint has no identity training
        var taught = exchanges.Select((e, i) => Encode(e, i + 1, prompts, start.Config.Context)).ToArray();
        var anchors = (int)Math.Round(taught.Length * options.Anchor / (1 - options.Anchor), MidpointRounding.AwayFromZero);
        return
        [
            .. taught,
            .. start.Corpus.Records(options.Seed, anchors).Select(r => prompts.Encode(r, start.Corpus.Charter)).OfType<TokenExample>(),
        ];
    }

    // Named by its number, because its parts may come from a store without the user's file.
    private static TokenExample Encode(IReadOnlyList<ChatMessage> exchange, int number, NanoPrompt prompts, int context) =>
        prompts.Length(exchange) is var tokens && tokens > context
            ? throw new ProviderException(
                $"Exchange {number} of identity.data has {tokens} tokens with the charter's stem, and the context has {context}: shorten "
                    + $"or remove it. It begins \"{Beginning(exchange)}\"."
            )
            : prompts.Encode(exchange);

    private static string Beginning(IReadOnlyList<ChatMessage> exchange) =>
        TextCut.Beginning(exchange[Math.Max(0, exchange.Count - 2)].Text, 60);

    // In the form of a base model's directory, so that what lists, checks and loads those knows it too.
    private static string DirectoryOf(
        string start,
        string preset,
        IReadOnlyList<IReadOnlyList<ChatMessage>> exchanges,
        NanoIdentityOptions options,
        string modelsDirectory
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        Add($"{Version} {start} {NanoBase.TextOf(options.Training(threads: 1))}");
        Add(string.Create(CultureInfo.InvariantCulture, $"{options.Length?.Unit} {options.Length?.Amount} {options.Anchor:R}"));
        foreach (var message in exchanges.SelectMany(e => e))
            Add($"{Parts.Of(message)}\t{message.Text}");
        return Path.Combine(modelsDirectory, $"nano-{preset}-{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
    }

    private static string PresetOf(NanoConfig config) =>
        new[] { "tiny", "small", "base" }.First(p => NanoConfig.Preset(p).Parameters == config.Parameters);
}
