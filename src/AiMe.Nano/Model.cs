using System.Buffers;
using System.Collections.Concurrent;
using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano;

/// <summary>
/// A configured transformer with weights: scores and samples. Safe for any number of concurrent callers, each on its
/// own thread. A sequence gives the same bits alone, in a batch, from a shared prefix and token by token.
/// </summary>
public sealed unsafe partial class Model
{
    private const int LargestOnStack = 16384; // tokens, 64 kB
    private const int BatchRows = 512; // continuations are scored together up to this many rows
    private readonly PackedWeights _packed;
    private readonly Weights? _weights; // of a model in rows
    private readonly string? _digest; // of others
    private readonly ConcurrentBag<Inference> _idle; // shared by all models over the same weights, as the next
    private readonly ConcurrentBag<KvCache> _caches; // of the whole context, for sequences that come and go

    /// <summary>
    /// Packs the weights into a second resident copy. Of a model of more than 16 million parameters that is the only one:
    /// the given weights are not kept.
    /// </summary>
    public Model(Weights weights)
        : this(weights, weights.Config.Parameters <= PackedWeights.LargestInRows) { }

    internal Model(Weights weights, bool inRows)
        : this(new PackedWeights(weights.Config, inRows), inRows ? null : weights.Digest)
    {
        _weights = inRows ? weights : null;
        _packed.Load(weights);
    }

    /// <summary>A model over packed weights, which may not change any more.</summary>
    /// <param name="digest">The weights' digest; null if they are kept.</param>
    internal Model(PackedWeights packed, string? digest)
    {
        (Config, _digest) = (packed.Config, digest);
        (_packed, _idle, _caches) = (packed, [], []);
    }

    private Model(Model bare, Adapter adapter)
    {
        (_weights, _digest, Config, Adapter) = (bare._weights, bare._digest, bare.Config, adapter);
        (_packed, _idle, _caches) = (bare._packed, bare._idle, bare._caches);
    }

    /// <summary>The shape.</summary>
    public NanoConfig Config { get; }

    /// <summary>The weights' <see cref="Weights.Digest"/>, without the adapter.</summary>
    public string Digest => _digest ?? _weights!.Digest;

    /// <summary>The weights, without the adapter. A large model makes a copy at each call.</summary>
    public Weights Weights => _weights ?? Unpacked();

    /// <summary>The adapter over the weights, or null.</summary>
    public Adapter? Adapter { get; }

    internal PackedWeights Packed => _packed;

    /// <summary>
    /// The same weights under an adapter, which replaces any present one. All such models share the weights in memory.
    /// </summary>
    /// <exception cref="ArgumentException">The adapter belongs to other weights.</exception>
    public Model With(Adapter adapter)
    {
        adapter.Require(Config, Digest);
        return new Model(this, adapter);
    }

    /// <summary>
    /// Its weights with the adapter merged into them, for export. The product rounds differently, so its scores differ
    /// in the last digits.
    /// </summary>
    public Weights Merged() => Adapter?.Merge(Weights) ?? Weights;

    /// <summary>Reads a prompt once, to be continued any number of times.</summary>
    /// <exception cref="ArgumentException">
    /// No tokens, an id outside the vocabulary, or more tokens than the context holds.
    /// </exception>
    public Prefix Prefill(ReadOnlySpan<int> tokens)
    {
        Check(tokens, 0);
        var cache = new KvCache(Config, tokens.Length);
        return Read([.. tokens], cache, tokens);
    }

    /// <summary>A longer prefix: the given one, then these tokens.</summary>
    /// <exception cref="ArgumentException">
    /// As for <see cref="Prefill"/>; or the prefix belongs to another model.
    /// </exception>
    public Prefix Extend(Prefix prefix, ReadOnlySpan<int> tokens)
    {
        Own(prefix);
        Check(tokens, prefix.Tokens.Count);
        var cache = new KvCache(Config, prefix.Tokens.Count + tokens.Length);
        cache.CopyFrom(prefix.Cache, prefix.Cache.Length);
        return Read([.. prefix.Tokens, .. tokens], cache, tokens);
    }

    /// <summary>ln p(x_i given x_0 .. x_i-1) for i in [from, n).</summary>
    /// <param name="tokens">x, shape (n), at most Context + 1 tokens: the last is only predicted.</param>
    /// <param name="from">The first token to be scored, at least 1: nothing predicts token 0.</param>
    /// <returns>Shape (n - from), nats, each in (-inf, 0].</returns>
    /// <exception cref="ArgumentException">
    /// No tokens, an unknown id, too many tokens, or from outside [1, n].
    /// </exception>
    public double[] LogProbabilities(ReadOnlySpan<int> tokens, int from = 1)
    {
        if (from < 1 || from > tokens.Length)
            throw new ArgumentException($"from must be in [1, {tokens.Length}], the number of tokens; got {from}");
        Check(tokens[^1..], 0);
        if (tokens.Length == from)
            return [];
        Check(tokens[..^1], 0);
        var (inference, result, targets) = (Rent(), new double[tokens.Length - from], tokens[from..].ToArray());
        inference.Add(Empty(), tokens.Length - 1);
        inference.Run(tokens[..^1]);
        inference.Logits(Range(from - 1, targets.Length), (first, rows, logits) =>
        {
            for (var r = 0; r < rows; r++)
                result[first + r] = LogProbability(logits + (nint)r * inference.LogitRow, targets[first + r]);
        });
        _caches.Add(inference.Caches.First());
        Return(inference);
        return result;
    }

