using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Experiments;

/// <summary>Held-out text of a hosted model: JSON Lines of exchanges.</summary>
internal static class HeldOutFile
{
    private const string Form = "expected {\"messages\": [{\"role\", \"content\"}, ...]} or {\"prompt\", \"completion\"}";

    /// <summary>The exchanges, each of which ends in an answer.</summary>
    /// <param name="fail">Receives each error with its line, from 1.</param>
    public static ImmutableArray<IReadOnlyList<ChatMessage>> Read(ReadOnlyMemory<byte> file, Action<int, string> fail)
    {
        var exchanges = ImmutableArray.CreateBuilder<IReadOnlyList<ChatMessage>>();
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(file.Span).TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using var json = JsonDocument.Parse(line);
                exchanges.Add(Exchange(json.RootElement));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException) // half of a surrogate pair is JSON and no text
            {
                fail(number, $"found no JSON object; {Form}");
            }
            catch (FormatException e)
            {
                fail(number, e.Message);
            }
        }

        return exchanges.ToImmutable();
    }

    private static List<ChatMessage> Exchange(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
            throw new FormatException($"found no JSON object; {Form}");
        if (line.TryGetProperty("prompt", out var prompt) && line.TryGetProperty("completion", out var completion))
            return Ended([new(ChatRole.User, Text(prompt, "prompt")), new(ChatRole.Assistant, Text(completion, "completion"))]);
        if (!line.TryGetProperty("messages", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new FormatException($"found neither messages nor prompt and completion; {Form}");
        List<ChatMessage> messages = [];
        foreach (var message in list.EnumerateArray())
            messages.Add(Message(message, $"messages[{messages.Count}]"));
        return Ended(messages);
    }

    private static ChatMessage Message(JsonElement message, string at)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{at} is no object; {Form}");
        var role = message.TryGetProperty("role", out var told) ? Text(told, $"{at}.role") : "";
        var text = message.TryGetProperty("content", out var content) ? Text(content, $"{at}.content") : "";
        ChatMessage read = new(
            role switch
            {
                "system" or "developer" => ChatRole.System,
                "user" => ChatRole.User,
                "assistant" => ChatRole.Assistant,
                _ => throw new FormatException($"{at}.role is '{role}', expected system, user or assistant"),
            },
            text
        );
        // The name of a part, as AiMe writes it, counts with the part's role alone.
        if (message.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && IsPart(name.GetString()!, read.Role))
            read.AuthorName = name.GetString();
        return read;
    }

    private static bool IsPart(string name, ChatRole role) =>
        Parts.IsOurs(name) && name != Parts.Request && Parts.Message(name, "").Role == role;

    private static List<ChatMessage> Ended(List<ChatMessage> messages) =>
        messages is not [.., { Text.Length: > 0 } last] || last.Role != ChatRole.Assistant || Parts.Of(last) != Parts.Answer
            ? throw new FormatException("the last message is no answer of the assistant, so that there is nothing to score")
        : messages.Count == 1 ? throw new FormatException("there is nothing before the answer, expected a message of the user")
        : messages;

    private static string Text(JsonElement value, string at) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"{at} is no text; {Form}");
}
