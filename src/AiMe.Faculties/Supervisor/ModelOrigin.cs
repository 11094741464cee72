using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// Where the model of generation 0 comes from: enough to make it ready again from the store alone. Never a secret.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "provider")]
[JsonDerivedType(typeof(Nano), "nano")]
[JsonDerivedType(typeof(Hosted), "openai")]
public abstract record ModelOrigin
{
    private ModelOrigin() { }

    /// <summary>The embedded model, trained from a corpus.</summary>
    /// <param name="Preset">tiny, small or base.</param>
    /// <param name="Records">Exchanges of the corpus in its training text.</param>
    /// <param name="Seed">Of its training.</param>
    /// <param name="Corpus">SHA-256 of the blob that holds the corpus' files and the charter's.</param>
    public sealed record Nano(string Preset, int Records, ulong Seed, string Corpus) : ModelOrigin;

    /// <summary>A model behind the OpenAI API.</summary>
    /// <param name="Chat">Name of the model that speaks.</param>
    /// <param name="Embeddings">Name of the model that embeds.</param>
    /// <param name="BaseUrl">Of the server.</param>
    /// <param name="KeyEnv">
    /// Name of the environment variable that holds the key; <c>none</c> for a server that wants none.
    /// </param>
    /// <param name="TimeoutSeconds">For one call.</param>
    /// <param name="Retries">Calls after a failed one that can be repeated, 0 or more.</param>
    /// <param name="MaxTokens">
    /// The field by which the server is told how long an answer may be: <c>max_completion_tokens</c>, or
    /// <c>max_tokens</c> for older servers.
    /// </param>
    /// <param name="Dimensions">Components asked of an embedding; null for the model's own number.</param>
    /// <param name="LogProbabilities">Whether log-probabilities are asked for.</param>
    /// <param name="Samples">
    /// Answers sampled for one wording of a choice probe where no log-probabilities come, 1 or more.
    /// </param>
    /// <param name="Batch">Texts embedded in one request, 1 or more.</param>
    /// <param name="Prices">
    /// What its tokens cost; null where the experiment does not say, and then it is not written.
    /// </param>
    /// <param name="Limits">How fast it may be asked; likewise.</param>
    public sealed record Hosted(
        string Chat,
        string Embeddings,
        string BaseUrl,
        string KeyEnv,
        double TimeoutSeconds,
        int Retries,
        string MaxTokens,
        int? Dimensions,
        bool LogProbabilities,
        int Samples,
        int Batch,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TokenPrices? Prices = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CallLimits? Limits = null
    ) : ModelOrigin;
}

/// <summary>US dollars for a million tokens, each 0 or more.</summary>
/// <param name="Input">Read by the model that speaks.</param>
/// <param name="Output">Written by it.</param>
/// <param name="Embeddings">Embedded.</param>
/// <param name="Training">Trained on, every epoch counted.</param>
public sealed record TokenPrices(decimal Input, decimal Output, decimal Embeddings, decimal Training);

/// <summary>How fast a server may be asked, by all that carry a run together. Null bounds nothing.</summary>
/// <param name="RequestsPerMinute">Chat and embedding requests, repeated ones among them; 1 or more.</param>
/// <param name="TokensPerMinute">Read, embedded, and written were each answer as long as allowed; 1 or more.</param>
public sealed record CallLimits(int? RequestsPerMinute, int? TokensPerMinute);
