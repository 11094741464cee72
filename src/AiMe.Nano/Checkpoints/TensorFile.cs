using System.Buffers.Binary;
using System.Text.Json;

namespace AiMe.Nano.Checkpoints;

/// <summary>A number's form in a file.</summary>
internal enum TensorType
{
    /// <summary>float32.</summary>
    F32,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,
}

/// <summary>A tensor in a file.</summary>
/// <param name="Shape">Of rows and columns, or of a vector.</param>
/// <param name="Offset">Of its first byte in the file.</param>
internal sealed record StoredTensor(TensorType Type, int[] Shape, long Offset)
{
    public int Size => Type == TensorType.F32 ? 4 : 2;
}

/// <summary>A safetensors file of any size, whose tensors are read in pieces.</summary>
internal sealed class TensorFile : IDisposable
{
    private const long LargestHeader = 100_000_000; // that of the reference implementation
    private readonly FileStream _stream;
    private readonly Dictionary<string, StoredTensor> _tensors;
    private byte[] _bytes = [];

    private TensorFile(FileStream stream, Dictionary<string, StoredTensor> tensors) => (_stream, _tensors) = (stream, tensors);

    /// <summary>Names of the tensors present.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <exception cref="FormatException">It is no safetensors file, truncated, or has numbers in another form.</exception>
    public static TensorFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            return new TensorFile(stream, Header(stream));
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or EndOfStreamException)
                throw new FormatException($"{Path.GetFileName(path)}: expected a safetensors file, with a JSON header: {e.Message}", e);
            if (e is FormatException)
                throw new FormatException($"{Path.GetFileName(path)}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Finds a tensor.</summary>
    public StoredTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>Reads numbers of a tensor, in order.</summary>
    /// <param name="from">The first number.</param>
    public void Read(StoredTensor tensor, long from, Span<float> into)
    {
        if (_bytes.Length < into.Length * tensor.Size)
            _bytes = new byte[into.Length * tensor.Size];
        var bytes = _bytes.AsSpan(0, into.Length * tensor.Size);
        _stream.Seek(tensor.Offset + from * tensor.Size, SeekOrigin.Begin);
        _stream.ReadExactly(bytes);
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = tensor.Type switch
            {
                TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                TensorType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
            };
        }
    }

    public void Dispose() => _stream.Dispose();

    private static Dictionary<string, StoredTensor> Header(FileStream stream)
    {
        Span<byte> eight = stackalloc byte[8];
        stream.ReadExactly(eight);
        var length = BinaryPrimitives.ReadInt64LittleEndian(eight);
        if (length < 2 || length > Math.Min(LargestHeader, stream.Length - 8))
            throw new FormatException($"expected a header of {length} bytes after the first 8; the file has {stream.Length}");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        using var header = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var tensor in header.RootElement.EnumerateObject().Where(t => t.Name != "__metadata__"))
            tensors.Add(tensor.Name, Tensor(tensor.Name, tensor.Value, 8 + length, stream.Length));
        return tensors;
    }

    private static StoredTensor Tensor(string name, JsonElement entry, long start, long end)
    {
        var type = entry.GetProperty("dtype").GetString();
        var form = type switch
        {
            "F32" => TensorType.F32,
            "F16" => TensorType.F16,
            "BF16" => TensorType.BF16,
            _ => throw new FormatException($"expected {name} in F32, F16 or BF16; it is in {type}"),
        };
        int[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        var offsets = entry.GetProperty("data_offsets");
        var (from, to) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var tensor = new StoredTensor(form, shape, start + from);
        var bytes = shape.Aggregate((Int128)tensor.Size, (n, size) => n * size);
        if (from < 0 || to < from || to > end - start || bytes != to - from || shape.Any(s => s < 0))
            throw new FormatException(
                $"expected {bytes} bytes of {name} at {from}; the file has {end - start} after its header: truncated?"
            );
        return tensor;
    }
}
