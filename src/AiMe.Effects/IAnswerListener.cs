namespace AiMe.Effects;

/// <summary>Receives an answer while it is generated. The text is not yet durable and may be discarded.</summary>
public interface IAnswerListener
{
    /// <summary>Begins an attempt to answer: text of an earlier attempt is void.</summary>
    /// <returns>
    /// Receives the pieces of this attempt; null for none. One for each attempt, because a cancelled attempt may still
    /// be running when the next begins.
    /// </returns>
    Action<string>? Begins(int cycle, int attempt);
}
