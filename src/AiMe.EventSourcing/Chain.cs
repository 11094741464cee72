using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.EventSourcing;

/// <summary>128 bits of a SHA-256: one link of a stream's hash chain.</summary>
[JsonConverter(typeof(LinkJson))]
public readonly record struct Link(UInt128 Value) : ISpanFormattable
{
    /// <summary>Hexadecimal digits of a link.</summary>
    internal const int Digits = 32;

    private const int Fixed = 16 + 8 + 8 + 4,
        OnStack = 1024;

    /// <summary>The link before a stream's first event: H(faculty name).</summary>
    public static Link Before(string faculty) => First128(SHA256.HashData(Encoding.UTF8.GetBytes(faculty)));

    /// <summary>The link of the next event of a stream.</summary>
    /// <param name="sequenceNumber">1-based position in its stream.</param>
    /// <param name="index">1-based position in the instance's events, over all five streams.</param>
    /// <param name="manifest">The event's manifest, <c>name@version</c>.</param>
    /// <param name="data">The bytes of the event, exactly as stored.</param>
    /// <returns>
    /// The first 128 bits of SHA-256 over: this link (16 bytes), sequence number and index (8 bytes each), the
    /// manifest's length in bytes (4), the manifest in UTF-8, the data; integers big-endian.
    /// </returns>
    public Link Next(long sequenceNumber, long index, string manifest, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var name = Encoding.UTF8.GetByteCount(manifest);
        var length = Fixed + name + data.Length;
        // In one piece: hashing piece by piece is slower than copying the pieces together.
        var rented = length <= OnStack ? null : ArrayPool<byte>.Shared.Rent(length);
        var whole = (rented ?? stackalloc byte[OnStack])[..length];
        BinaryPrimitives.WriteUInt128BigEndian(whole, Value);
        BinaryPrimitives.WriteInt64BigEndian(whole[16..], sequenceNumber);
        BinaryPrimitives.WriteInt64BigEndian(whole[24..], index);
        BinaryPrimitives.WriteInt32BigEndian(whole[32..], name);
        Encoding.UTF8.GetBytes(manifest, whole[Fixed..]);
        data.CopyTo(whole[(Fixed + name)..]);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(whole, digest);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return First128(digest);
    }

    /// <summary>
    /// Reads exactly 32 lower-case hexadecimal digits. A stored link has one spelling, so that any flipped byte is
    /// detected.
    /// </summary>
    /// <exception cref="FormatException">Not 32 lower-case hexadecimal digits.</exception>
    public static Link Parse(string? text)
    {
        Span<byte> digits = stackalloc byte[Digits];
        return text is { Length: Digits } && Ascii.FromUtf16(text, digits, out _) == OperationStatus.Done && TryParse(digits, out var link)
            ? link
            : throw NoLink(text);
    }

    /// <summary>Reads exactly 32 lower-case hexadecimal digits in UTF-8.</summary>
    /// <exception cref="FormatException">Not 32 lower-case hexadecimal digits.</exception>
    public static Link Parse(ReadOnlySpan<byte> utf8) => TryParse(utf8, out var link) ? link : throw NoLink(Encoding.UTF8.GetString(utf8));

    /// <summary>Writes the 16 bytes, big-endian.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Writes the 32 lower-case hexadecimal digits in UTF-8.</summary>
    /// <param name="utf8">Shape (32).</param>
    public void WriteDigits(Span<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(bytes);
        Convert.TryToHexStringLower(bytes, utf8, out _);
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, "x32", CultureInfo.InvariantCulture);

    private static bool TryParse(ReadOnlySpan<byte> utf8, out Link link)
    {
        link = default;
        Span<byte> bytes = stackalloc byte[16];
        if (
            utf8.Length != Digits
            || utf8.ContainsAnyInRange((byte)'A', (byte)'F')
            || Convert.FromHexString(utf8, bytes, out _, out _) != OperationStatus.Done
        )
            return false;
        link = new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    private static FormatException NoLink(string? found) =>
        new($"found {(found is null ? "null" : $"'{found}'")}, expected a link of 32 lower-case hexadecimal digits");

    private static Link First128(ReadOnlySpan<byte> digest) => new(BinaryPrimitives.ReadUInt128BigEndian(digest));
}

/// <summary>The heads (last links) of an instance's streams, in a fixed order of faculties.</summary>
/// <param name="Links">One link per stream; shape (faculties). Compared by value.</param>
[JsonConverter(typeof(HeadsJson))]
public sealed record Heads(ImmutableArray<Link> Links)
{
    /// <summary>No heads: a command carries this until the host stamps it.</summary>
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

/// <summary>JSON converter of <see cref="Link"/>, for source-generated contexts.</summary>
public sealed class LinkJson : JsonConverter<Link>
{
    /// <inheritdoc />
    public override Link Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(ref reader);

    /// <exception cref="JsonException">Not a link.</exception>
    internal static Link Parse(ref Utf8JsonReader reader)
    {
        try
        {
            return reader is { TokenType: JsonTokenType.String, HasValueSequence: false, ValueIsEscaped: false }
                ? Link.Parse(reader.ValueSpan)
                : Link.Parse(reader.GetString());
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Link value, JsonSerializerOptions options) => Write(writer, value);

    internal static void Write(Utf8JsonWriter writer, Link link)
    {
        Span<byte> digits = stackalloc byte[Link.Digits];
        link.WriteDigits(digits);
        writer.WriteStringValue(digits);
    }
}

/// <summary>JSON converter of <see cref="Heads"/>, for source-generated contexts.</summary>
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
            LinkJson.Write(writer, link);
        writer.WriteEndArray();
    }
}
