using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>All weights in training. Task 0 is the embeddings and the last norm, task l + 1 layer l.</summary>
internal sealed class AllWeights : IParameters
{
    private readonly PackedWeights _packed;

    public AllWeights(Weights start)
    {
        _packed = new PackedWeights(start.Config, inRows: true);
        _packed.Load(start);
    }

    public Block Values => _packed.Flat;

    public int Tasks => _packed.Config.Layers + 1;

    public Weights Result() => new(_packed.Config, _packed.Flat.Span.ToArray());

    public IEnumerable<(int Offset, int Length, bool Decays)> Of(int task)
    {
        var prefix = $"model.layers.{task - 1}.";
        foreach (var place in _packed.Layout.Tensors)
        {
            var mine =
                task == 0
                    ? !place.Name.StartsWith("model.layers.", StringComparison.Ordinal)
                    : place.Name.StartsWith(prefix, StringComparison.Ordinal);
            if (mine)
                yield return (place.Offset, place.Length, !place.IsVector);
        }
    }

    public void Refresh(int task) => _packed.Repack(task);

    public GradientShard NewShard() => new(_packed);
}
