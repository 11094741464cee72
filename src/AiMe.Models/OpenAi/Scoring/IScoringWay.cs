using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>A way in which a server scores text.</summary>
internal interface IScoringWay
{
    /// <summary>The log-probability of a text that is not empty.</summary>
    /// <exception cref="ProviderException">The server failed, or does not score text in this way.</exception>
    Task<TextScore> ScoreAsync(string model, IReadOnlyList<ChatMessage> messages, string text, CancellationToken cancellationToken);
}
