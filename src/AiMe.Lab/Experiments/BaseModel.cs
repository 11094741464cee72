using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments;

/// <summary>Which model generation 0 is: a closed set, one case a provider.</summary>
public abstract record BaseModel
{
    private protected BaseModel() { }
}

/// <summary>The embedded model.</summary>
/// <param name="Preset">tiny, small or base.</param>
/// <param name="Corpus">The grammar that it is born from: a path, not part of what the experiment is.</param>
/// <param name="CorpusDigest">SHA-256 of the corpus' files.</param>
/// <param name="Records">Exchanges of the corpus in its training text, 1 or more.</param>
/// <param name="Seed">Of its first training, 0 to 2^63 - 1.</param>
public sealed record NanoModel(string Preset, string Corpus, string CorpusDigest, int Records, ulong Seed) : BaseModel;

/// <summary>
/// A model behind OpenAI's API. How it is reached (key, time limit, retries, the name of a limit, prices, how fast it may
/// be asked) is not part of what the experiment is.
/// </summary>
/// <param name="Chat">The model that speaks.</param>
/// <param name="Embeddings">The model that embeds.</param>
/// <param name="BaseUrl">Of the server, without a slash at its end.</param>
/// <param name="KeyEnv">Name of the environment variable that holds the key; <c>none</c> for a server that wants none.</param>
/// <param name="Timeout">Of one call.</param>
/// <param name="Retries">Tries after the first, 0 to 10.</param>
/// <param name="TokenLimit"><c>max_completion_tokens</c>, or <c>max_tokens</c> for older servers.</param>
/// <param name="Dimensions">Components asked of an embedding; null for the model's own number.</param>
/// <param name="LogProbabilities">Whether log-probabilities are asked for.</param>
/// <param name="Samples">Answers sampled for one wording of a choice probe where no log-probabilities come.</param>
/// <param name="Batch">Texts embedded in one request, 1 to 2048.</param>
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
    /// <summary>What its tokens cost; null where that is not said.</summary>
    public TokenPrices? Prices { get; init; }

    /// <summary>How fast the server may be asked; null for no bound.</summary>
    public CallLimits? Limits { get; init; }

    /// <summary>As it stands in a run's plan.</summary>
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
            Limits
        );
}
