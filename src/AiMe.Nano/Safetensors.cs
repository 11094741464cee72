using System.Buffers.Binary;
using System.Text.Json;

namespace AiMe.Nano;

/// <summary>
/// The safetensors file: 8 bytes of header length, a JSON header, then the tensors' float32 little-endian bytes. Names are Llama's, so
/// that other software can load it.
/// </summary>
internal static class Safetensors
{
    public static byte[] Write(Weights weights)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt"); // Hugging Face's loader asks for it
            json.WriteEndObject();
            foreach (var place in weights.Tensors)
            {
                json.WriteStartObject(place.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in Shape(place))
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(4L * place.Offset);
                json.WriteNumberValue(4L * (place.Offset + place.Length));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var header = stream.ToArray();
        var padded = (header.Length + 7) / 8 * 8; // the tensors start aligned
        var file = new byte[8 + padded + 4L * weights.Values.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        file.AsSpan(8, padded).Fill((byte)' ');
        header.CopyTo(file.AsSpan(8));
        var data = file.AsSpan(8 + padded);
        for (var i = 0; i < weights.Array.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data[(4 * i)..], weights.Array[i]);
        return file;
    }

    public static Weights Read(NanoConfig config, ReadOnlySpan<byte> file)
    {
        if (file.Length < 8)
            throw new FormatException($"safetensors: expected 8 bytes of header length, the file has {file.Length}");
        var length = BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length < 2 || length > file.Length - 8)
            throw new FormatException($"safetensors: expected a header of {length} bytes after the first 8, the file has {file.Length}");

        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)length).ToArray());
            return Read(config, header.RootElement, file[(8 + (int)length)..]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"safetensors: expected a JSON header of tensors: {e.Message}", e);
        }
    }

    private static Weights Read(NanoConfig config, JsonElement header, ReadOnlySpan<byte> data)
    {
        var layout = new WeightLayout(config);
        var values = new float[layout.Length];
        var known = layout.Tensors.Select(t => t.Name).Append("__metadata__").ToHashSet(StringComparer.Ordinal);
        foreach (var entry in header.EnumerateObject())
        {
            if (!known.Contains(entry.Name))
                throw new FormatException($"safetensors: the tensor {entry.Name} is not part of {config}");
        }

        foreach (var place in layout.Tensors)
        {
            var expected = $"F32 [{string.Join(", ", Shape(place))}]";
            if (!header.TryGetProperty(place.Name, out var entry))
                throw new FormatException($"safetensors: expected the tensor {place.Name} {expected}; it is missing");
            var shape = entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64());
            var found = $"{entry.GetProperty("dtype").GetString()} [{string.Join(", ", shape)}]";
            if (found != expected)
                throw new FormatException($"safetensors: expected {place.Name} to be {expected}; it is {found}");
            var (from, to) = (entry.GetProperty("data_offsets")[0].GetInt64(), entry.GetProperty("data_offsets")[1].GetInt64());
            if (from < 0 || to - from != 4L * place.Length || to > data.Length)
                throw new FormatException($"safetensors: expected {4L * place.Length} bytes of {place.Name} at {from}, the data has {data.Length}: truncated?");
            var bytes = data.Slice((int)from, 4 * place.Length);
            for (var i = 0; i < place.Length; i++)
                values[place.Offset + i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
        }

        return new Weights(config, values);
    }

    private static int[] Shape(TensorPlace place) => place.IsNorm ? [place.Columns] : [place.Rows, place.Columns];
}
