namespace AiMe.Effects;

/// <summary>Hears an answer while it is being given. What it hears is not yet durable, and may come to nothing.</summary>
public interface IAnswerListener
{
    /// <summary>An attempt to answer begins: what was heard of an earlier one is void.</summary>
    /// <returns>
    /// Who hears its pieces; null for nobody. One for each attempt, since one that was taken back may still be under way
    /// when the next begins.
    /// </returns>
    Action<string>? Begins(int cycle, int attempt);
}
