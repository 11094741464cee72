using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>One answer of a server, or one piece of a stream.</summary>
/// <param name="Choices">Number of choices; the one with index 0 is read.</param>
/// <param name="Text">The text as it was sent; it may begin with reasoning.</param>
/// <param name="Finish">
/// <c>stop</c>, <c>length</c>, <c>content_filter</c>, <c>error</c>, or a server's own word; null if it is not given, or
/// the stream has not ended.
/// </param>
/// <param name="Tokens">
/// ln p of the sampled tokens and their most likely alternatives; empty if the server returns none.
/// </param>
internal sealed record OpenAiReply(
    int Choices,
    string Text,
    string? Refusal,
    string? Finish,
    ImmutableArray<OpenAiToken> Tokens,
    UsageDetails? Usage
)
{
    private static readonly string[] ReasoningMembers = ["reasoning_content", "reasoning", "thinking"];

    /// <summary>Reasoning that the server has taken apart itself.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>The model that the answer names; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>The server's mark of what answers; null for none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The error that the server sent in place of an answer, or of the rest of a stream.</summary>
    public OpenAiError? Error { get; init; }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="FormatException">
    /// It deviates from the API; the message says where, and what was found.
    /// </exception>
    public static OpenAiReply Answer(ReadOnlyMemory<byte> json) => Read(json, "message");

    /// <summary>Reads a piece of a stream, which may be without choices, or a whole answer.</summary>
    /// <exception cref="FormatException">As above.</exception>
    public static OpenAiReply Piece(ReadOnlyMemory<byte> json) => Read(json, "delta");

    private static OpenAiReply Read(ReadOnlyMemory<byte> json, string part)
    {
        using var document = OpenAiJson.Parse(json);
        var root = document.RootElement;
        if (OpenAiError.In(root) is { } error)
            return new(0, "", null, null, [], null) { Error = error };
        OpenAiJson.MustBe(root, JsonValueKind.Object, "the answer");
        var usage = UsageOf(root);
        if (part == "delta" && OpenAiJson.Find(root, "choices") is null)
            return new(0, "", null, null, [], usage);
        var choices = OpenAiJson.Need(root, "choices", JsonValueKind.Array, "choices");
        if (FirstOf(choices, part) is not { } choice)
            return new(choices.GetArrayLength(), "", null, null, [], usage);
        if (OpenAiJson.Find(choice, "error") is { ValueKind: JsonValueKind.Object or JsonValueKind.String })
            return new(0, "", null, null, [], usage) { Error = OpenAiError.In(choice) };
        return Read(choice, part) with
        {
            Choices = choices.GetArrayLength(),
            Model = TextOf(root, "model"),
            Fingerprint = TextOf(root, "system_fingerprint"),
            Usage = usage,
            Finish = FinishOf(OpenAiJson.Text(choice, "finish_reason", "choices[0].finish_reason")),
            Tokens = TokensOf(choice),
        };
    }

    // What is of another kind is no reason to refuse an answer.
    private static string? TextOf(JsonElement root, string name) =>
        OpenAiJson.Find(root, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // In a stream, choices with another index are interleaved.
    private static JsonElement? FirstOf(JsonElement choices, string part)
    {
        foreach (var choice in choices.EnumerateArray())
        {
            OpenAiJson.MustBe(choice, JsonValueKind.Object, "choices[0]");
            if ((OpenAiJson.Count(choice, "index") ?? 0) == 0)
                return choice;
        }

        return part == "message" && choices.GetArrayLength() > 0 ? choices[0] : null;
    }

    private static OpenAiReply Read(JsonElement choice, string part)
    {
        OpenAiReply empty = new(1, "", null, null, [], null);
        if (part == "delta" && OpenAiJson.Find(choice, "delta") is null)
        {
            if (OpenAiJson.Find(choice, "message") is null)
                return empty;
            part = "message"; // a whole answer where a stream was requested
        }

        var path = $"choices[0].{part}";
        var message = OpenAiJson.Need(choice, part, JsonValueKind.Object, path);
        var (text, reasoning) = ContentOf(message, $"{path}.content");
        foreach (var name in ReasoningMembers)
        {
            if (reasoning.Length == 0 && OpenAiJson.Find(message, name) is { ValueKind: JsonValueKind.String } told)
                reasoning = told.GetString()!;
        }

        return empty with
        {
            Text = text,
            Reasoning = reasoning,
            Refusal = OpenAiJson.Text(message, "refusal", $"{path}.refusal"),
        };
    }

    // A text, or a list of parts, some of which may be reasoning.
    private static (string Text, string Reasoning) ContentOf(JsonElement message, string path)
    {
        if (OpenAiJson.Find(message, "content") is not { ValueKind: JsonValueKind.Array } parts)
            return (OpenAiJson.Text(message, "content", path) ?? "", "");
        StringBuilder text = new(),
            reasoning = new();
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
                text.Append(part.GetString());
            else if ((OpenAiJson.Find(part, "thinking") ?? OpenAiJson.Find(part, "reasoning")) is { } thought)
                AppendTexts(reasoning, thought, path);
            else if (
                OpenAiJson.Find(part, "type") is { ValueKind: JsonValueKind.String } type
                && type.GetString() is "thinking" or "reasoning"
            )
                reasoning.Append(OpenAiJson.Text(part, "text", $"{path}.text"));
            else
                text.Append(OpenAiJson.Text(part, "text", $"{path}.text"));
        }

        return (text.ToString(), reasoning.ToString());
    }

    private static void AppendTexts(StringBuilder into, JsonElement thought, string path)
    {
        if (thought.ValueKind == JsonValueKind.String)
            into.Append(thought.GetString());
        else if (thought.ValueKind == JsonValueKind.Array)
            foreach (var part in thought.EnumerateArray())
                into.Append(part.ValueKind == JsonValueKind.String ? part.GetString() : OpenAiJson.Text(part, "text", $"{path}.text"));
    }

    private static string? FinishOf(string? finish) =>
        finish?.ToLowerInvariant() switch
        {
            null or "" or "null" => null,
            "length" or "max_tokens" or "max_output_tokens" or "max_length" or "model_length" => "length",
            "content_filter" or "safety" or "recitation" or "blocklist" or "prohibited_content" => "content_filter",
            "error" or "abort" or "aborted" or "cancelled" or "insufficient_system_resource" => "error",
            _ => finish,
        };

    private static ImmutableArray<OpenAiToken> TokensOf(JsonElement choice)
    {
        if (
            OpenAiJson.Find(choice, "logprobs") is not { ValueKind: JsonValueKind.Object } logprobs
            || OpenAiJson.Find(logprobs, "content") is not { ValueKind: JsonValueKind.Array } content
        )
            return [];
        return
        [
            .. content
                .EnumerateArray()
                .Select(token => new OpenAiToken(
                    AlternativeOf(token),
                    OpenAiJson.Find(token, "top_logprobs") is { ValueKind: JsonValueKind.Array } top
                        ? [.. top.EnumerateArray().Select(AlternativeOf)]
                        : []
                )),
        ];
    }

    private static Alternative AlternativeOf(JsonElement token)
    {
        const string At = "choices[0].logprobs.content";
        OpenAiJson.MustBe(token, JsonValueKind.Object, At);
        return new(
            OpenAiJson.Text(token, "token", $"{At}.token") ?? "",
            OpenAiJson.Need(token, "logprob", JsonValueKind.Number, $"{At}.logprob").TryGetDouble(out var nats) ? nats : double.NaN
        );
    }

    private static UsageDetails? UsageOf(JsonElement root)
    {
        if (OpenAiJson.Find(root, "usage") is not { ValueKind: JsonValueKind.Object } usage)
            return null;
        return new()
        {
            InputTokenCount = OpenAiJson.Count(usage, "prompt_tokens"),
            OutputTokenCount = OpenAiJson.Count(usage, "completion_tokens"),
            TotalTokenCount = OpenAiJson.Count(usage, "total_tokens"),
            ReasoningTokenCount = OpenAiJson.Find(usage, "completion_tokens_details") is { } details
                ? OpenAiJson.Count(details, "reasoning_tokens")
                : null,
        };
    }
}
