using System.Collections.Immutable;

namespace AiMe.Models.OpenAi;

/// <summary>
/// The connection to a server that implements OpenAI's API. Holds the name of the key's variable, never the key.
/// </summary>
/// <param name="BaseUrl">Without user, query and fragment, such as <c>https://api.openai.com/v1</c>.</param>
public sealed record OpenAiOptions(Uri BaseUrl)
{
    /// <summary>The environment variable that holds the key; null for a local server that needs none.</summary>
    public string? KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>Time limit of an attempt, and in a stream of the wait for the next piece.</summary>
    /// <remarks>A minute is long for a short answer, but the server may queue requests for a long time.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Attempts after the first if the server is busy, fails or cannot be reached. The pause between two is at most
    /// <see cref="Timeout"/>.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>
    /// Whether to request log-probabilities. Some models reject the request; servers that ignore it are fine.
    /// </summary>
    public bool LogProbabilities { get; init; } = true;

    /// <summary>
    /// Whether the limit of an answer is named <c>max_tokens</c>, as in older servers, rather than
    /// <c>max_completion_tokens</c>.
    /// </summary>
    public bool OldTokenLimit { get; init; }

    /// <summary>
    /// Whether each part of a prompt is sent as a message of its own with the part's name, and seeds with all their bits: for
    /// servers whose prompts know the parts, such as <c>aime serve</c>.
    /// </summary>
    public bool Names { get; init; }

    /// <summary>Whether the version of the server's program is asked for even if its answers have no fingerprint.</summary>
    public bool AsksVersion { get; init; }

    /// <summary>How the chat model marks its reasoning.</summary>
    public ReasoningMarks Reasoning { get; init; } = ReasoningMarks.Auto;

    /// <summary>
    /// Optional parameters that the server is known to refuse: they are left out, or sent in another form, from the
    /// first request on. The server's further refusals are found out and reported.
    /// </summary>
    public ImmutableArray<ParameterRefusal> LeftOut { get; init; } = [];

    /// <summary>
    /// Requested components of an embedding, for models that can shorten theirs; null for the model's own number.
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>Texts embedded in one request. The API accepts 2048; fewer keep a request small.</summary>
    public int Batch { get; init; } = 256;
}
