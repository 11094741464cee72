namespace AiMe.Nano.Training;

/// <summary>How a batch is cut into shards.</summary>
internal static class Batches
{
    /// <summary>Maximum number of shards of a batch; their gradients are added in order.</summary>
    public const int Shards = 8;
}

/// <summary>The plan of a training: the items of each step, and of each shard. It does not depend on threads.</summary>
/// <typeparam name="T">An example or a pair; it is never split.</typeparam>
internal sealed class Batches<T>
{
    private const int ShardTokens = 128; // below this a shard's own gradient costs more to add up than it saves

    private readonly IReadOnlyList<T> _items;
    private readonly Func<T, int> _tokens;
    private readonly TrainingOptions _options;
    private readonly List<int[]> _queue = [];
    private Rng _rng;

    /// <param name="tokens">Inputs of an item.</param>
    public Batches(IReadOnlyList<T> items, Func<T, int> tokens, TrainingOptions options)
    {
        (_items, _tokens, _options, _rng) = (items, tokens, options, new Rng(options.Seed));
        switch (options)
        {
            case { Steps: { } steps }:
                while (_queue.Count < steps)
                    Queue(Shuffled());
                _queue.RemoveRange(steps, _queue.Count - steps);
                break;
            case { Examples: { } examples }:
                for (var left = examples; left > 0; left -= items.Count)
                    Queue(Shuffled().AsSpan(0, (int)Math.Min(left, items.Count)));
                break;
            case { Tokens: { } left }:
                while (left > 0)
                    Queue(UntilReached(Shuffled(), ref left));
                break;
            default:
                for (var e = 0; e < options.Epochs; e++)
                    Queue(Shuffled());
                break;
        }
    }

    public int Steps => _queue.Count;

    /// <summary>Items of all steps; one that is trained on in n epochs counts n times.</summary>
    public long Passes => _queue.Sum(batch => (long)batch.Length);

    /// <summary>
    /// The items of a step, by shard: the longest first, each to the shard with the fewest tokens, ties to the first.
    /// </summary>
    public List<T>[] Of(int step)
    {
        var chosen = _queue[step].Select(i => _items[i]).OrderByDescending(_tokens).ToArray(); // a stable sort
        var tokens = chosen.Sum(_tokens);
        var shards = new List<T>[Math.Clamp((tokens + ShardTokens - 1) / ShardTokens, 1, Math.Min(Batches.Shards, chosen.Length))];
        var load = new int[shards.Length];
        for (var s = 0; s < shards.Length; s++)
            shards[s] = [];
        foreach (var item in chosen)
        {
            var least = Array.IndexOf(load, load.Min());
            shards[least].Add(item);
            load[least] += _tokens(item);
        }

        return shards;
    }

    /// <summary>The order of the next epoch.</summary>
    private int[] Shuffled()
    {
        var order = Enumerable.Range(0, _items.Count).ToArray();
        _rng.Shuffle<int>(order);
        return order;
    }

    /// <summary>The first items of an order whose tokens reach a number, or all of them.</summary>
    /// <param name="left">The number, from which the tokens are subtracted.</param>
    private ReadOnlySpan<int> UntilReached(int[] order, ref long left)
    {
        var taken = 0;
        while (taken < order.Length && left > 0)
            left -= _tokens(_items[order[taken++]]);
        return order.AsSpan(0, taken);
    }

    /// <summary>Cuts an epoch, or the beginning of one, into batches; none continues in the next epoch.</summary>
    private void Queue(ReadOnlySpan<int> order)
    {
        for (int start = 0, end; start < order.Length; start = end)
        {
            var tokens = 0;
            for (end = start; end < order.Length; end++)
            {
                tokens += _tokens(_items[order[end]]);
                if (end > start && tokens > _options.TokensPerBatch)
                    break;
            }

            _queue.Add(order[start..end].ToArray());
        }
    }
}
