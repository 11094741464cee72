using System.Text;
using System.Text.Json;

namespace AiMe.VectorStores.Pinecone;

/// <summary>A memory as a record of Pinecone, in JSON.</summary>
/// <param name="Bytes">Its length in a request.</param>
internal readonly record struct PineconeRecord(JsonElement Json, int Bytes)
{
    /// <summary>Of the 40 KB that a record's metadata may have; the rest is for the other fields.</summary>
    private const int MostTextBytes = 32_768;

    /// <summary>The record of a memory. A text that is too long for Pinecone is cut, and says so.</summary>
    public static PineconeRecord Of(StoredMemory memory)
    {
        var fields = MemoryFields.Of(memory);
        if (Encoding.UTF8.GetByteCount(fields.Text) > MostTextBytes)
            fields = fields with { Text = Beginning(fields.Text), TextCut = true };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new PineconeVector($"{Uri.EscapeDataString(fields.Instance)}#{memory.Key:D}", VectorFloats.Directed(memory.Vector), fields),
            PineconeJson.Default.PineconeVector
        );
        using var json = JsonDocument.Parse(bytes);
        return new PineconeRecord(json.RootElement.Clone(), bytes.Length + 1);
    }

    private static string Beginning(string text)
    {
        var (chars, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MostTextBytes)
                break;
            chars += rune.Utf16SequenceLength;
        }

        return text[..chars];
    }
}
