using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.Kernel;

/// <summary>128 bits of a SHA-256: one link of a stream's hash chain.</summary>
[JsonConverter(typeof(LinkJson))]
public readonly record struct Link(UInt128 Value) : ISpanFormattable
{
    /// <summary>The link before a stream's first event: H(faculty name).</summary>
    public static Link Before(string faculty) => First128(SHA256.HashData(Encoding.UTF8.GetBytes(faculty)));

    /// <summary>The link of the next event of a stream.</summary>
    /// <param name="sequenceNumber">1-based position in its stream.</param>
    /// <param name="index">1-based position in the life of the instance, over all five streams.</param>
    /// <param name="manifest">The event's manifest, <c>name@version</c>.</param>
    /// <param name="data">The bytes of the event, exactly as stored.</param>
    /// <returns>
    /// The first 128 bits of SHA-256 over: this link (16 bytes), sequence number and index (8 bytes each), the manifest's length in
    /// bytes (4), the manifest in UTF-8, the data; integers big-endian.
    /// </returns>
    public Link Next(long sequenceNumber, long index, string manifest, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[16 + 8 + 8 + 4];
        BinaryPrimitives.WriteUInt128BigEndian(head, Value);
        BinaryPrimitives.WriteInt64BigEndian(head[16..], sequenceNumber);
        BinaryPrimitives.WriteInt64BigEndian(head[24..], index);
        var name = Encoding.UTF8.GetBytes(manifest);
        BinaryPrimitives.WriteInt32BigEndian(head[32..], name.Length);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(name);
        hash.AppendData(data);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return First128(digest);
    }

    /// <summary>Reads 32 lower-case hexadecimal digits, and nothing else: a stored link has one spelling, so that any flipped byte shows.</summary>
    /// <exception cref="FormatException">Not 32 lower-case hexadecimal digits.</exception>
    public static Link Parse(string? text) => text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower)
        ? new(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new FormatException($"a link is 32 lower-case hexadecimal digits, not {(text is null ? "null" : $"'{text}'")}");

    /// <summary>The 16 bytes, big-endian.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, "x32", CultureInfo.InvariantCulture);

    private static Link First128(ReadOnlySpan<byte> digest) => new(BinaryPrimitives.ReadUInt128BigEndian(digest));
}

/// <summary>The heads (last links) of an instance's streams, in a fixed order of faculties.</summary>
/// <param name="Links">One link a stream; shape (faculties). Compared by value.</param>
[JsonConverter(typeof(HeadsJson))]
public sealed record Heads(ImmutableArray<Link> Links)
{
    /// <summary>No heads: what a command carries before the host has filled them in.</summary>
    public static readonly Heads None = new(ImmutableArray<Link>.Empty);

    /// <summary>The digest of the instance: SHA-256 over the heads, 16 bytes each, in order.</summary>
    public string Digest()
    {
        var bytes = new byte[Links.Length * 16];
        for (var i = 0; i < Links.Length; i++)
            Links[i].Write(bytes.AsSpan(i * 16));
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <inheritdoc />
    public bool Equals(Heads? other) => other is not null && Links.AsSpan().SequenceEqual(other.Links.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Links.IsEmpty ? 0 : Links[^1].GetHashCode();
}

/// <summary>JSON form, for source-generated contexts.</summary>
public sealed class LinkJson : JsonConverter<Link>
{
    /// <inheritdoc />
    public override Link Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(ref reader);

    /// <exception cref="JsonException">Not a link.</exception>
    internal static Link Parse(ref Utf8JsonReader reader)
    {
        try
        {
            return Link.Parse(reader.GetString());
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Link value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>JSON form, for source-generated contexts.</summary>
public sealed class HeadsJson : JsonConverter<Heads>
{
    /// <inheritdoc />
    public override Heads Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("Heads are an array of links.");
        var links = ImmutableArray.CreateBuilder<Link>(5);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            links.Add(LinkJson.Parse(ref reader));
        return new Heads(links.ToImmutable());
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Heads value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var link in value.Links)
            writer.WriteStringValue(link.ToString());
        writer.WriteEndArray();
    }
}
