namespace AiMe.Nano;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>A stop token was drawn.</summary>
    Stop,

    /// <summary>It reached the token limit.</summary>
    MaxTokens,

    /// <summary>Prompt and text fill the model's context.</summary>
    Context,
}

/// <summary>A sampled text.</summary>
/// <param name="Tokens">The sampled tokens, without the stop token.</param>
/// <param name="LogProbabilities">
/// ln p of each token under the model's untempered distribution, nats, in (-inf, 0].
/// </param>
/// <param name="Finish">Why it ended.</param>
/// <param name="StopLogProbability">ln p of the stop token; NaN if it did not end with one.</param>
public sealed record GeneratedText(
    IReadOnlyList<int> Tokens,
    IReadOnlyList<double> LogProbabilities,
    FinishReason Finish,
    double StopLogProbability
);
