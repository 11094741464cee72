using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.EventSourcing;

/// <summary>A seed, derived from names and indices and never from order or time.</summary>
/// <remarks>
/// block seed = run.Derive("block", replicate); instance seed = block.Derive("instance", variant); effect seed =
/// instance.Derive(cycle, effect name, ordinal).
/// </remarks>
[JsonConverter(typeof(SeedJson))]
public readonly record struct Seed(ulong Value)
{
    private const int OnStack = 256;

    private static ReadOnlySpan<byte> Domain => "aime.seed.1\0"u8;

    /// <summary>Derives the seed of a named or numbered part.</summary>
    /// <returns>
    /// The first 8 bytes, big-endian, of SHA-256 over: the ASCII text <c>aime.seed.1</c> and a zero byte; this seed (8
    /// bytes); then for each part a byte 0 with the text's length in UTF-8 bytes (4) and the bytes, or a byte 1 with
    /// the number (8); integers big-endian.
    /// </returns>
    public Seed Derive(params ReadOnlySpan<SeedPart> path)
    {
        var length = Domain.Length + 8;
        foreach (var part in path)
            length += part.Length;
        // In one piece: hashing piece by piece is slower than copying the pieces together.
        var whole = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        Domain.CopyTo(whole);
        BinaryPrimitives.WriteUInt64BigEndian(whole[Domain.Length..], Value);
        var at = Domain.Length + 8;
        foreach (var part in path)
            at += part.Write(whole[at..]);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(whole[..length], digest);
        return new(BinaryPrimitives.ReadUInt64BigEndian(digest));
    }

    /// <summary>A number in [0, 1) with 53 bits, for a single random choice.</summary>
    public double Unit() => (Derive("unit").Value >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A part of a seed's path: a text or a number.</summary>
public readonly record struct SeedPart
{
    private readonly string? _text;
    private readonly long _number;

    private SeedPart(string? text, long number) => (_text, _number) = (text, number);

    /// <summary>A text part.</summary>
    public static implicit operator SeedPart(string text) => new(text, 0);

    /// <summary>A number part.</summary>
    public static implicit operator SeedPart(long number) => new(text: null, number);

    /// <summary>Number of bytes that <see cref="Write"/> writes.</summary>
    internal int Length => _text is null ? 1 + 8 : 1 + 4 + Encoding.UTF8.GetByteCount(_text);

    /// <summary>Writes the part, and returns the number of bytes.</summary>
    internal int Write(Span<byte> destination)
    {
        if (_text is null)
        {
            destination[0] = 1;
            BinaryPrimitives.WriteInt64BigEndian(destination[1..], _number);
            return 1 + 8;
        }

        var bytes = Encoding.UTF8.GetBytes(_text, destination[5..]);
        destination[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], bytes);
        return 1 + 4 + bytes;
    }
}

/// <summary>JSON converter of <see cref="Seed"/>, for source-generated contexts.</summary>
public sealed class SeedJson : JsonConverter<Seed>
{
    // Hexadecimal text, because a JSON number above 2^53 is rounded by other readers.
    /// <inheritdoc />
    public override Seed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: 16 } text
        && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new(value)
            : throw new JsonException("A seed is 16 hexadecimal digits.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Seed value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
