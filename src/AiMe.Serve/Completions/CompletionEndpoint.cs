using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using AiMe.Nano;
using AiMe.Serve.Chat;
using AiMe.Serve.Http;
using AiMe.Serve.Models;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Completions;

/// <summary><c>POST /v1/completions</c>.</summary>
internal sealed class CompletionEndpoint(ModelCatalog models, WorkGate gate, TimeProvider time)
{
    /// <summary>What all chunks of an answer have.</summary>
    private sealed record ReplyHead(string Id, long Created, ServedModel Model, string Named);

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = CompletionRequest.Read(await JsonBody.ReadAsync(context));
        var model = await models.NeedAsync(request.Model, context.RequestAborted);
        using var turn = await gate.EnterAsync(context.RequestAborted);
        var loaded = await model.Family.ModelAsync(model.Checkpoint, context.RequestAborted);
        var prompts = request.Prompts(model.Family, loaded.Config.Vocabulary);
        var head = new ReplyHead(RandomId.New("cmpl-"), time.GetUtcNow().ToUnixTimeSeconds(), model, request.Model);
        if (request.IsStream)
        {
            await StreamAsync(context, request, loaded, prompts, head);
            return;
        }

        var texts = await Task.Run(
            () =>
                prompts.SelectMany(p => CompletionText.Of(model.Family, loaded, p, request, give: null, context.RequestAborted)).ToArray(),
            context.RequestAborted
        );
        await JsonBody.WriteAsync(context, json =>
        {
            Head(json, head);
            json.WriteStartArray("choices");
            for (var i = 0; i < texts.Length; i++)
                Choice(json, head, i, texts[i].Text, texts[i].Pieces, request.Likeliest, texts[i].Generated.Finish);
            json.WriteEndArray();
            ChatReply.Usage(json, prompts.Sum(p => p.Length), texts.Sum(t => t.Generated.Drawn));
        });
    }

    private static async Task StreamAsync(
        HttpContext context,
        CompletionRequest request,
        Model model,
        ImmutableArray<ImmutableArray<int>> prompts,
        ReplyHead head
    )
    {
        var chunks = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        var cancelled = context.RequestAborted;
        var work = Task.Run(Generate, CancellationToken.None);
        await ServerSentEvents.WriteAsync(context, chunks.Reader);
        await work;

        void Generate()
        {
            try
            {
                var (first, drawn) = (0, 0);
                foreach (var prompt in prompts)
                {
                    var from = first;
                    var texts = CompletionText.Of(
                        head.Model.Family,
                        model,
                        prompt,
                        request,
                        (i, pieces) => Chunk(from + i, pieces, finish: null),
                        cancelled
                    );
                    for (var i = 0; i < texts.Length; i++)
                        Chunk(from + i, [], texts[i].Generated.Finish);
                    first += texts.Length;
                    drawn += texts.Sum(t => t.Generated.Drawn);
                }

                if (request.HasUsage)
                    chunks.Writer.TryWrite(
                        JsonBody.Of(json =>
                        {
                            Head(json, head);
                            json.WriteStartArray("choices");
                            json.WriteEndArray();
                            ChatReply.Usage(json, prompts.Sum(p => p.Length), drawn);
                        })
                    );
                chunks.Writer.TryComplete();
            }
            catch (Exception e)
            {
                chunks.Writer.TryComplete(e);
            }
        }

        void Chunk(int index, ImmutableArray<AnswerPiece> pieces, string? finish) =>
            chunks.Writer.TryWrite(
                JsonBody.Of(json =>
                {
                    Head(json, head);
                    json.WriteStartArray("choices");
                    Choice(json, head, index, string.Concat(pieces.Select(p => p.Text)), pieces, request.Likeliest, finish);
                    json.WriteEndArray();
                })
            );
    }

    private static void Head(Utf8JsonWriter json, ReplyHead head)
    {
        json.WriteString("id", head.Id);
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", head.Created);
        json.WriteString("model", head.Named);
        json.WriteString("system_fingerprint", head.Model.Fingerprint);
    }

    private static void Choice(
        Utf8JsonWriter json,
        ReplyHead head,
        int index,
        string text,
        IEnumerable<AnswerPiece> pieces,
        int? likeliest,
        string? finish
    )
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteNumber("index", index);
        if (likeliest is { } k)
            Probabilities(json, head, [.. pieces], k);
        else
            json.WriteNull("logprobs");
        JsonBody.Text(json, "finish_reason", finish);
        json.WriteEndObject();
    }

    private static void Probabilities(Utf8JsonWriter json, ReplyHead head, AnswerPiece[] pieces, int likeliest)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("tokens");
        foreach (var piece in pieces)
            json.WriteStringValue(piece.Text);
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var piece in pieces)
            Number(json, piece.Drawn.LogProbability);
        json.WriteEndArray();
        if (likeliest == 0)
            json.WriteNull("top_logprobs");
        else
            Alternatives(json, head, pieces);
        json.WriteStartArray("text_offset");
        var offset = 0;
        foreach (var piece in pieces)
        {
            json.WriteNumberValue(offset);
            offset += piece.Text.Length;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Alternatives(Utf8JsonWriter json, ReplyHead head, AnswerPiece[] pieces)
    {
        json.WriteStartArray("top_logprobs");
        foreach (var piece in pieces)
        {
            if (double.IsNaN(piece.Drawn.LogProbability))
            {
                json.WriteNullValue();
                continue;
            }

            json.WriteStartObject();
            // Several tokens may have one text, such as parts of characters: the likeliest keeps it.
            HashSet<string> told = new(StringComparer.Ordinal);
            foreach (var likely in piece.Drawn.Likeliest)
            {
                if (Encoding.UTF8.GetString(head.Model.Family.BytesOf(likely.Token)) is var text && told.Add(text))
                    json.WriteNumber(text, likely.LogProbability);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, double number)
    {
        if (double.IsNaN(number))
            json.WriteNullValue();
        else
            json.WriteNumberValue(number);
    }
}
