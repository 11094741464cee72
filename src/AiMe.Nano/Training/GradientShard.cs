using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>
/// A part of a batch: its activations, its gradient and its share of the loss. One thread works on it at a time.
/// </summary>
/// <remarks>With an adapter the weights are frozen, and the gradient is the adapter's.</remarks>
internal sealed unsafe class GradientShard : Layer.IAttend
{
    private readonly PackedWeights _weights;
    private readonly LayerState[] _layers;
    private readonly LossHead _head;
    private readonly Block _keys;
    private readonly AdapterParameters? _adapter;
    private readonly List<int> _lengths = []; // inputs of each sequence
    private Block? _stream,
        _tokens;
    private LayerGradient? _gradient;

    public GradientShard(PackedWeights weights, AdapterParameters? adapter = null)
    {
        (_weights, _adapter) = (weights, adapter);
        Gradient = new Block(adapter?.Values.Length ?? weights.Layout.Length);
        _layers = [.. Enumerable.Range(0, weights.Config.Layers).Select(_ => new LayerState())];
        _head = new LossHead(weights, frozen: adapter is not null);
        _keys = new Block(Packing.Size(weights.Config.HeadSize, weights.Config.Context));
    }

    /// <summary>
    /// d loss / d weights, in the order of the flat weights. Another block of that length may replace it.
    /// </summary>
    public Block Gradient { get; set; }

    /// <summary>The summed loss, nats: -ln p over the targets, or a preference's loss over the pairs.</summary>
    public double Loss { get; private set; }

    /// <summary>
    /// Forward and backward. The gradient is that of the summed loss times <paramref name="scale"/> (1 / targets of the
    /// whole batch).
    /// </summary>
    public void Run(List<TokenExample> examples, float scale)
    {
        var (tokens, targets) = Gather(examples, scale);
        Forward(tokens);
        Loss = Backward(tokens, targets);
    }

