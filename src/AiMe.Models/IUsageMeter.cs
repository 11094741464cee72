namespace AiMe.Models;

/// <summary>What a call uses, in tokens.</summary>
/// <param name="Input">Read by the model.</param>
/// <param name="Output">Written by it.</param>
/// <param name="Embedded">Embedded.</param>
/// <param name="Trained">Trained on, every epoch counted.</param>
public readonly record struct TokenUse(long Input = 0, long Output = 0, long Embedded = 0, long Trained = 0)
{
    /// <summary>All together.</summary>
    public long Total => Input + Output + Embedded + Trained;
}

/// <summary>Stands before and behind every call that may cost: whether it may be made, when, and what it came to.</summary>
/// <remarks>What it throws is neither caught nor translated by a provider: it is for the host that asked.</remarks>
public interface IUsageMeter
{
    /// <summary>Sets aside what a call may use at most.</summary>
    /// <returns>Is to be told, once, what the call used in the end.</returns>
    Task<Action<TokenUse>> SetAsideAsync(TokenUse most, CancellationToken cancellationToken);

    /// <summary>Waits until a request of about so many tokens may be sent: a call's first, and each that repeats it.</summary>
    Task TurnAsync(long tokens, CancellationToken cancellationToken);
}
