using AiMe.Models.Nano;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>How a server is asked for the log-probability of given text.</summary>
public enum ScoringWay
{
    /// <summary>The first of the following ways that the server offers.</summary>
    Auto,

    /// <summary>A chat whose last message is continued, with <c>prompt_logprobs</c>, as vLLM has it.</summary>
    PromptLogProbabilities,

    /// <summary><c>/completions</c> with <c>echo</c> and <c>logprobs</c>.</summary>
    Completions,
}

/// <summary>How text is scored.</summary>
/// <param name="Template">
/// Renders a chat for <c>/completions</c> if the server has no <c>/tokenize</c>; null for none.
/// </param>
public sealed record ScoringOptions(ScoringWay Way, ChatTemplate? Template = null);
