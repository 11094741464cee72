using AiMe.Nano.Kernels;

namespace AiMe.Nano;

/// <summary>Keys (transposed, in panels) and values of a sequence's tokens, for every layer and head of keys.</summary>
internal sealed unsafe class KvCache
{
    private readonly Block _block;
    private readonly int _layers,
        _heads,
        _size,
        _perHead;

    public KvCache(NanoConfig config, int capacity)
    {
        Capacity = Packing.PaddedTo(capacity, Gemm.Panel);
        (_layers, _heads, _size) = (config.Layers, config.KeyValueHeads, config.HeadSize);
        _perHead = Capacity * _size;
        _block = new Block(2L * _layers * _heads * _perHead);
    }

    public int Capacity { get; }

    /// <summary>Tokens held.</summary>
    public int Length { get; set; }

    public float* Keys(int layer, int head) => _block.Start + (2 * (layer * _heads + head)) * (nint)_perHead;

    public float* Values(int layer, int head) => Keys(layer, head) + _perHead;

    /// <summary>Writes one head's key and value at a position.</summary>
    public void Put(int layer, int head, int position, float* key, float* value)
    {
        var panel = Keys(layer, head) + position / Gemm.Panel * (_size * Gemm.Panel) + position % Gemm.Panel;
        for (var d = 0; d < _size; d++)
            panel[d * Gemm.Panel] = key[d];
        Layer.Copy(value, Values(layer, head) + position * _size, _size);
    }

    /// <summary>Becomes a copy of the first <paramref name="length"/> tokens of another.</summary>
    public void CopyFrom(KvCache other, int length)
    {
        var panels = Packing.PaddedTo(length, Gemm.Panel) * _size;
        for (var l = 0; l < _layers; l++)
        {
            for (var h = 0; h < _heads; h++)
            {
                Layer.Copy(other.Keys(l, h), Keys(l, h), panels);
                Layer.Copy(other.Values(l, h), Values(l, h), length * _size);
            }
        }

        Length = length;
    }
}
