namespace AiMe.Nano;

public sealed unsafe partial class Model
{
    /// <summary>
    /// ln p of each token of each continuation after a shared prefix, in batches over the prefix's cache.
    /// </summary>
    /// <param name="prefix">The shared prefix.</param>
    /// <param name="continuations">Each may be empty; with the prefix at most Context + 1 tokens.</param>
    /// <returns>One array a continuation, of its length; nats.</returns>
    /// <exception cref="ArgumentException">
    /// A continuation does not fit, or has an unknown id; or the prefix is another model's.
    /// </exception>
    public double[][] Score(Prefix prefix, IReadOnlyList<int[]> continuations)
    {
        Own(prefix);
        foreach (var c in continuations)
        {
            if (c.Length > 0)
                Check(c.AsSpan(c.Length - 1), 0);
            if (c.Length > 1)
                Check(c.AsSpan(0, c.Length - 1), prefix.Tokens.Count);
        }

        var results = new double[continuations.Count][];
        var inference = Rent();
        for (int start = 0, next; start < results.Length; start = next)
        {
            var rows = 0;
            for (next = start; next < results.Length && (next == start || rows + continuations[next].Length <= BatchRows); next++)
                rows += Math.Max(continuations[next].Length - 1, 0);
            ScoreBatch(inference, prefix, continuations, start, next, rows, results);
        }

        Return(inference);
        return results;
    }

    /// <summary>
    /// Row r of the batch predicts <c>targets[r]</c>; the first token of each is predicted by the prefix itself.
    /// </summary>
    private void ScoreBatch(
        Inference inference,
        Prefix prefix,
        IReadOnlyList<int[]> continuations,
        int start,
        int end,
        int rows,
        double[][] results
    )
    {
        var (inputs, targets) = (new int[rows], new (int Continuation, int Position)[rows]);
        var used = 0;
        inference.Clear();
        for (var i = start; i < end; i++)
        {
            var c = continuations[i];
            results[i] = new double[c.Length];
            if (c.Length > 0)
            {
                fixed (float* logits = prefix.Logits)
                    results[i][0] = LogProbability(logits, c[0]);
            }

            if (c.Length < 2)
                continue;
            inference.Add(Fork(prefix), c.Length - 1);
            for (var p = 1; p < c.Length; p++)
            {
                targets[used] = (i, p);
                inputs[used++] = c[p - 1];
            }
        }

        if (rows == 0)
            return;
        inference.Run(inputs);
        inference.Logits(Range(0, rows), (first, count, logits) =>
        {
            for (var r = 0; r < count; r++)
            {
                var (i, p) = targets[first + r];
                results[i][p] = LogProbability(logits + (nint)r * inference.LogitRow, continuations[i][p]);
            }
        });
        foreach (var cache in inference.Caches)
            _caches.Add(cache);
    }
}
