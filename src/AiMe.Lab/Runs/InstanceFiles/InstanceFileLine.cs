using System.Buffers;
using System.Text.Json;
using AiMe.EventSourcing;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>A line of an instance file: a closed set.</summary>
internal abstract record InstanceFileLine
{
    private InstanceFileLine() { }

    /// <summary>The first line.</summary>
    public sealed record Head(InstanceFileHead Said) : InstanceFileLine;

    /// <summary>A blob.</summary>
    public sealed record Blob(string Sha256, byte[] Content) : InstanceFileLine;

    /// <summary>A row of the journal.</summary>
    /// <param name="CreatedTicks">When it was first written, in any store: UTC ticks (100 ns since year 1).</param>
    public sealed record Row(
        PersistenceId Stream,
        long Number,
        string Manifest,
        WriterId Writer,
        long CreatedTicks,
        ReadOnlyMemory<byte> Message
    ) : InstanceFileLine;

    /// <summary>The last line.</summary>
    /// <param name="Sha256">Over the bytes of all previous lines, line feeds included.</param>
    public sealed record End(long Rows, int Blobs, string Sha256) : InstanceFileLine;

    /// <summary>The line's bytes, with its line feed.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, InstanceFile.Written))
        {
            if (this is Head head)
                JsonSerializer.Serialize(json, head.Said, InstanceFileJson.Default.InstanceFileHead);
            else
                WriteMembers(json);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>Reads a line, without its line feed.</summary>
    /// <exception cref="InstanceFileException">
    /// The line is invalid; the message does not contain its number.
    /// </exception>
    public static InstanceFileLine Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line.Span, InstanceFile.Read);
            Expect(
                reader.Read()
                    && reader.TokenType == JsonTokenType.StartObject
                    && reader.Read()
                    && reader.TokenType == JsonTokenType.PropertyName,
                "a JSON object"
            );
            return reader.GetString() switch
            {
                "format" => new Head(
                    JsonSerializer.Deserialize(line.Span, InstanceFileJson.Default.InstanceFileHead)
                        ?? throw new FormatException("it is null")
                ),
                "blob" => ReadBlob(ref reader),
                "stream" => ReadRow(ref reader, line),
                "end" => ReadEnd(ref reader),
                var other => throw new FormatException(
                    $"expected a line that begins with \"format\", \"blob\", \"stream\" or \"end\", found \"{other}\""
                ),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new InstanceFileException(e.Message, e);
        }
    }

    private void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (this)
        {
            case Blob blob:
                json.WriteString("blob", blob.Sha256);
                json.WriteBase64String("base64", blob.Content);
                break;
            case Row row:
                json.WriteString("stream", row.Stream.Value);
                json.WriteNumber("number", row.Number);
                json.WriteString("manifest", row.Manifest);
                json.WriteString("writer", row.Writer.Value);
                json.WriteNumber("created", row.CreatedTicks);
                if (InstanceFile.IsPlain(row.Message.Span))
                {
                    json.WritePropertyName("message");
                    json.WriteRawValue(row.Message.Span, skipInputValidation: true);
                }
                else
                {
                    json.WriteBase64String("base64", row.Message.Span);
                }

                break;
            case End end:
                json.WriteBoolean("end", true);
                json.WriteNumber("rows", end.Rows);
                json.WriteNumber("blobs", end.Blobs);
                json.WriteString("sha256", end.Sha256);
                break;
        }

        json.WriteEndObject();
    }

    private static Blob ReadBlob(ref Utf8JsonReader reader)
    {
        reader.Read();
        var id = Text(ref reader, "blob");
        Next(ref reader, "base64");
        var content = reader.GetBytesFromBase64();
        Close(ref reader);
        return new Blob(id, content);
    }

    private static Row ReadRow(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        reader.Read();
        var stream = Text(ref reader, "stream");
        Next(ref reader, "number");
        var number = reader.GetInt64();
        Next(ref reader, "manifest");
        var manifest = Text(ref reader, "manifest");
        Next(ref reader, "writer");
        var writer = Text(ref reader, "writer");
        Next(ref reader, "created");
        var created = reader.GetInt64();
        Expect(reader.Read() && reader.TokenType == JsonTokenType.PropertyName, "a message");
        var plain = reader.ValueTextEquals("message"u8);
        Expect(plain || reader.ValueTextEquals("base64"u8), "\"message\" or \"base64\"");
        reader.Read();
        var message = plain ? Cut(ref reader, line) : reader.GetBytesFromBase64();
        Close(ref reader);
        return new Row(new PersistenceId(stream), number, manifest, new WriterId(writer), created, message);
    }

    // The exact bytes of the message: nothing is parsed and serialized again.
    private static ReadOnlyMemory<byte> Cut(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed];
    }

    private static End ReadEnd(ref Utf8JsonReader reader)
    {
        Expect(reader.Read() && reader.GetBoolean(), "\"end\": true");
        Next(ref reader, "rows");
        var rows = reader.GetInt64();
        Next(ref reader, "blobs");
        var blobs = reader.GetInt32();
        Next(ref reader, "sha256");
        var digest = Text(ref reader, "sha256");
        Close(ref reader);
        return new End(rows, blobs, digest);
    }

    private static void Next(ref Utf8JsonReader reader, string member)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(member), $"\"{member}\"");
        reader.Read();
    }

    private static string Text(ref Utf8JsonReader reader, string member) =>
        reader.GetString() ?? throw new FormatException($"\"{member}\" is null");

    private static void Close(ref Utf8JsonReader reader) =>
        Expect(reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read(), "the object's end");

    private static void Expect(bool holds, string what)
    {
        if (!holds)
            throw new FormatException($"expected {what}");
    }
}
