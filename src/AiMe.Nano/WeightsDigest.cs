using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AiMe.Nano;

/// <summary>
/// SHA-256 of <see cref="Weights.ToSafetensors"/>, from tensors that come piece by piece in the layout's order: the same
/// for a checkpoint in any number of files.
/// </summary>
internal sealed class WeightsDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public WeightsDigest(WeightLayout layout) => _hash.AppendData(Safetensors.Head([.. layout.Tensors.Select(t => (t.Name, t.Shape))]));

    /// <summary>The next numbers.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            _hash.AppendData(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            _hash.AppendData(bytes);
        }
    }

    /// <summary>In hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
