using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>Reads the log-probabilities of given tokens from a server's answers.</summary>
internal static class ScoredTokens
{
    // vLLM's smallest log-probability, which stands for minus infinity.
    private const double Least = -9999;

    /// <summary>A token of the prompt. The first has no log-probability: NaN, and an id of -1 if it is not told.</summary>
    public readonly record struct Token(long Id, double Nats);

    /// <summary>The tokens of a chat.</summary>
    /// <param name="LeftOut">
    /// Indices of the messages for which the context had no room, as <c>aime serve</c> tells them; empty for none.
    /// </param>
    public sealed record Chat(ImmutableArray<Token> Tokens, ImmutableArray<int> LeftOut);

    /// <summary>An echoed text.</summary>
    /// <param name="Nats">ln p of each token; NaN for the first.</param>
    /// <param name="Offsets">Where each token begins, in code points; empty if the server does not tell.</param>
    public sealed record Echoed(ImmutableArray<double> Nats, ImmutableArray<int> Offsets);

    /// <summary>The <c>prompt_logprobs</c> of a chat; null if there are none.</summary>
    /// <exception cref="FormatException">They are not what vLLM describes; the message says where.</exception>
    public static Chat? OfPrompt(ReadOnlyMemory<byte> json)
    {
        using var document = OpenAiJson.Parse(json);
        OpenAiJson.MustBe(document.RootElement, JsonValueKind.Object, "the answer");
        if (OpenAiJson.Find(document.RootElement, "prompt_logprobs") is not { } list)
            return null;
        OpenAiJson.MustBe(list, JsonValueKind.Array, "prompt_logprobs");
        var tokens = ImmutableArray.CreateBuilder<Token>(list.GetArrayLength());
        foreach (var entry in list.EnumerateArray())
        {
            var path = $"prompt_logprobs[{tokens.Count}]";
            tokens.Add(tokens.Count == 0 && entry.ValueKind == JsonValueKind.Null ? new(-1, double.NaN) : Of(entry, path));
        }

        if (tokens.Count == 0)
            throw new FormatException("prompt_logprobs is an empty list");
        return new(tokens.DrainToImmutable(), LeftOutOf(document.RootElement));
    }

    private static ImmutableArray<int> LeftOutOf(JsonElement root) =>
        OpenAiJson.Find(root, "left_out") is not { ValueKind: JsonValueKind.Array } list
            ? []
            :
            [
                .. list.EnumerateArray()
                    .Select(e =>
                        e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var index) && index >= 0
                            ? index
                            : throw new FormatException("left_out is no list of messages' indices")
                    ),
            ];

    /// <summary>The usage that an answer reports; null if it reports none.</summary>
    /// <exception cref="FormatException">It is no JSON.</exception>
    public static TokenUse? UseIn(ReadOnlyMemory<byte> json)
    {
        using var document = OpenAiJson.Parse(json);
        return
            OpenAiJson.Find(document.RootElement, "usage") is { } usage
            && OpenAiJson.Count(usage, "prompt_tokens") is { } input
            && OpenAiJson.Count(usage, "completion_tokens") is { } output
            ? new TokenUse(input, output)
            : null;
    }

    /// <summary>The echoed prompt of a completion; null if it has no log-probabilities.</summary>
    /// <exception cref="FormatException">It is not what OpenAI's API describes; the message says where.</exception>
    public static Echoed? OfEcho(ReadOnlyMemory<byte> json)
    {
        using var document = OpenAiJson.Parse(json);
        OpenAiJson.MustBe(document.RootElement, JsonValueKind.Object, "the answer");
        var choices = OpenAiJson.Need(document.RootElement, "choices", JsonValueKind.Array, "choices");
        if (choices.GetArrayLength() == 0)
            throw new FormatException("choices is an empty list");
        var choice = choices[0];
        OpenAiJson.MustBe(choice, JsonValueKind.Object, "choices[0]");
        if (OpenAiJson.Find(choice, "logprobs") is not { } logprobs)
            return null;
        OpenAiJson.MustBe(logprobs, JsonValueKind.Object, "choices[0].logprobs");
        if (OpenAiJson.Find(logprobs, "token_logprobs") is not { } list)
            return null;
        const string At = "choices[0].logprobs.token_logprobs";
        OpenAiJson.MustBe(list, JsonValueKind.Array, At);
        var nats = ImmutableArray.CreateBuilder<double>(list.GetArrayLength());
        foreach (var entry in list.EnumerateArray())
            nats.Add(nats.Count == 0 && entry.ValueKind == JsonValueKind.Null ? double.NaN : Nats(entry, $"{At}[{nats.Count}]"));
        var offsets = OffsetsOf(logprobs);
        if (!offsets.IsEmpty && offsets.Length != nats.Count)
            throw new FormatException($"choices[0].logprobs has {nats.Count} log-probabilities and {offsets.Length} offsets");
        return new(nats.DrainToImmutable(), offsets);
    }

    /// <summary>The token ids of vLLM's <c>/tokenize</c>.</summary>
    /// <exception cref="FormatException">There are none.</exception>
    public static ImmutableArray<int> OfTokenizer(ReadOnlyMemory<byte> json)
    {
        using var document = OpenAiJson.Parse(json);
        OpenAiJson.MustBe(document.RootElement, JsonValueKind.Object, "the answer");
        var list = OpenAiJson.Need(document.RootElement, "tokens", JsonValueKind.Array, "tokens");
        var ids = ImmutableArray.CreateBuilder<int>(list.GetArrayLength());
        foreach (var entry in list.EnumerateArray())
        {
            OpenAiJson.MustBe(entry, JsonValueKind.Number, $"tokens[{ids.Count}]");
            ids.Add(entry.TryGetInt32(out var id) && id >= 0 ? id : throw new FormatException($"tokens[{ids.Count}] is no token id"));
        }

        return ids.DrainToImmutable();
    }

    // The token itself is the only member if no alternatives are requested, and else the first.
    private static Token Of(JsonElement entry, string path)
    {
        OpenAiJson.MustBe(entry, JsonValueKind.Object, path);
        foreach (var token in entry.EnumerateObject())
        {
            if (!long.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                throw new FormatException($"{path} has the member '{token.Name}', expected the id of a token");
            OpenAiJson.MustBe(token.Value, JsonValueKind.Object, $"{path}.{id}");
            return new(
                id,
                Nats(
                    OpenAiJson.Find(token.Value, "logprob") ?? throw new FormatException($"{path}.{id}.logprob is missing"),
                    $"{path}.{id}.logprob"
                )
            );
        }

        throw new FormatException($"{path} has no token");
    }

    private static double Nats(JsonElement entry, string path)
    {
        OpenAiJson.MustBe(entry, JsonValueKind.Number, path);
        if (!entry.TryGetDouble(out var nats) || nats is not (<= 0 and > double.NegativeInfinity))
            throw new FormatException($"{path} is {entry.GetRawText()}, expected a log-probability of 0 or less");
        return nats <= Least ? double.NegativeInfinity : nats;
    }

    private static ImmutableArray<int> OffsetsOf(JsonElement logprobs)
    {
        if (OpenAiJson.Find(logprobs, "text_offset") is not { ValueKind: JsonValueKind.Array } list)
            return [];
        var offsets = ImmutableArray.CreateBuilder<int>(list.GetArrayLength());
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Number || !entry.TryGetInt32(out var at) || at < 0)
                throw new FormatException($"choices[0].logprobs.text_offset[{offsets.Count}] is no place in the text");
            offsets.Add(at);
        }

        return offsets.DrainToImmutable();
    }
}
