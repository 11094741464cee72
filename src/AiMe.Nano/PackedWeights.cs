using AiMe.Nano.Kernels;

namespace AiMe.Nano;

/// <summary>
/// The matrices as the forward pass reads them: transposed, in panels. The vectors of norms are read in place.
/// </summary>
internal sealed unsafe class PackedWeights
{
    private readonly Block _panels;
    private readonly int _perLayer,
        _qkv,
        _output,
        _gateUp,
        _embedding;

    public PackedWeights(NanoConfig config)
    {
        Config = config;
        Layout = new WeightLayout(config);
        Rotary = new Rotary(config);
        Flat = new Block(Layout.Length);
        var (c, h) = (config.Width, config.Hidden);
        _embedding = Packing.Size(c, config.Vocabulary);
        (_qkv, _output, _gateUp) = (Packing.Size(c, 3 * c), Packing.Size(c, c), Packing.Size(c, 2 * h));
        _perLayer = _qkv + _output + _gateUp + Packing.Size(h, c);
        _panels = new Block(_embedding + (long)config.Layers * _perLayer);
    }

    public NanoConfig Config { get; }

    public WeightLayout Layout { get; }

    public Rotary Rotary { get; }

    /// <summary>The weights in their flat order, aligned.</summary>
    public Block Flat { get; }

    public float* Unembedding => _panels.Start;

    public float* QueryKeyValue(int layer) => _panels.Start + _embedding + (nint)layer * _perLayer;

    public float* Output(int layer) => QueryKeyValue(layer) + _qkv;

    public float* GateUp(int layer) => Output(layer) + _output;

    public float* Down(int layer) => GateUp(layer) + _gateUp;

    /// <summary>
    /// Packs the part of <see cref="Flat"/> that a task owns: task 0 is the embedding, task l + 1 is layer l.
    /// </summary>
    public void Repack(int task)
    {
        var (c, h) = (Config.Width, Config.Hidden);
        var flat = Flat.Start;
        if (task == 0)
        {
            Packing.Transposed(flat + WeightLayout.Embedding, c, Config.Vocabulary, c, Unembedding);
            return;
        }

        var layer = task - 1;
        Packing.Transposed(flat + Layout.QueryKeyValue(layer), c, 3 * c, c, QueryKeyValue(layer));
        Packing.Transposed(flat + Layout.Output(layer), c, c, c, Output(layer));
        Packing.Transposed(flat + Layout.GateUp(layer), c, 2 * h, c, GateUp(layer));
        Packing.Transposed(flat + Layout.Down(layer), h, c, h, Down(layer));
    }

    /// <summary>Copies weights in and packs all of them.</summary>
    public void Load(Weights weights)
    {
        weights.Array.CopyTo(Flat.Span);
        for (var task = 0; task <= Config.Layers; task++)
            Repack(task);
    }
}
