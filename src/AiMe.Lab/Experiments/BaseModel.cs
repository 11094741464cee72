using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Models.Distributions;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Experiments;

/// <summary>The model of generation 0: a closed set with one case for each provider.</summary>
public abstract record BaseModel
{
    private protected BaseModel() { }

    /// <summary>The embedder of this process that takes the place of the provider's own; null for the provider's own.</summary>
    public LocalEmbedder? Embedder { get; init; }
}

/// <summary>The embedded model.</summary>
/// <param name="Preset">tiny, small or base.</param>
/// <param name="Corpus">Path of the grammar that it is trained on; not part of the experiment's identity.</param>
/// <param name="CorpusDigest">SHA-256 of the corpus' files.</param>
/// <param name="Records">Exchanges of the corpus in its training text, 1 or more.</param>
/// <param name="Seed">Seed of its first training, 0 to 2^63 - 1.</param>
/// <param name="Epochs">Passes over the training text; null for those of the preset.</param>
public sealed record NanoModel(string Preset, string Corpus, string CorpusDigest, int Records, ulong Seed, int? Epochs = null) : BaseModel
{
    /// <summary>
    /// The checkpoint of a folder in place of a preset that is trained here; null for a preset. The corpus then gives
    /// held-out text and anchors alone.
    /// </summary>
    public CheckpointModel? Checkpoint { get; init; }

    /// <summary>The shape of its weights.</summary>
    public NanoConfig Shape => Checkpoint?.Shape ?? NanoConfig.Preset(Preset);

    /// <summary>The recipe of its first training.</summary>
    internal NanoRecipe Recipe => new(Preset, Records, Seed, Epochs);
}

/// <summary>A checkpoint in a folder of Hugging Face's form.</summary>
/// <param name="Folder">Full path; not part of the experiment's identity.</param>
/// <param name="Files">SHA-256 over its files.</param>
/// <param name="Context">The longest sequence, in tokens.</param>
/// <param name="Template">Name of the chat template; null for that of the folder.</param>
/// <param name="Shape">The shape of its weights, with that context.</param>
public sealed record CheckpointModel(string Folder, string Files, int Context, string? Template, NanoConfig Shape)
{
    /// <summary>The checkpoint's entry in the run's plan.</summary>
    public FolderCheckpoint Origin => new(Folder, Files, Context, Template);
}

/// <summary>A distribution in place of a language model, whose laws are known.</summary>
/// <param name="Shape">Its family and size.</param>
/// <param name="Records">Real draws that generation 0 is fitted to, 2 or more.</param>
/// <param name="Seed">Seed of these draws, 0 to 2^63 - 1.</param>
public sealed record DistributionModel(DistributionShape Shape, int Records, ulong Seed) : BaseModel
{
    /// <summary>The model's entry in the run's plan.</summary>
    internal ModelOrigin.Fitted Origin => new(Shape.Dimensions, Records, Seed, Shape.Categories);
}

/// <summary>A model behind OpenAI's API.</summary>
/// <param name="Chat">Name of the chat model.</param>
/// <param name="Embeddings">Name of the embedding model.</param>
/// <param name="BaseUrl">Address of the server, without a slash at its end.</param>
/// <param name="KeyEnv">
/// Name of the environment variable that holds the key; <c>none</c> for a server that needs none.
/// </param>
/// <param name="Timeout">Time limit of one call.</param>
/// <param name="Retries">Attempts after the first, 0 to 10.</param>
/// <param name="TokenLimit"><c>max_completion_tokens</c>, or <c>max_tokens</c> for older servers.</param>
/// <param name="Dimensions">Requested components of an embedding; null for the model's own number.</param>
/// <param name="LogProbabilities">Whether log-probabilities are requested.</param>
/// <param name="Samples">
/// Answers sampled for each wording of a choice probe if the server returns no log-probabilities.
/// </param>
/// <param name="Batch">Texts embedded in one request, 1 to 2048.</param>
/// <remarks>
/// The connection (key, time limit, retries, token limit parameter, prices, rate limits, and the parameters left out
/// that change neither a sample nor a measure) is not part of the experiment's identity.
/// </remarks>
public sealed record OpenAiModel(
    string Chat,
    string Embeddings,
    string BaseUrl,
    string KeyEnv,
    TimeSpan Timeout,
    int Retries,
    string TokenLimit,
    int? Dimensions,
    bool LogProbabilities,
    int Samples,
    int Batch
) : BaseModel
{
    /// <summary>Token prices; null if the file gives none.</summary>
    public TokenPrices? Prices { get; init; }

    /// <summary>Rate limits of the server; null for no limit.</summary>
    public CallLimits? Limits { get; init; }

    /// <summary>How the chat model marks its reasoning; null for the marks that are known.</summary>
    public ReasoningTags? Reasoning { get; init; }

    /// <summary>Optional request parameters that are never sent.</summary>
    public ImmutableArray<string> LeaveOut { get; init; } = [];

    /// <summary>How given text is scored: <c>auto</c>, <c>prompt-logprobs</c> or <c>completions</c>; null if it is not.</summary>
    public string? Scoring { get; init; }

    /// <summary>Whether messages have the names of their parts.</summary>
    public bool SendNames { get; init; }

    /// <summary>The template that renders a chat for scoring; null for none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Held-out text; null for none.</summary>
    public HeldOutText? HeldOut { get; init; }

    /// <summary>The JSON Lines of the held-out text; else empty.</summary>
    public ReadOnlyMemory<byte> HeldOutData { get; init; }

    /// <summary>The model's entry in the run's plan.</summary>
    internal ModelOrigin.Hosted Origin =>
        new(
            Chat,
            Embeddings,
            BaseUrl,
            KeyEnv,
            Timeout.TotalSeconds,
            Retries,
            TokenLimit,
            Dimensions,
            LogProbabilities,
            Samples,
            Batch,
            Prices,
            Limits,
            Reasoning,
            LeaveOut.IsEmpty ? null : LeaveOut,
            Scoring,
            SendNames,
            ChatTemplate,
            HeldOut
        );
}
