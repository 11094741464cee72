using System.Buffers.Binary;
using System.Text.Json;

namespace AiMe.Nano;

/// <summary>
/// The safetensors file: 8 bytes of header length, a JSON header, then the tensors' float32 little-endian bytes. Names
/// are those of Hugging Face's software, so that it can load the file.
/// </summary>
/// <remarks>
/// A file is refused unless it is whole: every tensor present, no other tensor, the right shapes, finite numbers.
/// </remarks>
internal sealed class Safetensors
{
    private readonly JsonElement _tensors;
    private readonly ReadOnlyMemory<byte> _data;

    private Safetensors(JsonElement tensors, ReadOnlyMemory<byte> data)
    {
        (_tensors, _data) = (tensors, data);
        Metadata = tensors.TryGetProperty("__metadata__", out var metadata)
            ? metadata.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetString() ?? "", StringComparer.Ordinal)
            : [];
    }

    /// <summary>A tensor's name, shape and, row-major, its elements.</summary>
    internal readonly record struct Tensor(string Name, int[] Shape, ReadOnlyMemory<float> Values);

    /// <summary>The file's metadata.</summary>
    public Dictionary<string, string> Metadata { get; }

    /// <summary>Names of the tensors present.</summary>
    public IEnumerable<string> Names => _tensors.EnumerateObject().Select(t => t.Name).Where(n => n != "__metadata__");

    /// <summary>The same tensors and texts give the same bytes.</summary>
    public static byte[] Write(IReadOnlyList<Tensor> tensors, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        var head = Head([.. tensors.Select(t => (t.Name, t.Shape))], metadata);
        var file = new byte[head.Length + tensors.Sum(t => 4L * t.Values.Length)];
        head.CopyTo(file.AsSpan());
        var data = file.AsSpan(head.Length);
        foreach (var (_, _, values) in tensors)
        {
            foreach (var value in values.Span)
            {
                BinaryPrimitives.WriteSingleLittleEndian(data, value);
                data = data[4..];
            }
        }

        return file;
    }

    /// <summary>What stands before the tensors' numbers in a file: the header's length, and the header.</summary>
    public static byte[] Head(IReadOnlyList<(string Name, int[] Shape)> tensors, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        using var stream = new MemoryStream();
        long end = 0;
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // Hugging Face's loader asks for it
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            foreach (var (name, shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += 4L * shape.Aggregate(1L, (n, size) => n * size));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var header = stream.ToArray();
        var padded = (header.Length + 7) / 8 * 8; // the tensors start aligned
        var head = new byte[8 + padded];
        BinaryPrimitives.WriteInt64LittleEndian(head, padded);
        head.AsSpan(8, padded).Fill((byte)' ');
        header.CopyTo(head.AsSpan(8));
        return head;
    }

    /// <summary>Reads the header, and passes the file to a reader of its tensors.</summary>
    /// <exception cref="FormatException">
    /// It is no safetensors file, it is truncated, or the reader refuses it.
    /// </exception>
    public static T Read<T>(ReadOnlyMemory<byte> file, Func<Safetensors, T> reader)
    {
        if (file.Length < 8)
            throw new FormatException($"safetensors: expected 8 bytes of header length, the file has {file.Length}");
        var length = BinaryPrimitives.ReadInt64LittleEndian(file.Span);
        if (length < 2 || length > file.Length - 8)
            throw new FormatException($"safetensors: expected a header of {length} bytes after the first 8, the file has {file.Length}");
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)length), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return reader(new Safetensors(header.RootElement, file[(8 + (int)length)..]));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new FormatException($"safetensors: expected a JSON header of tensors: {e.Message}", e);
        }
    }

    /// <summary>Refuses a file with a tensor that is not among these.</summary>
    /// <param name="what">What the tensors belong to, for the message.</param>
    public void Only(IEnumerable<string> known, object what)
    {
        var names = known.ToHashSet(StringComparer.Ordinal);
        if (Names.FirstOrDefault(n => !names.Contains(n)) is { } foreign)
            throw new FormatException($"safetensors: the tensor {foreign} is not part of {what}");
    }

    /// <summary>Copies a tensor's elements, row-major.</summary>
    public void CopyTo(string name, ReadOnlySpan<int> shape, Span<float> values)
    {
        var expected = $"F32 [{string.Join(", ", shape.ToArray())}]";
        if (!_tensors.TryGetProperty(name, out var entry))
            throw new FormatException($"safetensors: expected the tensor {name} {expected}; it is missing");
        var found =
            $"{entry.GetProperty("dtype").GetString()} "
            + $"[{string.Join(", ", entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()))}]";
        if (found != expected)
            throw new FormatException($"safetensors: expected {name} to be {expected}; it is {found}");
        var (from, to) = (entry.GetProperty("data_offsets")[0].GetInt64(), entry.GetProperty("data_offsets")[1].GetInt64());
        if (from < 0 || to < from || to > _data.Length || to - from != 4L * values.Length) // in this order: no difference wraps
            throw new FormatException(
                $"safetensors: expected {4L * values.Length} bytes of {name} at {from}, the data has {_data.Length}: truncated?"
            );
        var bytes = _data.Span.Slice((int)from, 4 * values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
            if (!float.IsFinite(values[i]))
                throw new FormatException($"safetensors: expected finite numbers; element {i} of {name} is {values[i]}");
        }
    }
}
