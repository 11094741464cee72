using System.Collections.Concurrent;

namespace AiMe.Effects;

/// <summary>Caches measurements of constant quantities. Concurrent requests for one key share a measurement.</summary>
internal sealed class AsyncCache<TKey, T>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<T>>> _known = [];

    /// <summary>The measurement of a key. A failed measurement is not cached.</summary>
    /// <param name="measure">Not cancelled with the first caller, since others wait for it too.</param>
    public async Task<T> GetAsync(TKey key, Func<Task<T>> measure, CancellationToken cancellationToken)
    {
        var measured = _known.GetOrAdd(key, _ => new Lazy<Task<T>>(measure));
        try
        {
            return await measured.Value.WaitAsync(cancellationToken);
        }
        catch (Exception) when (measured.Value.IsFaulted)
        {
            _known.TryRemove(KeyValuePair.Create(key, measured));
            throw;
        }
    }
}
