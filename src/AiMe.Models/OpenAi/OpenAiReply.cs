using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>One answer of a server, or one piece of a stream.</summary>
/// <param name="Choices">Number of choices; the first is read.</param>
/// <param name="Finish">Null if it is not given, or the stream has not ended.</param>
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
    /// <summary>Reads an answer.</summary>
    /// <param name="part"><c>message</c>, or <c>delta</c> in a stream.</param>
    /// <exception cref="FormatException">
    /// It deviates from the API; the message says where, and what was found.
    /// </exception>
    public static OpenAiReply Read(ReadOnlyMemory<byte> json, string part)
    {
        using var document = OpenAiJson.Parse(json);
        var root = document.RootElement;
        OpenAiJson.MustBe(root, JsonValueKind.Object, "the answer");
        if (OpenAiJson.Find(root, "error") is { } error)
            throw new FormatException(
                $"it is an error: {(error.ValueKind == JsonValueKind.Object ? OpenAiJson.Find(error, "message") ?? error : error)}"
            );
        var choices = OpenAiJson.Need(root, "choices", JsonValueKind.Array, "choices");
        var usage = UsageOf(root);
        if (choices.GetArrayLength() == 0)
            return new(0, "", null, null, [], usage);
        var choice = choices[0];
        OpenAiJson.MustBe(choice, JsonValueKind.Object, "choices[0]");
        var message = OpenAiJson.Need(choice, part, JsonValueKind.Object, $"choices[0].{part}");
        return new(
            choices.GetArrayLength(),
            OpenAiJson.Text(message, "content", $"choices[0].{part}.content") ?? "",
            OpenAiJson.Text(message, "refusal", $"choices[0].{part}.refusal"),
            OpenAiJson.Text(choice, "finish_reason", "choices[0].finish_reason"),
            TokensOf(choice),
            usage
        );
    }

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
            OpenAiJson.Need(token, "logprob", JsonValueKind.Number, $"{At}.logprob").GetDouble()
        );
    }

    private static UsageDetails? UsageOf(JsonElement root) =>
        OpenAiJson.Find(root, "usage") is not { ValueKind: JsonValueKind.Object } usage
            ? null
            : new()
            {
                InputTokenCount = OpenAiJson.Count(usage, "prompt_tokens"),
                OutputTokenCount = OpenAiJson.Count(usage, "completion_tokens"),
                TotalTokenCount = OpenAiJson.Count(usage, "total_tokens"),
            };
}

/// <summary>A sampled token and its alternatives, most likely first.</summary>
internal readonly record struct OpenAiToken(Alternative Sampled, ImmutableArray<Alternative> Others);