    /// <summary>
    /// Both answers of every pair. The gradient is that of the summed loss times <paramref name="scale"/> (1 / pairs of
    /// the whole batch).
    /// </summary>
    /// <param name="pairs">Pairs with the reference's log-probabilities.</param>
    /// <param name="beta">See <see cref="PreferenceOptions.Beta"/>.</param>
    public void Run(List<Compared> pairs, double beta, float scale)
    {
        List<TokenExample> examples = [.. pairs.SelectMany(p => (TokenExample[])[p.Pair.Chosen, p.Pair.Rejected])];
        var (tokens, targets) = Gather(examples, scale);
        Forward(tokens);
        var logs = new double[targets.Length];
        _head.LogProbabilities(_stream!.Start, targets, logs);
        var (loss, first) = (0.0, 0);
        foreach (var pair in pairs)
        {
            var (chosen, rejected) = (pair.Pair.Chosen.Targets, pair.Pair.Rejected.Targets);
            var margin = pair.Margin(Sum(logs.AsSpan(first, chosen)), Sum(logs.AsSpan(first + chosen, rejected)));
            loss += Preferring.Loss(beta, margin);
            var pull = (float)(beta * Preferring.Doubt(beta, margin)) * scale;
            foreach (ref var target in targets.AsSpan(first, chosen))
                target = target with { Scale = pull };
            foreach (ref var target in targets.AsSpan(first + chosen, rejected))
                target = target with { Scale = -pull };
            first += chosen + rejected;
        }

        Backward(tokens, targets);
        Loss = loss;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    private void Forward(int[] tokens)
    {
        var (config, rows) = (_weights.Config, tokens.Length);
        long scores = 0;
        foreach (var n in _lengths)
            scores += (long)config.Heads * n * Attention.ScoreRow(n);
        foreach (var layer in _layers)
            layer.Reserve(config, rows, scores, _adapter?.Adapter);
        _stream = Block.AtLeast(_stream, (long)rows * config.Width);
        _tokens = Block.AtLeast(_tokens, (long)rows * config.Width);

        Layer.Embed(_weights, tokens, _layers[0].Input);
        for (var l = 0; l < config.Layers; l++)
            Layer.Forward(
                _weights,
                l,
                _layers[l],
                l + 1 < config.Layers ? _layers[l + 1].Input : _stream.Start,
                rows,
                this,
                _adapter?.Adapter
            );
    }

    /// <summary>The summed loss of the targets, nats.</summary>
    private double Backward(int[] tokens, LossTarget[] targets)
    {
        var (config, rows) = (_weights.Config, tokens.Length);
        if (_adapter is null)
            ClearSums();
        else
            Gradient.Span.Clear();
        var dx = _tokens!.Start; // gradient by the stream, (rows, width)
        new Span<float>(dx, rows * config.Width).Clear();
        var loss = _head.Run(_stream!.Start, targets, dx, _adapter is null ? Gradient.Start : null);
        _gradient ??= new LayerGradient(_weights, _adapter);
        for (var l = config.Layers - 1; l >= 0; l--)
            _gradient.Run(l, _layers[l], _lengths, rows, dx, Gradient.Start);
        if (_adapter is null)
            ScatterEmbedding(tokens, dx);
        return loss;
    }

    public void Attend(int layer, LayerState state)
    {
        var config = _weights.Config;
        var (q, k, size, row) = (config.QueryWidth, config.KeyWidth, config.HeadSize, config.QueryKeyValueWidth);
        var group = config.Heads / config.KeyValueHeads; // heads of queries that share one of keys
        float* qkv = state.QueryKeyValue,
            attended = state.Attended,
            scores = state.Scores;
        foreach (var n in _lengths)
        {
            for (var i = 0; i < n; i++)
                _weights.Rotary.Rotate(qkv + i * row, config.Heads + config.KeyValueHeads, i, back: false);
            var p = Attention.ScoreRow(n);
            for (var h = 0; h < config.Heads; h++, scores += n * p)
            {
                var key = qkv + q + h / group * size;
                if (h % group == 0)
                    Packing.Transposed(key, row, n, size, _keys.Start);
                Attention.Forward(
                    qkv + h * size,
                    row,
                    _keys.Start,
                    key + k,
                    row,
                    attended + h * size,
                    q,
                    scores,
                    p,
                    n,
                    0,
                    size,
                    keep: true
                );
            }

            qkv += (nint)n * row;
            attended += (nint)n * q;
        }
    }

    /// <summary>Concatenates all inputs, and collects every learned token.</summary>
    private (int[] Tokens, LossTarget[] Targets) Gather(List<TokenExample> examples, float scale)
    {
        _lengths.Clear();
        var tokens = new int[examples.Sum(e => e.Tokens.Length - 1)];
        var targets = new LossTarget[examples.Sum(e => e.Targets)];
        var (row, used) = (0, 0);
        foreach (var e in examples)
        {
            var n = e.Tokens.Length - 1;
            _lengths.Add(n);
            e.Tokens.AsSpan(0, n).CopyTo(tokens.AsSpan(row));
            for (var i = e.LossFrom; i <= n; i++)
                targets[used++] = new(row + i - 1, e.Tokens[i], scale);
            row += n;
        }

        return (tokens, targets);
    }

    /// <summary>Clears the gradients that are added to; those of the layers' matrices are written once.</summary>
    private void ClearSums()
    {
        foreach (var place in _weights.Layout.Tensors)
        {
            if (place.IsVector || place.Offset == WeightLayout.Embedding || place.Offset == _weights.Layout.Unembedding)
                Gradient.Span.Slice(place.Offset, place.Length).Clear();
        }
    }

    private void ScatterEmbedding(int[] tokens, float* dx)
    {
        var c = _weights.Config.Width;
        for (var i = 0; i < tokens.Length; i++)
        {
            float* to = Gradient.Start + WeightLayout.Embedding + (nint)tokens[i] * c,
                from = dx + (nint)i * c;
            Adam.Add(from, to, c);
        }
    }
}
