namespace AiMe.VectorStores;

/// <summary>Divides what is written into requests that a store accepts.</summary>
internal static class StoreBatches
{
    /// <summary>Parts in order, each of at most so many items and, unless it is a single item, so many bytes.</summary>
    /// <param name="bytesOf">An item's size in the request.</param>
    public static IEnumerable<List<T>> Of<T>(IEnumerable<T> items, int mostItems, int mostBytes, Func<T, int> bytesOf)
    {
        List<T> batch = [];
        var bytes = 0;
        foreach (var item in items)
        {
            var size = bytesOf(item);
            if (batch.Count > 0 && (batch.Count == mostItems || bytes + size > mostBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(item);
            bytes += size;
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
