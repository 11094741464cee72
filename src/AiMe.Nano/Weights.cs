using System.Buffers.Binary;

namespace AiMe.Nano;

/// <summary>All parameters of a model in one flat array, with a named view of each tensor. Immutable.</summary>
public sealed class Weights
{
    private const int Piece = 1 << 16;
    private readonly float[] _values;
    private readonly WeightLayout _layout;
    private string? _digest;

    /// <summary>Wraps an array; the caller must not write to it afterwards.</summary>
    /// <param name="config">The shape that the array has.</param>
    /// <param name="values">Shape (config.Parameters), in the order of <see cref="Tensors"/>.</param>
    /// <exception cref="ArgumentException">The array's length is not the shape's.</exception>
    public Weights(NanoConfig config, float[] values)
    {
        _layout = new WeightLayout(config);
        if (values.Length != _layout.Length)
            throw new ArgumentException($"{config} has {_layout.Length} parameters, the array has {values.Length}");
        (Config, _values) = (config, values);
    }

    internal Weights(NanoConfig config, float[] values, string digest)
        : this(config, values) => _digest = digest;

    /// <summary>The shape.</summary>
    public NanoConfig Config { get; }

    /// <summary>The whole flat array, shape (Config.Parameters).</summary>
    public ReadOnlyMemory<float> Values => _values;

    /// <summary>Names, shapes and offsets in the array's order.</summary>
    public IReadOnlyList<TensorPlace> Tensors => _layout.Tensors;

    internal float[] Array => _values;

    internal WeightLayout Layout => _layout;

    /// <summary>One tensor's elements, row-major.</summary>
    /// <param name="name">Llama's key.</param>
    /// <exception cref="ArgumentException">No tensor has that name.</exception>
    public ReadOnlySpan<float> Tensor(string name)
    {
        foreach (var place in _layout.Tensors)
        {
            if (place.Name == name)
                return _values.AsSpan(place.Offset, place.Length);
        }

        throw new ArgumentException($"there is no tensor \"{name}\" in {Config}");
    }

    /// <summary>
    /// Fresh weights: norms are 1, embeddings are normal with deviation 0.05, matrices with deviation 1 / sqrt(inputs),
    /// and the two that write to the residual stream are smaller by sqrt(2 layers), so that its variance does not grow
    /// with depth.
    /// </summary>
    /// <param name="config">The shape.</param>
    /// <param name="seed">The same seed gives the same bits on every platform.</param>
    public static Weights Initialise(NanoConfig config, ulong seed)
    {
        var layout = new WeightLayout(config);
        var values = new float[layout.Length];
        var rng = new Rng(seed);
        foreach (var place in layout.Tensors)
        {
            var span = values.AsSpan(place.Offset, place.Length);
            if (place.IsNorm)
            {
                span.Fill(1);
                continue;
            }

            if (place.IsVector)
                continue; // biases begin at 0
            var deviation = Deviation(config, layout, place);
            foreach (ref var value in span)
                value = (float)(deviation * rng.NextNormal());
        }

        return new Weights(config, values);
    }

    /// <summary>
    /// A safetensors file of float32 with Llama's tensor names; the same weights give the same bytes.
    /// </summary>
    public byte[] ToSafetensors() =>
        Safetensors.Write([.. Tensors.Select(t => new Safetensors.Tensor(t.Name, t.Shape, _values.AsMemory(t.Offset, t.Length)))]);

    /// <summary>Writes the same file, tensor by tensor: it may be larger than an array can be.</summary>
    public void WriteSafetensors(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Safetensors.Head([.. Tensors.Select(t => (t.Name, t.Shape))]));
        var bytes = new byte[4 * Piece];
        foreach (var place in Tensors)
        {
            for (var from = 0; from < place.Length; from += Piece)
            {
                var values = _values.AsSpan(place.Offset + from, Math.Min(Piece, place.Length - from));
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
                stream.Write(bytes, 0, 4 * values.Length);
            }
        }
    }

    /// <summary>SHA-256 of <see cref="ToSafetensors"/>, in hexadecimal: the name of the base in an adapter.</summary>
    public string Digest => _digest ??= DigestOf();

    /// <summary>Reads a safetensors file of this shape.</summary>
    /// <exception cref="FormatException">
    /// Truncated, not a safetensors file, other tensors, or a number that is not finite; the message says what was
    /// expected.
    /// </exception>
    public static Weights FromSafetensors(NanoConfig config, ReadOnlyMemory<byte> file) => Safetensors.Read(file, f =>
        {
            var layout = new WeightLayout(config);
            var values = new float[layout.Length];
            f.Only(layout.Tensors.Select(t => t.Name), config);
            foreach (var place in layout.Tensors)
                f.CopyTo(place.Name, place.Shape, values.AsSpan(place.Offset, place.Length));
            return new Weights(config, values);
        });

    private string DigestOf()
    {
        using var digest = new WeightsDigest(_layout);
        foreach (var place in Tensors)
            digest.Add(_values.AsSpan(place.Offset, place.Length));
        return digest.Finish();
    }

    private static double Deviation(NanoConfig config, WeightLayout layout, TensorPlace place)
    {
        if (place.Offset == WeightLayout.Embedding || place.Offset == layout.Unembedding)
            return 0.05;
        var writesToStream =
            place.Name.Contains("o_proj", StringComparison.Ordinal) || place.Name.Contains("down_proj", StringComparison.Ordinal);
        return 1 / Math.Sqrt((double)place.Columns * (writesToStream ? 2 * config.Layers : 1));
    }
}
