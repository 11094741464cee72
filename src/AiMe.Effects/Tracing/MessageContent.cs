using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tracing;

/// <summary>What was said, in the conventions' JSON; only if the conventions' own variable asks for it.</summary>
internal static class MessageContent
{
    private const string Variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether texts may leave in spans: <c>true</c>, or <c>span_only</c> or <c>span_and_event</c>.</summary>
    public static bool IsWanted { get; } =
        Environment.GetEnvironmentVariable(Variable)?.ToLowerInvariant() is "true" or "span_only" or "span_and_event";

    /// <summary>Messages with their roles and parts.</summary>
    /// <param name="finish">Why an output ended; null for input.</param>
    public static string Json(IEnumerable<ChatMessage> messages, string? finish)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_readable))
        {
            json.WriteStartArray();
            foreach (var message in messages)
                Write(json, message, finish);
            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, ChatMessage message, string? finish)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        json.WriteStartArray("parts");
        foreach (var content in message.Contents)
        {
            if (content is not (TextContent or TextReasoningContent))
                continue;
            json.WriteStartObject();
            json.WriteString("type", content is TextContent ? "text" : "reasoning");
            json.WriteString("content", content is TextContent text ? text.Text : ((TextReasoningContent)content).Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (finish is not null)
            json.WriteString("finish_reason", finish);
        json.WriteEndObject();
    }
}
