using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// The origin of the model of generation 0, sufficient to restore it from the store alone. Contains no secret.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "provider")]
[JsonDerivedType(typeof(Nano), "nano")]
[JsonDerivedType(typeof(Hosted), "openai")]
[JsonDerivedType(typeof(Fitted), "distribution")]
public abstract record ModelOrigin
{
    private ModelOrigin() { }

    /// <summary>How generation 0 is made of the base model; null, and not written, if it is the base model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IdentityTuning? Identity { get; init; }

    /// <summary>The embedder of this process; null, and not written, for the provider's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LocalEmbedder? Embedder { get; init; }

    /// <summary>The embedded model, trained from a corpus.</summary>
    /// <param name="Preset"><c>tiny</c>, <c>small</c> or <c>base</c>.</param>
    /// <param name="Records">Number of exchanges in the training text.</param>
    /// <param name="Seed">Seed of the training.</param>
    /// <param name="Corpus">SHA-256 of the blob with the files of the corpus and the charter.</param>
    /// <param name="Epochs">Passes over the training text; null, and not written, for those of the preset.</param>
    /// <param name="Checkpoint">
    /// The checkpoint of a folder in place of a training; null, and not written, for a model that is trained here.
    /// </param>
    public sealed record Nano(
        string Preset,
        int Records,
        ulong Seed,
        string Corpus,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Epochs = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FolderCheckpoint? Checkpoint = null
    ) : ModelOrigin
    {
        /// <summary>In place of a preset's name, if the model is a folder's checkpoint.</summary>
        public const string OfFolder = "checkpoint";
    }

    /// <summary>A distribution in place of a language model, fitted to draws of the real one.</summary>
    /// <param name="Dimensions">Independent distributions, 1 or more.</param>
    /// <param name="Records">Real draws that generation 0 is fitted to, 2 or more.</param>
    /// <param name="Seed">Seed of these draws.</param>
    /// <param name="Categories">Categories of each dimension; null, and not written, for a Gaussian.</param>
    public sealed record Fitted(
        int Dimensions,
        int Records,
        ulong Seed,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Categories = null
    ) : ModelOrigin;

    /// <summary>A model behind the OpenAI API.</summary>
    /// <param name="Chat">Name of the chat model.</param>
    /// <param name="Embeddings">Name of the embedding model.</param>
    /// <param name="BaseUrl">Base URL of the server.</param>
    /// <param name="KeyEnv">
    /// Name of the environment variable that holds the key; <c>none</c> for a server without keys.
    /// </param>
    /// <param name="TimeoutSeconds">Time limit of one call.</param>
    /// <param name="Retries">Repetitions of a failed call that may be repeated, 0 or more.</param>
    /// <param name="MaxTokens">
    /// The request's field for the length limit: <c>max_completion_tokens</c>, or <c>max_tokens</c> for older servers.
    /// </param>
    /// <param name="Dimensions">Requested components of an embedding; null for the model's default.</param>
    /// <param name="LogProbabilities">Whether log-probabilities are requested.</param>
    /// <param name="Samples">
    /// Answers sampled per wording of a choice probe if there are no log-probabilities, at least 1.
    /// </param>
    /// <param name="Batch">Texts per embedding request, at least 1.</param>
    /// <param name="Prices">Prices of its tokens; null, and not written, if the experiment names none.</param>
    /// <param name="Limits">Rate limits; null, and not written, if the experiment names none.</param>
    /// <param name="Reasoning">
    /// How the chat model marks its reasoning; null, and not written, for the marks that are known.
    /// </param>
    /// <param name="LeaveOut">
    /// Optional request parameters that are never sent; null, and not written, if the experiment names none.
    /// </param>
    /// <param name="Scoring">
    /// How given text is scored: <c>auto</c>, <c>prompt-logprobs</c> or <c>completions</c>; null, and not written, if it is not.
    /// </param>
    /// <param name="SendNames">Whether messages have the names of their parts; not written if they have not.</param>
    /// <param name="ChatTemplate">The template that renders a chat for scoring; null, and not written, for none.</param>
    /// <param name="HeldOut">Held-out text; null, and not written, if the experiment names none.</param>
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
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CallLimits? Limits = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReasoningTags? Reasoning = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? LeaveOut = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scoring = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool SendNames = false,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ChatTemplate = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HeldOutText? HeldOut = null
    ) : ModelOrigin;
}

/// <summary>The held-out text of a hosted model.</summary>
/// <param name="Data">SHA-256 of the blob with its JSON Lines.</param>
/// <param name="Exchanges">Number of lines, 1 or more.</param>
public sealed record HeldOutText(string Data, int Exchanges);

/// <summary>An embedder that runs in this process and is loaded on demand.</summary>
/// <param name="Name">As an experiment names it: <c>minilm</c>.</param>
/// <param name="Model">SHA-256 of its model.</param>
/// <param name="Runtime">What computes it, with its version.</param>
public sealed record LocalEmbedder(string Name, string Model, string Runtime);

/// <summary>A checkpoint in a folder of Hugging Face's form.</summary>
/// <param name="Folder">Full path of the folder, on the machine where the run began.</param>
/// <param name="Files">SHA-256 over its files.</param>
/// <param name="Context">The longest sequence, in tokens.</param>
/// <param name="Template">Name of the chat template; null, and not written, for that of the folder.</param>
public sealed record FolderCheckpoint(
    string Folder,
    string Files,
    int Context,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Template = null
);

/// <summary>The marks around a model's reasoning.</summary>
/// <param name="Open">Empty if the chat template writes it, so that an answer begins with reasoning.</param>
/// <param name="Close">Empty, as is <paramref name="Open"/>, if nothing is taken for reasoning.</param>
public sealed record ReasoningTags(string Open, string Close)
{
    /// <summary>The text is left as it is.</summary>
    public static ReasoningTags None { get; } = new("", "");
}

/// <summary>Prices in US dollars per million tokens, each 0 or more.</summary>
/// <param name="Input">Price of prompt tokens of the chat model.</param>
/// <param name="Output">Price of its completion tokens.</param>
/// <param name="Embeddings">Price of embedded tokens.</param>
/// <param name="Training">Price of training tokens, counted once per epoch.</param>
public sealed record TokenPrices(decimal Input, decimal Output, decimal Embeddings, decimal Training);

/// <summary>Rate limits of a server, for all processes of a run together. Null is unlimited.</summary>
/// <param name="RequestsPerMinute">Chat and embedding requests, including repeated ones; at least 1.</param>
/// <param name="TokensPerMinute">
/// Tokens read, embedded, and written if each answer had its greatest length; at least 1.
/// </param>
public sealed record CallLimits(int? RequestsPerMinute, int? TokensPerMinute);
