using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>
/// A server that scores given text, whose tokens are words: a word's id follows from its letters, and ln p is minus their number.
/// </summary>
public static class WordScores
{
    public static Task AnswerAsync(HttpContext context, Asked asked)
    {
        var json = asked.Json;
        if (asked.Path == "/v1/completions" && json.GetProperty("prompt") is { ValueKind: JsonValueKind.Array } ids)
            return OpenAiStub.JsonAsync(context, Echo(ids.EnumerateArray().Select(i => (-i.GetInt32() / 1000, 0))));
        if (asked.Path == "/v1/completions")
            return OpenAiStub.JsonAsync(context, Echo(Pieces(json.GetProperty("prompt").GetString()!)));
        var text = string.Join(' ', json.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()));
        return OpenAiStub.JsonAsync(
            context,
            asked.Path == "/tokenize" ? $$"""{"count":1,"tokens":[{{string.Join(',', Words(text).Select(IdOf))}}]}""" : Prompted(text)
        );
    }

    public static string Prompted(string text) =>
        $"{{\"prompt_logprobs\":[{string.Join(',', Words($"begin {text}").Select((w, i) => i == 0 ? "null" : Entry(w)))}]}}";

    private static string Entry(string word) => $"{{\"{IdOf(word)}\":{{\"logprob\":{-word.Length},\"rank\":1,\"decoded_token\":\"w\"}}}}";

    private static string Echo(IEnumerable<(int Nats, int At)> tokens)
    {
        var nats = tokens.Select((t, i) => i == 0 ? "null" : t.Nats.ToString(CultureInfo.InvariantCulture));
        return $"{{\"choices\":[{{\"text\":\"\",\"logprobs\":{{\"token_logprobs\":[{string.Join(',', nats)}],"
            + $"\"text_offset\":[{string.Join(',', tokens.Select(t => t.At))}]}}}}]}}";
    }

    private static string[] Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    // A blank or a line break begins a token.
    private static List<(int Nats, int At)> Pieces(string text)
    {
        List<(int, int)> pieces = [];
        var from = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] != ' ' && text[i - 1] != '\n')
                continue;
            pieces.Add((from - i, from));
            from = i;
        }

        return pieces;
    }

    private static int IdOf(string word) => word.Length * 1000 + word.Sum(c => c) % 1000;
}
