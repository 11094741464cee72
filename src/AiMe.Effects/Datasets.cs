using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// Training examples as JSON Lines of chat messages, <c>{"messages": [{"role", "name", "content"}, ...]}</c>, the last one the assistant's:
/// the form that hosted fine-tuning takes too.
/// </summary>
public static class Datasets
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines of some examples.</summary>
    /// <param name="names">Whether each message names the part that it is to AiMe; without, there are role and content alone, for others to read.</param>
    public static byte[] Write(IEnumerable<IReadOnlyList<ChatMessage>> examples, bool names = true)
    {
        using var stream = new MemoryStream();
        foreach (var example in examples)
        {
            using (var json = new Utf8JsonWriter(stream, Readable))
            {
                json.WriteStartObject();
                json.WriteStartArray("messages");
                foreach (var message in example)
                {
                    json.WriteStartObject();
                    json.WriteString("role", message.Role.Value);
                    if (names)
                        json.WriteString("name", Parts.Of(message));
                    json.WriteString("content", message.Text);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    /// <summary>The examples in some lines.</summary>
    public static IEnumerable<IReadOnlyList<ChatMessage>> Read(ReadOnlyMemory<byte> lines)
    {
        foreach (var line in Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            yield return [.. json.RootElement.GetProperty("messages").EnumerateArray().Select(m => Parts.Message(m.GetProperty("name").GetString()!, m.GetProperty("content").GetString()!))];
        }
    }

    /// <summary>A kept experience as an example.</summary>
    public static IReadOnlyList<ChatMessage> Of(Example example) => Messages.Of(example.Prompt, Parts.Answer, example.Completion);

    /// <summary>The examples of several parts, in order.</summary>
    public static async Task<ImmutableArray<IReadOnlyList<ChatMessage>>> ReadAsync(IBlobs blobs, IEnumerable<string> parts, CancellationToken cancellationToken)
    {
        var examples = ImmutableArray.CreateBuilder<IReadOnlyList<ChatMessage>>();
        foreach (var part in parts)
            examples.AddRange(Read(await blobs.GetAsync(new BlobId(part), cancellationToken)));
        return examples.ToImmutable();
    }
}
