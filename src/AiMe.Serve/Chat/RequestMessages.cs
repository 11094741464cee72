using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Models;
using AiMe.Serve.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Chat;

/// <summary>The messages of a request.</summary>
/// <param name="Task">The kind of text that they ask for.</param>
/// <param name="Weights">Whether each message is to be trained on; only in training files.</param>
internal sealed record RequestMessages(ImmutableArray<ChatMessage> Messages, TextTask Task, ImmutableArray<bool> Weights)
{
    private const string RequestAnswer = "request-answer",
        RequestReflection = "request-reflection",
        RequestInsight = "request-insight";

    /// <summary>Reads a required list of messages.</summary>
    /// <param name="isData">Whether it is of a training file, whose messages may have weights.</param>
    /// <exception cref="ApiException">The list is missing, empty or wrong.</exception>
    public static RequestMessages Read(RequestMembers request, string name, bool isData = false)
    {
        if (request.Find(name) is not { } list)
            throw ApiException.Invalid(
                $"Missing required parameter: '{request.At(name)}': expected an array of messages.",
                request.At(name),
                "missing_required_parameter"
            );
        if (list.ValueKind != JsonValueKind.Array)
            throw request.Wrong(name, "an array of messages", list);
        var (messages, weights, task) = (new List<ChatMessage>(), new List<bool>(), TextTask.Answer);
        foreach (var item in list.EnumerateArray())
        {
            var path = $"{request.At(name)}[{messages.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
                throw ApiException.Invalid($"Invalid type for '{path}': expected an object.", path, "invalid_type");
            var (message, weight) = Message(new RequestMembers(item, $"{path}."), isData);
            if (TaskOf(message) is { } asked)
                (task, message) = (asked, new ChatMessage(ChatRole.User, message.Text) { AuthorName = Parts.Request });
            messages.Add(message);
            weights.Add(weight);
        }

        return messages.Count > 0
            ? new([.. messages], task, [.. weights])
            : throw ApiException.Invalid($"'{request.At(name)}' is empty: expected at least one message.", request.At(name), "empty_array");
    }

    private static TextTask? TaskOf(ChatMessage message) =>
        message.AuthorName switch
        {
            RequestAnswer => TextTask.Answer,
            RequestReflection => TextTask.Reflection,
            RequestInsight => TextTask.Insight,
            _ => null,
        };

    private static (ChatMessage Message, bool Weight) Message(RequestMembers m, bool isData)
    {
        var role = m.NeedText("role") switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" or "function" => throw ApiException.Invalid(
                $"Invalid value for '{m.At("role")}': this server has no tools; expected system, developer, user or assistant.",
                m.At("role"),
                "invalid_value"
            ),
            var other => throw ApiException.Invalid(
                $"Invalid value for '{m.At("role")}': found '{other}', expected system, developer, user or assistant.",
                m.At("role"),
                "invalid_value"
            ),
        };
        var text = TextOf(m);
        var name = m.Text("name");
        var weight = isData ? m.Whole("weight", 0, 1) ?? 1 : 1;
        m.Unless("tool_calls", t => t.ValueKind == JsonValueKind.Array && t.GetArrayLength() == 0, "this server has no tools");
        m.Unless("function_call", _ => false, "this server has no tools");
        m.Unless("audio", _ => false, "this server has only text");
        m.Unless("refusal", t => t.ValueKind == JsonValueKind.String && t.GetString()!.Length == 0, "refusals are not sent to the model");
        m.End();
        return (new ChatMessage(role, text) { AuthorName = name is not null && IsOfRole(name, role) ? name : null }, weight == 1);
    }

    // The name of a part counts only with the part's role: a user's message must not pass for a charter.
    private static bool IsOfRole(string name, ChatRole role) =>
        name is RequestAnswer or RequestReflection or RequestInsight ? role == ChatRole.User
        : name == Parts.Request ? false
        : Parts.IsOurs(name) && Parts.Message(name, "").Role == role;

    private static string TextOf(RequestMembers m)
    {
        if (m.Find("content") is not { } content)
            throw ApiException.Invalid(
                $"Missing required parameter: '{m.At("content")}': expected a string.",
                m.At("content"),
                "missing_required_parameter"
            );
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            throw m.Wrong("content", "a string or an array of text parts", content);
        return string.Concat(
            content
                .EnumerateArray()
                .Select(
                    (part, i) =>
                    {
                        var path = m.At($"content[{i}]");
                        if (part.ValueKind != JsonValueKind.Object)
                            throw ApiException.Invalid($"Invalid type for '{path}': expected an object.", path, "invalid_type");
                        var p = new RequestMembers(part, $"{path}.");
                        var type = p.NeedText("type");
                        if (type != "text")
                            throw ApiException.Unsupported($"{path}.type", $"found '{type}', and this server has only text");
                        var text = p.Text("text") ?? "";
                        p.End();
                        return text;
                    }
                )
        );
    }
}