    /// <summary>ln p of every token that could come next.</summary>
    /// <returns>Shape (vocabulary), nats; the exponentials sum to 1 except for rounding.</returns>
    /// <exception cref="ArgumentException">The prefix belongs to another model.</exception>
    public double[] Distribution(Prefix prefix)
    {
        Own(prefix);
        var result = new double[Config.Vocabulary];
        var scratch = new float[Config.Vocabulary];
        fixed (
            float* logits = prefix.Logits,
                exponentials = scratch
        )
        {
            var normaliser = LogSoftmax.Normaliser(logits, exponentials, result.Length);
            for (var i = 0; i < result.Length; i++)
                result[i] = LogSoftmax.At(logits[i], normaliser);
        }

        return result;
    }

    /// <summary>
    /// The mean over positions of the stream after the last norm: a text's embedding under this model.
    /// </summary>
    /// <returns>Shape (width).</returns>
    /// <exception cref="ArgumentException">As for <see cref="Prefill"/>.</exception>
    public float[] Embed(ReadOnlySpan<int> tokens)
    {
        Check(tokens, 0);
        var inference = Rent();
        inference.Add(Empty(), tokens.Length);
        inference.Run(tokens);
        var (sum, row) = (new float[Config.Width], new float[Config.Width]);
        for (var i = 0; i < tokens.Length; i++)
        {
            inference.Final(i, row);
            for (var d = 0; d < sum.Length; d++)
                sum[d] += row[d] / tokens.Length;
        }

        _caches.Add(inference.Caches.First());
        Return(inference);
        return sum;
    }

    private Weights Unpacked()
    {
        var values = new float[_packed.Layout.Length];
        foreach (var place in _packed.Layout.Tensors)
            _packed.Get(place, 0, values.AsSpan(place.Offset, place.Length));
        return new Weights(Config, values, Digest);
    }

    private Prefix Read(int[] all, KvCache cache, ReadOnlySpan<int> tokens)
    {
        var inference = Rent();
        inference.Add(cache, tokens.Length);
        inference.Run(tokens);
        var last = new float[Config.Vocabulary];
        inference.Logits([tokens.Length - 1], (_, _, logits) => new ReadOnlySpan<float>(logits, last.Length).CopyTo(last));
        Return(inference);
        return new Prefix(this, all, cache, last);
    }

    private double LogProbability(float* logits, int token)
    {
        if (Config.Vocabulary <= LargestOnStack)
        {
            var scratch = stackalloc float[Config.Vocabulary];
            return LogSoftmax.At(logits[token], LogSoftmax.Normaliser(logits, scratch, Config.Vocabulary));
        }

        var rented = ArrayPool<float>.Shared.Rent(Config.Vocabulary);
        try
        {
            fixed (float* scratch = rented)
                return LogSoftmax.At(logits[token], LogSoftmax.Normaliser(logits, scratch, Config.Vocabulary));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private Inference Rent()
    {
        var inference = _idle.TryTake(out var idle) ? idle : new Inference(_packed);
        inference.Clear();
        inference.Adapter = Adapter;
        return inference;
    }

    private KvCache Cache() => _caches.TryTake(out var idle) ? idle : new KvCache(Config, Config.Context);

    private KvCache Empty()
    {
        var cache = Cache();
        cache.Length = 0;
        return cache;
    }

    private KvCache Fork(Prefix prefix)
    {
        var cache = Cache();
        cache.CopyFrom(prefix.Cache, prefix.Cache.Length);
        return cache;
    }

    private void Return(Inference inference) => _idle.Add(inference);

    private void Own(Prefix prefix)
    {
        if (prefix.Model != this)
            throw new ArgumentException("the prefix was read by another model; read it again with this one");
    }

    private void Check(ReadOnlySpan<int> tokens, int before)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("there must be at least one token");
        if (before + tokens.Length > Config.Context)
            throw new ArgumentException($"{before + tokens.Length} tokens do not fit into a context of {Config.Context}");
        foreach (var id in tokens)
        {
            if ((uint)id >= (uint)Config.Vocabulary)
                throw new ArgumentException($"token id {id} is outside the vocabulary of {Config.Vocabulary}");
        }
    }

    private static int[] Range(int start, int count)
    {
        var result = new int[count];
        for (var i = 0; i < count; i++)
            result[i] = start + i;
        return result;
    }
}
