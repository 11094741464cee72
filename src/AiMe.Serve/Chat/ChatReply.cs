using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiMe.Nano;
using AiMe.Serve.Http;
using AiMe.Serve.Models;

namespace AiMe.Serve.Chat;

/// <summary>Answers of chat completions as JSON.</summary>
/// <param name="Prompt">Tokens of the prompt.</param>
internal sealed record ChatReply(string Id, ServedModel Model, string Named, long Created, int Prompt)
{
    /// <summary>A whole answer.</summary>
    public void Write(
        Utf8JsonWriter json,
        IReadOnlyList<GeneratedChoice> choices,
        bool hasProbabilities,
        RankedToken[]? ranked,
        ImmutableArray<int> leftOut
    )
    {
        Head(json, "chat.completion");
        json.WriteStartArray("choices");
        for (var i = 0; i < choices.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", i);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", choices[i].Text);
            json.WriteNull("refusal");
            json.WriteEndObject();
            Probabilities(json, choices[i].Pieces, hasProbabilities);
            json.WriteString("finish_reason", choices[i].Finish);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Usage(json, Prompt, choices.Sum(c => c.Drawn));
        if (ranked is not null)
            PromptProbabilities(json, ranked);
        if (leftOut.IsEmpty)
            return;
        json.WriteStartArray("left_out");
        foreach (var index in leftOut)
            json.WriteNumberValue(index);
        json.WriteEndArray();
    }

    /// <summary>A chunk of a stream.</summary>
    /// <param name="finish">Why the choice ended; null before its end.</param>
    /// <param name="isFirst">Whether it has the role.</param>
    public byte[] Chunk(
        int choice,
        ImmutableArray<AnswerPiece> pieces,
        bool hasProbabilities,
        string? finish,
        bool isFirst,
        bool hasUsage
    ) =>
        JsonBody.Of(json =>
        {
            Head(json, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", choice);
            json.WriteStartObject("delta");
            if (isFirst)
                json.WriteString("role", "assistant");
            if (finish is null)
                json.WriteString("content", string.Concat(pieces.Select(p => p.Text)));
            json.WriteEndObject();
            Probabilities(json, pieces, hasProbabilities && finish is null);
            JsonBody.Text(json, "finish_reason", finish);
            json.WriteEndObject();
            json.WriteEndArray();
            if (hasUsage)
                json.WriteNull("usage");
        });

    /// <summary>The last chunk of a stream that has its usage.</summary>
    public byte[] UsageChunk(int drawn) =>
        JsonBody.Of(json =>
        {
            Head(json, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteEndArray();
            Usage(json, Prompt, drawn);
        });

    /// <summary>The member <c>usage</c>.</summary>
    public static void Usage(Utf8JsonWriter json, int prompt, int drawn)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", drawn);
        json.WriteNumber("total_tokens", prompt + drawn);
        json.WriteEndObject();
    }

    private void Head(Utf8JsonWriter json, string kind)
    {
        json.WriteString("id", Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", Created);
        json.WriteString("model", Named);
        json.WriteString("system_fingerprint", Model.Fingerprint);
    }

    private void Probabilities(Utf8JsonWriter json, ImmutableArray<AnswerPiece> pieces, bool wanted)
    {
        if (!wanted)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var piece in pieces)
        {
            json.WriteStartObject();
            Token(json, piece.Text, piece.Bytes, piece.Drawn.LogProbability);
            json.WriteStartArray("top_logprobs");
            foreach (var likely in piece.Drawn.Likeliest)
            {
                json.WriteStartObject();
                var bytes = Model.Family.BytesOf(likely.Token);
                Token(json, Encoding.UTF8.GetString(bytes), bytes, likely.LogProbability);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void Token(Utf8JsonWriter json, string text, byte[] bytes, double logProbability)
    {
        json.WriteString("token", text);
        json.WriteNumber("logprob", logProbability);
        json.WriteStartArray("bytes");
        foreach (var b in bytes)
            json.WriteNumberValue(b);
        json.WriteEndArray();
    }

    // As vLLM gives them: one entry a token, the first null; the token itself comes first.
    private void PromptProbabilities(Utf8JsonWriter json, RankedToken[] ranked)
    {
        json.WriteStartArray("prompt_logprobs");
        json.WriteNullValue();
        foreach (var token in ranked)
        {
            json.WriteStartObject();
            Entry(token.Token, token.LogProbability, token.Rank);
            for (var i = 0; i < token.Likeliest.Count; i++)
            {
                if (token.Likeliest[i].Token != token.Token)
                    Entry(token.Likeliest[i].Token, token.Likeliest[i].LogProbability, i + 1);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();

        void Entry(int token, double logProbability, int rank)
        {
            json.WriteStartObject(token.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("logprob", logProbability);
            json.WriteNumber("rank", rank);
            json.WriteString("decoded_token", Encoding.UTF8.GetString(Model.Family.BytesOf(token)));
            json.WriteEndObject();
        }
    }
}
