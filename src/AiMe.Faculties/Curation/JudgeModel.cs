using System.Text.Json.Serialization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Curation;

/// <summary>A hosted model of a judge's own. Contains no secret.</summary>
/// <param name="Chat">Name of the chat model.</param>
/// <param name="BaseUrl">Base URL of the server.</param>
/// <param name="Connection">How the server is reached; not part of an experiment's identity, in which it is null.</param>
/// <param name="Reasoning">How the model marks its reasoning; null, and not written, for the marks that are known.</param>
public sealed record JudgeModel(
    string Chat,
    string BaseUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JudgeConnection? Connection = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReasoningTags? Reasoning = null
);

/// <summary>How the server of a judge is reached.</summary>
/// <param name="KeyEnv">Name of the environment variable that holds the key; <c>none</c> for a server without keys.</param>
/// <param name="TimeoutSeconds">Time limit of one call.</param>
/// <param name="Retries">Repetitions of a failed call that may be repeated, 0 or more.</param>
/// <param name="MaxTokens">The request's field for the length limit.</param>
/// <param name="Prices">Prices of its tokens; null, and not written, if the experiment names none.</param>
/// <param name="Limits">Rate limits; null, and not written, if the experiment names none.</param>
public sealed record JudgeConnection(
    string KeyEnv,
    double TimeoutSeconds,
    int Retries,
    string MaxTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TokenPrices? Prices = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CallLimits? Limits = null
);
