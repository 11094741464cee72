namespace AiMe.Nano.Training;

/// <summary>A sequence to learn from.</summary>
/// <param name="Tokens">
/// Shape (n), at most Context + 1: the last is only predicted. A longer one is refused; callers truncate.
/// </param>
/// <param name="LossFrom">
/// Only tokens at this index and later are learned, at least 1: the prompt before it is read but not learned. An
/// example with nothing to learn (LossFrom of n or more) is refused too.
/// </param>
public sealed record TokenExample(int[] Tokens, int LossFrom = 1)
{
    /// <summary>Tokens that are learned.</summary>
    public int Targets => Tokens.Length - LossFrom;

    internal void Validate(NanoConfig config, int index)
    {
        if (LossFrom < 1 || LossFrom >= Tokens.Length)
            throw new ArgumentException(
                $"example {index}: LossFrom must be in [1, {Tokens.Length - 1}] for {Tokens.Length} tokens; got {LossFrom}"
            );
        if (Tokens.Length > config.Context + 1)
            throw new ArgumentException(
                $"example {index}: {Tokens.Length} tokens are more than the context of {config.Context} and one to predict"
            );
        foreach (var id in Tokens)
        {
            if ((uint)id >= (uint)config.Vocabulary)
                throw new ArgumentException($"example {index}: token id {id} is outside the vocabulary of {config.Vocabulary}");
        }
    }
}
