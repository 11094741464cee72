using AiMe.EventSourcing;

namespace AiMe.VectorStores.Indexing;

/// <summary>Is told of every search that a store did not answer.</summary>
public interface IIndexFailures
{
    /// <summary>Records a failure.</summary>
    /// <exception cref="StaysOwedException">The session is closed.</exception>
    Task FailedAsync(VectorStoreException failure, CancellationToken cancellationToken);

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="StaysOwedException">The session is closed: the search stays pending.</exception>
    Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken);
}
