namespace AiMe.Models.OpenAi;

/// <summary>A server that speaks OpenAI's API, and how it is spoken to. Holds the name of the key's variable and never the key.</summary>
/// <param name="BaseUrl">Without user, query and fragment, such as <c>https://api.openai.com/v1</c>.</param>
public sealed record OpenAiOptions(Uri BaseUrl)
{
    /// <summary>The environment variable that holds the key; null for a server on one's own machine that wants none.</summary>
    public string? KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>
    /// How long a try may take, and in a stream the wait for the next piece. A minute is long for a short answer, and a
    /// queue may be long.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Tries after the first where the server is busy, fails or cannot be reached. A wait between two is no longer than
    /// <see cref="Timeout"/>.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>Whether to ask for log-probabilities. Some models refuse the question; a server that ignores it does no harm.</summary>
    public bool LogProbabilities { get; init; } = true;

    /// <summary>
    /// Whether the limit of an answer is named <c>max_tokens</c>, as older servers want it, and not
    /// <c>max_completion_tokens</c>.
    /// </summary>
    public bool OldTokenLimit { get; init; }

    /// <summary>Components asked of an embedding, for models that can shorten theirs; null for the model's own number.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Texts embedded in one request. The API takes 2048; fewer keep a request small.</summary>
    public int Batch { get; init; } = 256;
}
