using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano;

/// <summary>
/// Runs new tokens of several sequences through all layers and appends them to their caches. Scratch of one caller.
/// </summary>
internal sealed unsafe class Inference(PackedWeights weights) : Layer.IAttend
{
    private const int LogitRows = 32;
    private readonly LayerState _state = new();
    private readonly List<(KvCache Cache, int Count)> _sequences = [];
    private Block? _selected,
        _final,
        _inverse,
        _logits;

    /// <summary>Row length of a buffer of logits.</summary>
    public int LogitRow { get; } = Packing.PaddedTo(weights.Config.Vocabulary, Wide.Count);

    /// <summary>The adapter over the shared weights, or null.</summary>
    public Adapter? Adapter { get; set; }

    public Sampler Sampler { get; } = new(weights.Config.Vocabulary);

    /// <summary>
    /// Receives logits (rows, LogitRow), starting at row <paramref name="first"/> of those requested.
    /// </summary>
    public delegate void OnLogits(int first, int rows, float* logits);

    /// <summary>The caches of the batch.</summary>
    public IEnumerable<KvCache> Caches => _sequences.Select(s => s.Cache);

    public void Clear() => _sequences.Clear();

    /// <summary>The next <paramref name="count"/> rows of the batch belong to this cache.</summary>
    public void Add(KvCache cache, int count) => _sequences.Add((cache, count));

    /// <summary>Runs the batch. Afterwards <see cref="Logits"/> gives any of its rows.</summary>
    /// <param name="tokens">All sequences' new tokens, in the order of <see cref="Add"/>.</param>
    public void Run(ReadOnlySpan<int> tokens) => Run(tokens, weights.Config.Layers);

    /// <summary>Runs the batch through the first blocks only. Afterwards <see cref="Stream"/> gives any of its rows.</summary>
    public void Run(ReadOnlySpan<int> tokens, int blocks)
    {
        var config = weights.Config;
        _state.Reserve(config, tokens.Length, (long)Attention.RowBlock * Attention.ScoreRow(config.Context), Adapter);
        Layer.Embed(weights, tokens, _state.Input);
        for (var l = 0; l < blocks; l++)
            Layer.Forward(weights, l, _state, _state.Input, tokens.Length, this, Adapter);
        foreach (var (cache, count) in _sequences)
            cache.Length += count;
    }

    /// <summary>Passes the logits of the given rows of the last batch to the caller, in chunks.</summary>
    public void Logits(ReadOnlySpan<int> rows, OnLogits use)
    {
        var c = weights.Config.Width;
        _selected = Block.AtLeast(_selected, LogitRows * c);
        _final = Block.AtLeast(_final, LogitRows * c);
        _inverse = Block.AtLeast(_inverse, LogitRows);
        _logits = Block.AtLeast(_logits, LogitRows * LogitRow);
        for (var first = 0; first < rows.Length; first += LogitRows)
        {
            var count = Math.Min(LogitRows, rows.Length - first);
            for (var i = 0; i < count; i++)
                Layer.Copy(_state.Input + (nint)rows[first + i] * c, _selected.Start + i * c, c);
            RmsNorm.Forward(_selected.Start, weights.FinalNorm, _final.Start, _inverse.Start, count, c, weights.Epsilon);
            Layer.Product(_final.Start, c, weights.Unembedding, _logits.Start, LogitRow, count, add: false);
            use(first, count, _logits.Start);
        }
    }

    /// <summary>The stream after the blocks that were run, (width), of one row of the last batch.</summary>
    public ReadOnlySpan<float> Stream(int row) => new(_state.Input + (nint)row * weights.Config.Width, weights.Config.Width);

    /// <summary>The final stream after the last norm, (width), of one row of the last batch.</summary>
    public void Final(int row, Span<float> into)
    {
        var c = weights.Config.Width;
        fixed (float* to = into)
        {
            float inverse;
            RmsNorm.Forward(_state.Input + (nint)row * c, weights.FinalNorm, to, &inverse, 1, c, weights.Epsilon);
        }
    }

    public void Attend(int layer, LayerState state)
    {
        var config = weights.Config;
        var (q, k, size, row) = (config.QueryWidth, config.KeyWidth, config.HeadSize, config.QueryKeyValueWidth);
        var group = config.Heads / config.KeyValueHeads; // heads of queries that share one of keys
        float* qkv = state.QueryKeyValue,
            attended = state.Attended;
        foreach (var (cache, count) in _sequences)
        {
            for (var i = 0; i < count; i++)
            {
                // queries, then keys
                weights.Rotary.Rotate(qkv + i * row, config.Heads + config.KeyValueHeads, cache.Length + i, back: false);
                var key = qkv + i * row + q;
                for (var h = 0; h < config.KeyValueHeads; h++)
                    cache.Put(layer, h, cache.Length + i, key + h * size, key + k + h * size);
            }

            for (var h = 0; h < config.Heads; h++)
            {
                Attention.Forward(
                    qkv + h * size,
                    row,
                    cache.Keys(layer, h / group),
                    cache.Values(layer, h / group),
                    size,
                    attended + h * size,
                    q,
                    state.Scores,
                    Attention.ScoreRow(config.Context),
                    count,
                    cache.Length,
                    size,
                    keep: false
                );
            }

            qkv += (nint)count * row;
            attended += (nint)count * q;
        }
    }
}
