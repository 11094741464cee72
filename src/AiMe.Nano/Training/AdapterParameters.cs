using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano.Training;

/// <summary>
/// An adapter in training over frozen weights: its numbers, and A and B in the form that the backward pass reads. Task
/// l is layer l.
/// </summary>
internal sealed unsafe class AdapterParameters : IParameters
{
    private readonly PackedWeights _base;
    private readonly Block _mirror; // of each layer and site, part by part: A (rank, inputs), then B (outputs, padded rank)
    private readonly int[] _mirrorOf = new int[4];
    private readonly int _mirrorLayer;

    public AdapterParameters(PackedWeights frozen, Adapter start)
    {
        _base = frozen;
        Adapter = new Adapter(start.Config, start.Options, start.Base);
        start.Values.Span.CopyTo(Adapter.Values.Span);
        for (var site = 0; site < _mirrorOf.Length; site++)
        {
            var place = Adapter.Layout.At(0, (Site)site);
            _mirrorOf[site] = _mirrorLayer;
            _mirrorLayer += MirrorOf(place, place.Parts);
        }

        _mirror = new Block((long)start.Config.Layers * _mirrorLayer);
        for (var task = 0; task < Tasks; task++)
            Refresh(task);
    }

    /// <summary>The present state of the training.</summary>
    public Adapter Adapter { get; }

    public Block Values => Adapter.Values;

    public int Tasks => Adapter.Config.Layers;

    public IEnumerable<(int Offset, int Length, bool Decays)> Of(int task) =>
        [(task * Adapter.Layout.LayerLength, Adapter.Layout.LayerLength, true)];

    public GradientShard NewShard() => new(_base, this);

    public void Refresh(int task) =>
        Adapter.ForEach(
            (layer, site, part) =>
            {
                if (layer != task)
                    return;
                var place = Adapter.Layout.At(layer, site);
                var (rank, padded) = (Adapter.Layout.Rank, Adapter.Layout.PaddedRank);
                float* a = Adapter.Values.Start + place.A + part * padded,
                    b = Adapter.Values.Start + place.BOf(part);
                var outputs = place.OutputsOf(part);
                float* toA = MirrorA(layer, site, part),
                    toB = MirrorB(layer, site, part);
                for (var r = 0; r < rank; r++)
                {
                    for (var i = 0; i < place.Inputs; i++)
                        toA[r * place.Inputs + i] = a[i * place.Low + r];
                    for (var o = 0; o < outputs; o++)
                        toB[o * padded + r] = b[r * outputs + o];
                }
            }
        );

    /// <summary>A, (rank, inputs).</summary>
    public float* MirrorA(int layer, Site site, int part) =>
        _mirror.Start + layer * _mirrorLayer + _mirrorOf[(int)site] + MirrorOf(Adapter.Layout.At(layer, site), part);

    /// <summary>B, (outputs, padded rank); columns beyond the rank are 0.</summary>
    public float* MirrorB(int layer, Site site, int part) =>
        MirrorA(layer, site, part) + Adapter.Layout.Rank * Adapter.Layout.At(layer, site).Inputs;

    // The length of the first parts' mirrors.
    private int MirrorOf(AdapterPlace place, int parts) =>
        parts * Adapter.Layout.Rank * place.Inputs + place.ColumnOf(parts) * Adapter.Layout.PaddedRank;
}
