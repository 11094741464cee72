using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// Training examples as JSON Lines of chat messages, <c>{"messages": [{"role", "name", "content"}, ...]}</c>, the last
/// one the assistant's.
/// </summary>
/// <remarks>
/// Hosted fine-tuning takes the same form. For preference training, <c>"rejected": ["...", ...]</c> follows the
/// messages: the answers that the assistant's is preferred to.
/// </remarks>
public static class Datasets
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines of some examples.</summary>
    /// <param name="names">
    /// Whether each message names its part in a prompt of AiMe; else messages have only role and content, for other
    /// programs.
    /// </param>
    public static byte[] Write(IEnumerable<IReadOnlyList<ChatMessage>> examples, bool names = true) =>
        Write(examples.Select(e => (e, ImmutableArray<string>.Empty)), names);

    /// <summary>The lines of some experiences, with their rejected answers.</summary>
    public static byte[] WritePreferences(IEnumerable<Example> kept) =>
        Write(kept.Select(e => (Of(e), e.Others.IsDefault ? [] : e.Others)), names: true);

    private static byte[] Write(IEnumerable<(IReadOnlyList<ChatMessage> Messages, ImmutableArray<string> Rejected)> examples, bool names)
    {
        using var stream = new MemoryStream();
        foreach (var (example, rejected) in examples)
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
                if (!rejected.IsEmpty)
                {
                    json.WriteStartArray("rejected");
                    foreach (var text in rejected)
                        json.WriteStringValue(text);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    /// <summary>The examples in some lines.</summary>
    public static IEnumerable<IReadOnlyList<ChatMessage>> Read(ReadOnlyMemory<byte> lines) => Lines(lines).Select(l => l.Messages);

    private static IEnumerable<(IReadOnlyList<ChatMessage> Messages, string[] Rejected)> Lines(ReadOnlyMemory<byte> lines)
    {
        foreach (var line in Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            string[] rejected = json.RootElement.TryGetProperty("rejected", out var texts)
                ? [.. texts.EnumerateArray().Select(t => t.GetString()!)]
                : [];
            yield return (
                [
                    .. json
                        .RootElement.GetProperty("messages")
                        .EnumerateArray()
                        .Select(m => Parts.Message(m.GetProperty("name").GetString()!, m.GetProperty("content").GetString()!)),
                ],
                rejected
            );
        }
    }

    /// <summary>A kept experience as an example.</summary>
    public static IReadOnlyList<ChatMessage> Of(Example example) => ChatMessages.Of(example.Prompt, Parts.Answer, example.Completion);

    /// <summary>The examples of several parts, in order.</summary>
    public static async Task<ImmutableArray<IReadOnlyList<ChatMessage>>> ReadAsync(
        IBlobs blobs,
        IEnumerable<string> parts,
        CancellationToken cancellationToken
    )
    {
        var examples = ImmutableArray.CreateBuilder<IReadOnlyList<ChatMessage>>();
        foreach (var part in parts)
            examples.AddRange(Read(await blobs.GetAsync(new BlobId(part), cancellationToken)));
        return examples.ToImmutable();
    }

    /// <summary>
    /// The preferences in several parts, in order: an example for each rejected answer. Examples without one are left
    /// out.
    /// </summary>
    /// <remarks>
    /// As in the export, a text that was kept for a prompt in any of the parts is never rejected for it, and two texts
    /// are paired once.
    /// </remarks>
    public static async Task<(ImmutableArray<IReadOnlyList<ChatMessage>> Chosen, ImmutableArray<string> Rejected)> ReadPreferencesAsync(
        IBlobs blobs,
        IEnumerable<string> parts,
        CancellationToken cancellationToken
    )
    {
        List<(IReadOnlyList<ChatMessage> Messages, string[] Rejected)> lines = [];
        foreach (var part in parts)
            lines.AddRange(Lines(await blobs.GetAsync(new BlobId(part), cancellationToken)));
        var kept = lines.Select(l => (Asked(l.Messages), l.Messages[^1].Text)).ToHashSet();
        HashSet<(string, string, string)> paired = [];
        var (chosen, rejected) = (ImmutableArray.CreateBuilder<IReadOnlyList<ChatMessage>>(), ImmutableArray.CreateBuilder<string>());
        foreach (var (messages, others) in lines)
        {
            foreach (
                var other in others.Where(o => !kept.Contains((Asked(messages), o)) && paired.Add((Asked(messages), messages[^1].Text, o)))
            )
            {
                chosen.Add(messages);
                rejected.Add(other);
            }
        }

        return (chosen.ToImmutable(), rejected.ToImmutable());
    }

    private static string Asked(IReadOnlyList<ChatMessage> messages) =>
        string.Join('\n', messages.Take(messages.Count - 1).Select(m => $"{Parts.Of(m)}\t{m.Text}"));
}
