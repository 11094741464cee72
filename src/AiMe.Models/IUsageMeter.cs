namespace AiMe.Models;

/// <summary>Token usage of a call.</summary>
/// <param name="Input">Input tokens.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="Embedded">Embedded tokens.</param>
/// <param name="Trained">Training tokens over all epochs.</param>
public readonly record struct TokenUse(long Input = 0, long Output = 0, long Embedded = 0, long Trained = 0)
{
    /// <summary>Sum of all tokens.</summary>
    public long Total => Input + Output + Embedded + Trained;
}

/// <summary>Meters calls: decides whether and when a call may be made, and records its usage.</summary>
/// <remarks>Providers neither catch nor translate its exceptions: they are for the host that made the call.</remarks>
public interface IUsageMeter
{
    /// <summary>Sets aside the greatest usage of a call.</summary>
    /// <returns>Must be called once, with the actual usage.</returns>
    Task<Action<TokenUse>> SetAsideAsync(TokenUse most, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until a request of about so many tokens may be sent; called for the first request and for each retry.
    /// </summary>
    Task TurnAsync(long tokens, CancellationToken cancellationToken);
}
