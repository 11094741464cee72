using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.Kernel;

/// <summary>Where randomness comes from: names and indices, never order or time.</summary>
/// <remarks>
/// block seed = run.Derive("block", replicate); instance seed = block.Derive("instance", variant);
/// effect seed = instance.Derive(cycle, effect name, ordinal).
/// </remarks>
[JsonConverter(typeof(SeedJson))]
public readonly record struct Seed(ulong Value)
{
    private static ReadOnlySpan<byte> Domain => "aime.seed.1\0"u8;

    /// <summary>The seed of a named or numbered part of what this seed stands for.</summary>
    /// <returns>
    /// The first 8 bytes, big-endian, of SHA-256 over: the ASCII text <c>aime.seed.1</c> and a zero byte; this seed (8 bytes); then for each
    /// part a byte 0 with the text's length in UTF-8 bytes (4) and the bytes, or a byte 1 with the number (8); integers big-endian.
    /// </returns>
    public Seed Derive(params ReadOnlySpan<SeedPart> path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Domain);
        Span<byte> buffer = stackalloc byte[9];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, Value);
        hash.AppendData(buffer[..8]);
        foreach (var part in path)
            part.AppendTo(hash);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return new(BinaryPrimitives.ReadUInt64BigEndian(digest));
    }

    /// <summary>A number in [0, 1) with 53 bits, for a single choice that needs no stream of numbers.</summary>
    public double Unit() => (Derive("unit").Value >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A part of a seed's name: a text or a number.</summary>
public readonly record struct SeedPart
{
    private readonly string? _text;
    private readonly long _number;

    private SeedPart(string? text, long number) => (_text, _number) = (text, number);

    /// <summary>A text part.</summary>
    public static implicit operator SeedPart(string text) => new(text, 0);

    /// <summary>A number part.</summary>
    public static implicit operator SeedPart(long number) => new(text: null, number);

    internal void AppendTo(IncrementalHash hash)
    {
        Span<byte> buffer = stackalloc byte[9];
        if (_text is null)
        {
            buffer[0] = 1;
            BinaryPrimitives.WriteInt64BigEndian(buffer[1..], _number);
            hash.AppendData(buffer);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(_text);
        buffer[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(buffer[1..], bytes.Length);
        hash.AppendData(buffer[..5]);
        hash.AppendData(bytes);
    }
}

/// <summary>JSON form, for source-generated contexts.</summary>
public sealed class SeedJson : JsonConverter<Seed>
{
    // Hexadecimal text, because a JSON number above 2^53 is rounded by other readers.
    /// <inheritdoc />
    public override Seed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: 16 } text && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new(value)
            : throw new JsonException("A seed is 16 hexadecimal digits.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Seed value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
