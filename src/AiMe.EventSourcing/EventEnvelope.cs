using System.Globalization;
using System.Text.Json;

namespace AiMe.EventSourcing;

/// <summary>A stored payload: <c>{"i": index, "d": {the event}, "h": link}</c>.</summary>
/// <param name="Index">1-based position in the instance's events, over all its streams.</param>
/// <param name="Data">The event's UTF-8 JSON, exactly as stored.</param>
/// <param name="Link">The link that this event adds to its stream's chain.</param>
public readonly record struct EventEnvelope(long Index, ReadOnlyMemory<byte> Data, Link Link)
{
    private static ReadOnlySpan<byte> Before => "{\"i\":"u8;

    private static ReadOnlySpan<byte> Between => ",\"d\":"u8;

    private static ReadOnlySpan<byte> Behind => ",\"h\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>The bytes of the row's <c>message</c>.</summary>
    public byte[] Write()
    {
        Span<byte> index = stackalloc byte[20]; // length of the longest 64-bit number, with its sign
        Index.TryFormat(index, out var digits, provider: CultureInfo.InvariantCulture);
        var message = new byte[Before.Length + digits + Between.Length + Data.Length + Behind.Length + Link.Digits + End.Length];
        var rest = message.AsSpan();
        Put(Before, ref rest);
        Put(index[..digits], ref rest);
        Put(Between, ref rest);
        Put(Data.Span, ref rest);
        Put(Behind, ref rest);
        Link.WriteDigits(rest[..Link.Digits]);
        End.CopyTo(rest[Link.Digits..]);
        return message;
    }

    /// <summary>Reads a row's <c>message</c>.</summary>
    /// <exception cref="CorruptEventException">
    /// The bytes are not an object of exactly the members i, d and h in this order.
    /// </exception>
    public static EventEnvelope Read(ReadOnlyMemory<byte> message)
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
            var link = LinkJson.Parse(ref reader);
            Expect(reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read());
            return new EventEnvelope(index, message[start..end], link);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new CorruptEventException($"the message is not an envelope {{\"i\", \"d\", \"h\"}}: {e.Message}", e);
        }
    }

    private static void Put(scoped ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }

    private static void Expect(bool holds)
    {
        if (!holds)
            throw new FormatException("a member is missing or out of order");
    }
}
