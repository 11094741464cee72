using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AiMe.Kernel;

/// <summary>A payload as stored: <c>{"i": index, "d": {the event}, "h": link}</c>.</summary>
/// <param name="Index">1-based position in the instance's life, over all its streams.</param>
/// <param name="Data">The event's UTF-8 JSON, exactly as stored.</param>
/// <param name="Link">The link that this event adds to its stream's chain.</param>
public readonly record struct Envelope(long Index, ReadOnlyMemory<byte> Data, Link Link)
{
    /// <summary>The bytes of the row's <c>message</c>.</summary>
    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(Data.Length + 80);
        buffer.Write(Encoding.ASCII.GetBytes($"{{\"i\":{Index},\"d\":"));
        buffer.Write(Data.Span);
        buffer.Write(Encoding.ASCII.GetBytes($",\"h\":\"{Link}\"}}"));
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a row's <c>message</c>.</summary>
    /// <exception cref="CorruptEventException">Not an object of exactly the members i, d and h in this order.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message.Span);
            Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
            Expect(reader.Read() && reader.ValueTextEquals("i"u8) && reader.Read());
            var index = reader.GetInt64();
            Expect(reader.Read() && reader.ValueTextEquals("d"u8) && reader.Read());
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            Expect(reader.Read() && reader.ValueTextEquals("h"u8) && reader.Read());
            var link = Link.Parse(reader.GetString());
            Expect(reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read());
            return new Envelope(index, message[start..end], link);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new CorruptEventException($"the message is not an envelope {{\"i\", \"d\", \"h\"}}: {e.Message}", e);
        }
    }

    private static void Expect(bool holds)
    {
        if (!holds)
            throw new FormatException("a member is missing or out of order");
    }
}
