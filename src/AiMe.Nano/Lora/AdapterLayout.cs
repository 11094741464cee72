using AiMe.Nano.Kernels;

namespace AiMe.Nano.Lora;

/// <summary>A matrix product of a layer that an adapter adds to.</summary>
internal enum Site
{
    /// <summary>Query, key and value, side by side.</summary>
    QueryKeyValue,

    /// <summary>Of attention, into the stream.</summary>
    Output,

    /// <summary>Gate and up, side by side.</summary>
    GateUp,

    /// <summary>Of the hidden layer, into the stream.</summary>
    Down,
}

/// <summary>Where an adapter's numbers for one product are in its flat block, in the form that products read.</summary>
/// <param name="Inputs">Of the product.</param>
/// <param name="Outputs">Of the first part.</param>
/// <param name="OtherOutputs">Of each further part: with shared keys, a key has fewer than a query.</param>
/// <param name="Parts">Projections side by side: 3, 1, 2 or 1.</param>
/// <param name="Rank">Of each pair of matrices.</param>
/// <param name="Low">Length of a row between A and B: the rank in whole lanes, part beside part.</param>
/// <param name="A">Offset of the transposed A, (Inputs, Low); columns beyond the rank of a part are always 0.</param>
/// <param name="B">Offset of the transposed B: of each part (rank, its outputs).</param>
internal readonly record struct AdapterPlace(int Inputs, int Outputs, int OtherOutputs, int Parts, int Rank, int Low, int A, int B)
{
    /// <summary>Length of a row of the product's outputs.</summary>
    public int Row => ColumnOf(Parts);

    /// <summary>Outputs of a part.</summary>
    public int OutputsOf(int part) => part == 0 ? Outputs : OtherOutputs;

    /// <summary>First column of a part in the product's outputs.</summary>
    public int ColumnOf(int part) => part == 0 ? 0 : Outputs + (part - 1) * OtherOutputs;

    /// <summary>Offset of a part's transposed B, (rank, outputs).</summary>
    public int BOf(int part) => B + Rank * ColumnOf(part);
}

/// <summary>
/// The order of an adapter's numbers. Every linear projection of every layer has a pair: adapting attention alone
/// learns less at the same number of parameters (Biderman et al. 2024, section 4; Dettmers et al. 2023, section 4). The
/// tied embedding has none: it is also the unembedding, and most of a small model.
/// </summary>
internal sealed class AdapterLayout
{
    private static readonly string[][] Names =
    [
        ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
        ["self_attn.o_proj"],
        ["mlp.gate_proj", "mlp.up_proj"],
        ["mlp.down_proj"],
    ];

    private readonly AdapterPlace[] _sites = new AdapterPlace[4]; // of layer 0
    private readonly int _layer;

    public AdapterLayout(NanoConfig config, int rank)
    {
        (Rank, PaddedRank) = (rank, Packing.PaddedTo(rank, Wide.Count));
        var (c, h, q) = (config.Width, config.Hidden, config.QueryWidth);
        foreach (
            var (site, inputs, outputs, others) in ((Site, int, int, int)[])
                [(Site.QueryKeyValue, c, q, config.KeyWidth), (Site.Output, q, c, c), (Site.GateUp, c, h, h), (Site.Down, h, c, c)]
        )
        {
            var parts = Names[(int)site].Length;
            var low = parts * PaddedRank;
            var place = new AdapterPlace(inputs, outputs, others, parts, rank, low, _layer, _layer + inputs * low);
            _sites[(int)site] = place;
            _layer = place.BOf(parts);
            Parameters += config.Layers * rank * (parts * inputs + place.Row);
        }

        Length = config.Layers * _layer;
    }

    public int Rank { get; }

    public int PaddedRank { get; }

    /// <summary>Floats of the flat block.</summary>
    public int Length { get; }

    /// <summary>Floats of a layer in it.</summary>
    public int LayerLength => _layer;

    /// <summary>Trained numbers: the block without its padding.</summary>
    public int Parameters { get; }

    public AdapterPlace At(int layer, Site site) =>
        _sites[(int)site] with
        {
            A = layer * _layer + _sites[(int)site].A,
            B = layer * _layer + _sites[(int)site].B,
        };

    /// <summary>The last part of a projection's name within its layer.</summary>
    public static string NameOf(Site site, int part) => Names[(int)site][part];

    /// <summary>PEFT's name of a matrix.</summary>
    public static string NameOf(int layer, Site site, int part, string matrix) =>
        $"base_model.model.model.layers.{layer}.{NameOf(site, part)}.lora_{matrix}.weight";
}
