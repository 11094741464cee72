namespace AiMe.VectorStores;

/// <summary>A store did not answer, or refused.</summary>
/// <param name="message">Names the store and its address, what it said, and what to do; no secrets.</param>
public sealed class VectorStoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same call may succeed later: the store is down, slow or busy. False if it refused the call.</summary>
    public bool IsTransient { get; init; }
}
