using System.Collections.Concurrent;

namespace AiMe.Effects;

/// <summary>Measures what does not change once, however many ask at the same time.</summary>
internal sealed class AsyncCache<TKey, T>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<T>>> _known = [];

    /// <summary>
    /// The measurement of a key. What failed is measured anew: a provider's bad minute is not remembered as a measurement.
    /// </summary>
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
