using AiMe.Nano.Kernels;

namespace AiMe.Nano;

public sealed unsafe partial class Model
{
    /// <summary>ln p of every token that could stand at each of the positions [from, n).</summary>
    /// <param name="tokens">x, shape (n), at most Context + 1 tokens: the last is only predicted.</param>
    /// <param name="from">The first position, at least 1: nothing predicts token 0.</param>
    /// <returns>Shape (n - from, vocabulary), row-major, nats; the exponentials of a row sum to 1 except for rounding.</returns>
    /// <exception cref="ArgumentException">
    /// No tokens, an unknown id, too many tokens, or from outside [1, n].
    /// </exception>
    public float[] Distributions(ReadOnlySpan<int> tokens, int from)
    {
        if (from < 1 || from > tokens.Length)
            throw new ArgumentException($"from must be in [1, {tokens.Length}], the number of tokens; got {from}");
        Check(tokens[^1..], 0);
        var positions = tokens.Length - from;
        if (positions == 0)
            return [];
        Check(tokens[..^1], 0);
        var (inference, vocabulary) = (Rent(), Config.Vocabulary);
        var (result, scratch) = (new float[positions * vocabulary], new float[vocabulary]);
        inference.Add(Empty(), tokens.Length - 1);
        inference.Run(tokens[..^1]);
        inference.Logits(Range(from - 1, positions), (first, rows, logits) =>
        {
            fixed (float* exponentials = scratch)
            {
                for (var r = 0; r < rows; r++)
                {
                    var row = logits + (nint)r * inference.LogitRow;
                    var normaliser = LogSoftmax.Normaliser(row, exponentials, vocabulary);
                    for (var v = 0; v < vocabulary; v++)
                        result[(first + r) * vocabulary + v] = (float)LogSoftmax.At(row[v], normaliser);
                }
            }
        });
        _caches.Add(inference.Caches.First());
        Return(inference);
        return result;
    }

    /// <summary>The mean over positions [from, n) of the residual stream after a block.</summary>
    /// <param name="tokens">Shape (n), at most Context tokens.</param>
    /// <param name="from">The first position, at least 0.</param>
    /// <param name="blocks">Blocks that the stream has passed, 1 to Layers.</param>
    /// <returns>Shape (width); NaN without a position.</returns>
    /// <exception cref="ArgumentException">
    /// No tokens, an unknown id, too many tokens, from outside [0, n], or no such block.
    /// </exception>
    /// <remarks>The stream is not normalised. Its mean is summed in double precision, position by position.</remarks>
    public double[] MeanStream(ReadOnlySpan<int> tokens, int from, int blocks)
    {
        if (from < 0 || from > tokens.Length)
            throw new ArgumentException($"from must be in [0, {tokens.Length}], the number of tokens; got {from}");
        if (blocks < 1 || blocks > Config.Layers)
            throw new ArgumentException($"blocks must be in [1, {Config.Layers}], the number of layers; got {blocks}");
        Check(tokens, 0);
        var (inference, sum) = (Rent(), new double[Config.Width]);
        inference.Add(Empty(), tokens.Length);
        inference.Run(tokens, blocks);
        for (var i = from; i < tokens.Length; i++)
        {
            var row = inference.Stream(i);
            for (var d = 0; d < sum.Length; d++)
                sum[d] += row[d];
        }

        for (var d = 0; d < sum.Length; d++)
            sum[d] /= tokens.Length - from;
        _caches.Add(inference.Caches.First());
        Return(inference);
        return sum;
    }
}
