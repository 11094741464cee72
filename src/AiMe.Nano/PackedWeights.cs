using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano;

/// <summary>
/// The matrices as the forward pass reads them: transposed, in panels. Small models, and models whose weights are all
/// trained, have them a second time in rows; of a large frozen one there is one copy, apart from the unembedding's.
/// </summary>
internal sealed unsafe class PackedWeights
{
    /// <summary>Models of more parameters than this are in memory once: rows would save them less than 1% of a step.</summary>
    public const int LargestInRows = 16_000_000;

    private readonly Block _panels;
    private readonly Block? _flat,
        _vectors; // without rows: of each layer both norms and the biases, then the last norm
    private readonly int _perLayer,
        _qkv,
        _output,
        _gateUp,
        _embedding,
        _unembedding,
        _perVectors;
    private readonly Lazy<Block> _straightUnembedding;

    /// <param name="inRows">Whether to have them in rows too, which training all weights needs.</param>
    public PackedWeights(NanoConfig config, bool inRows)
    {
        Config = config;
        Layout = new WeightLayout(config);
        Rotary = new Rotary(config);
        Epsilon = (float)config.NormEpsilon;
        var (c, h) = (config.Width, config.Hidden);
        _unembedding = Packing.Size(c, config.Vocabulary);
        _embedding = config.TiedEmbedding || inRows ? 0 : _unembedding;
        (_qkv, _output) = (Packing.Size(c, config.QueryKeyValueWidth), Packing.Size(config.QueryWidth, c));
        _gateUp = Packing.Size(c, 2 * h);
        _perLayer = _qkv + _output + _gateUp + Packing.Size(h, c);
        _panels = new Block(_unembedding + (long)config.Layers * _perLayer + _embedding);
        _perVectors = 2 * c + (config.AttentionBias ? config.QueryKeyValueWidth : 0);
        if (inRows)
            _flat = new Block(Layout.Length);
        else
            _vectors = new Block((long)config.Layers * _perVectors + c);
        _straightUnembedding = new Lazy<Block>(() =>
        {
            var block = new Block(Packing.Size(config.Vocabulary, c));
            PackUnembedding(block.Start);
            return block;
        });
    }

    public NanoConfig Config { get; }

    public WeightLayout Layout { get; }

    public Rotary Rotary { get; }

    public float Epsilon { get; }

    /// <summary>The weights in their flat order, aligned; of a model in rows only.</summary>
    public Block Flat => _flat ?? throw new InvalidOperationException("these weights are in panels only");

    public float* Unembedding => _panels.Start;

    /// <summary>The unembedding as the backward pass reads it. Of frozen weights only: it is packed once.</summary>
    public float* StraightUnembedding => _straightUnembedding.Value.Start;

    public float* FinalNorm => _flat is null ? _vectors!.Start + (nint)Config.Layers * _perVectors : _flat.Start + Layout.FinalNorm;

    public float* QueryKeyValue(int layer) => _panels.Start + _unembedding + (nint)layer * _perLayer;

    public float* Output(int layer) => QueryKeyValue(layer) + _qkv;

    public float* GateUp(int layer) => Output(layer) + _output;

    public float* Down(int layer) => GateUp(layer) + _gateUp;

    public float* AttentionNorm(int layer) => _flat is null ? Vectors(layer) : _flat.Start + Layout.AttentionNorm(layer);

    public float* MlpNorm(int layer) => _flat is null ? Vectors(layer) + Config.Width : _flat.Start + Layout.MlpNorm(layer);

    public float* Bias(int layer) => _flat is null ? Vectors(layer) + 2 * Config.Width : _flat.Start + Layout.Bias(layer);

    /// <summary>Copies a token's row of the embedding.</summary>
    public void Embed(int token, float* into)
    {
        var c = Config.Width;
        if (_flat is not null)
            Layer.Copy(_flat.Start + WeightLayout.Embedding + (nint)token * c, into, c);
        else
            Packing.RowOf(Embedding, c, token, into);
    }

    /// <summary>A layer's matrix (outputs, inputs) as the backward pass reads it, in panels of inputs.</summary>
    public void Straight(int layer, Site site, float* into)
    {
        var (n, k) = SizeOf(site);
        if (_flat is null)
            Packing.StraightOfTransposed(Panels(layer, site), n, k, into);
        else
            Packing.Straight(_flat.Start + OffsetOf(layer, site), k, n, k, into);
    }

    /// <summary>The unembedding (vocabulary, width) in panels of the width.</summary>
    public void PackUnembedding(float* into)
    {
        var (c, v) = (Config.Width, Config.Vocabulary);
        if (_flat is null)
            Packing.StraightOfTransposed(Unembedding, v, c, into);
        else
            Packing.Straight(_flat.Start + Layout.Unembedding, c, v, c, into);
    }

