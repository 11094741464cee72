namespace AiMe.Nano.Training;

/// <summary>The plan of a run: which examples each step learns from, and which shard takes which. It depends on no thread.</summary>
internal sealed class Batches
{
    /// <summary>A batch is cut into at most this many shards, whose gradients are added in their order.</summary>
    public const int Shards = 8;

    private const int ShardTokens = 128; // below this a shard's own gradient costs more to add up than it saves

    private readonly IReadOnlyList<Example> _examples;
    private readonly TrainingOptions _options;
    private readonly List<int[]> _queue = [];
    private Rng _rng;

    public Batches(IReadOnlyList<Example> examples, TrainingOptions options)
    {
        (_examples, _options, _rng) = (examples, options, new Rng(options.Seed));
        if (options.Steps is { } steps)
        {
            while (_queue.Count < steps)
                QueueEpoch();
            _queue.RemoveRange(steps, _queue.Count - steps);
            return;
        }

        for (var e = 0; e < options.Epochs; e++)
            QueueEpoch();
    }

    public int Steps => _queue.Count;

    /// <summary>The examples of a step, by shard: the longest first, each to the shard with the fewest tokens, ties to the first.</summary>
    public List<Example>[] Of(int step)
    {
        var chosen = _queue[step].Select(i => _examples[i]).OrderByDescending(e => e.Tokens.Length).ToArray(); // a stable sort
        var tokens = chosen.Sum(e => e.Tokens.Length - 1);
        var shards = new List<Example>[Math.Clamp((tokens + ShardTokens - 1) / ShardTokens, 1, Math.Min(Shards, chosen.Length))];
        var load = new int[shards.Length];
        for (var s = 0; s < shards.Length; s++)
            shards[s] = [];
        foreach (var example in chosen)
        {
            var least = Array.IndexOf(load, load.Min());
            shards[least].Add(example);
            load[least] += example.Tokens.Length - 1;
        }

        return shards;
    }

    private void QueueEpoch()
    {
        var order = Enumerable.Range(0, _examples.Count).ToArray();
        _rng.Shuffle<int>(order);
        for (int start = 0, end; start < order.Length; start = end)
        {
            var tokens = 0;
            for (end = start; end < order.Length; end++)
            {
                tokens += _examples[order[end]].Tokens.Length - 1;
                if (end > start && tokens > _options.TokensPerBatch)
                    break;
            }

            _queue.Add(order[start..end]);
        }
    }
}