    /// <summary>
    /// Packs the part of <see cref="Flat"/> that a task owns: task 0 is the unembedding, task l + 1 is layer l.
    /// </summary>
    public void Repack(int task)
    {
        var flat = Flat.Start;
        var c = Config.Width;
        if (task == 0)
        {
            Packing.Transposed(flat + Layout.Unembedding, c, Config.Vocabulary, c, Unembedding);
            return;
        }

        foreach (var site in (ReadOnlySpan<Site>)[Site.QueryKeyValue, Site.Output, Site.GateUp, Site.Down])
        {
            var (n, k) = SizeOf(site);
            Packing.Transposed(flat + OffsetOf(task - 1, site), k, n, k, Panels(task - 1, site));
        }
    }

    /// <summary>Copies weights in and packs all of them.</summary>
    public void Load(Weights weights)
    {
        if (_flat is null)
        {
            foreach (var place in Layout.Tensors)
                Put(place, 0, weights.Array.AsSpan(place.Offset, place.Length));
            return;
        }

        weights.Array.CopyTo(_flat.Span);
        for (var task = 0; task <= Config.Layers; task++)
            Repack(task);
    }

    /// <summary>Copies rows of a tensor in; of weights without rows only.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="values">Shape (rows, place.Columns).</param>
    public void Put(TensorPlace place, int first, ReadOnlySpan<float> values)
    {
        if (place.IsVector)
        {
            values.CopyTo(new Span<float>(VectorOf(place), place.Columns));
            return;
        }

        var panels = PanelsOf(place, out var row);
        Packing.PutRows(values, place.Columns, panels, row + first);
    }

    /// <summary>Copies rows of a tensor out, the same bits that came in.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="values">Shape (rows, place.Columns).</param>
    public void Get(TensorPlace place, int first, Span<float> values)
    {
        if (_flat is not null)
        {
            _flat.Span.Slice(place.Offset + first * place.Columns, values.Length).CopyTo(values);
            return;
        }

        if (place.IsVector)
        {
            new ReadOnlySpan<float>(VectorOf(place), place.Columns).CopyTo(values);
            return;
        }

        var panels = PanelsOf(place, out var row);
        fixed (float* to = values)
        {
            for (var r = 0; r < values.Length / place.Columns; r++)
                Packing.RowOf(panels, place.Columns, row + first + r, to + (nint)r * place.Columns);
        }
    }

    private float* Embedding => Config.TiedEmbedding ? Unembedding : Unembedding + _unembedding + (nint)Config.Layers * _perLayer;

    private float* Vectors(int layer) => _vectors!.Start + (nint)layer * _perVectors;

    private (int Outputs, int Inputs) SizeOf(Site site) =>
        site switch
        {
            Site.QueryKeyValue => (Config.QueryKeyValueWidth, Config.Width),
            Site.Output => (Config.Width, Config.QueryWidth),
            Site.GateUp => (2 * Config.Hidden, Config.Width),
            Site.Down => (Config.Width, Config.Hidden),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private int OffsetOf(int layer, Site site) =>
        site switch
        {
            Site.QueryKeyValue => Layout.QueryKeyValue(layer),
            Site.Output => Layout.Output(layer),
            Site.GateUp => Layout.GateUp(layer),
            Site.Down => Layout.Down(layer),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private float* Panels(int layer, Site site) =>
        site switch
        {
            Site.QueryKeyValue => QueryKeyValue(layer),
            Site.Output => Output(layer),
            Site.GateUp => GateUp(layer),
            Site.Down => Down(layer),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // The panels that a matrix is in, and its first row there.
    private float* PanelsOf(TensorPlace place, out int row)
    {
        row = 0;
        if (place.Offset == Layout.Unembedding)
            return Unembedding;
        if (place.Offset == WeightLayout.Embedding)
            return Embedding;
        var layer = LayerOf(place);
        foreach (var site in (ReadOnlySpan<Site>)[Site.QueryKeyValue, Site.Output, Site.GateUp, Site.Down])
        {
            var (n, k) = SizeOf(site);
            row = (place.Offset - OffsetOf(layer, site)) / k;
            if (place.Offset >= OffsetOf(layer, site) && row < n)
                return Panels(layer, site);
        }

        throw new System.Diagnostics.UnreachableException(place.Name);
    }

    private float* VectorOf(TensorPlace place)
    {
        if (place.Offset == Layout.FinalNorm)
            return FinalNorm;
        var layer = LayerOf(place);
        if (place.Offset == Layout.AttentionNorm(layer))
            return AttentionNorm(layer);
        return place.Offset == Layout.MlpNorm(layer) ? MlpNorm(layer) : Bias(layer) + (place.Offset - Layout.Bias(layer));
    }

    private int LayerOf(TensorPlace place) =>
        (place.Offset - Layout.AttentionNorm(0)) / (Layout.AttentionNorm(1) - Layout.AttentionNorm(0));
}
