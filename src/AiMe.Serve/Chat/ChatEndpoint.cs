using System.Collections.Immutable;
using System.Threading.Channels;
using AiMe.Models;
using AiMe.Nano;
using AiMe.Serve.Http;
using AiMe.Serve.Models;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(ModelCatalog models, WorkGate gate, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = ChatRequest.Read(await JsonBody.ReadAsync(context));
        var model = await models.NeedAsync(request.Model, context.RequestAborted);
        var (prompt, leftOut) = Prompt(model.Family, request.Chat, request.IsContinued, request.Text.Most);
        Fits(model.Family, prompt);
        using var turn = await gate.EnterAsync(context.RequestAborted);
        var reply = new ChatReply(RandomId.New("chatcmpl-"), model, request.Model, time.GetUtcNow().ToUnixTimeSeconds(), prompt.Length);
        var loaded = await model.Family.ModelAsync(model.Checkpoint, context.RequestAborted);
        if (request.IsStream)
        {
            await StreamAsync(context, request, model.Family, loaded, prompt, reply);
            return;
        }

        var (choices, ranked) = await Task.Run(
            () =>
            {
                var (scored, prefix) = Read(loaded, prompt, request.PromptLikeliest);
                return (
                    Enumerable
                        .Range(0, request.Text.Choices)
                        .Select(i =>
                            TextGeneration.Run(
                                model.Family,
                                loaded,
                                prefix,
                                request.Text,
                                i,
                                request.Likeliest ?? 0,
                                give: null,
                                context.RequestAborted
                            )
                        )
                        .ToArray(),
                    scored
                );
            },
            context.RequestAborted
        );
        await JsonBody.WriteAsync(context, json => reply.Write(json, choices, request.Likeliest is not null, ranked, leftOut));
    }

    /// <summary>The tokens of a chat, with the text of a last message that is continued.</summary>
    public static ChatTokens Prompt(IServedFamily family, RequestMessages chat, bool isContinued, int most)
    {
        if (!isContinued)
            return family.Chat(chat.Messages, chat.Task, most);
        // As the scorer of the same process does it: room for the continuation, and its tokens after the prompt.
        var text = family.Continuation(chat.Messages[^1].Text);
        var before = family.Chat(chat.Messages.RemoveAt(chat.Messages.Length - 1), chat.Task, text.Length);
        return before with { Tokens = [.. before.Tokens, .. text] };
    }

    /// <summary>Refuses a prompt that is longer than the context.</summary>
    public static void Fits(IServedFamily family, ImmutableArray<int> prompt)
    {
        if (prompt.Length > family.Context)
            throw ApiException.Invalid(
                $"This model's maximum context length is {family.Context} tokens. However, your prompt has {prompt.Length} tokens.",
                "messages",
                "context_length_exceeded"
            );
    }

    // The prompt is read once, for its score and to be continued.
    private static (RankedToken[]? Scored, Prefix Read) Read(Model model, ImmutableArray<int> prompt, int? likeliest)
    {
        if (likeliest is not { } k)
            return (null, model.Prefill(prompt.AsSpan()));
        var scored = model.Ranked(prompt.AsSpan(), k, out var prefix);
        return (scored, prefix);
    }

    private static async Task StreamAsync(
        HttpContext context,
        ChatRequest request,
        IServedFamily family,
        Model model,
        ImmutableArray<int> prompt,
        ChatReply reply
    )
    {
        var chunks = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        var (cancelled, wanted) = (context.RequestAborted, request.Likeliest is not null);
        var work = Task.Run(Generate, CancellationToken.None);
        await ServerSentEvents.WriteAsync(context, chunks.Reader);
        await work;

        void Generate()
        {
            try
            {
                var (prefix, drawn) = (model.Prefill(prompt.AsSpan()), 0);
                for (var i = 0; i < request.Text.Choices; i++)
                {
                    var choice = i;
                    chunks.Writer.TryWrite(reply.Chunk(choice, [], wanted, finish: null, isFirst: true, request.HasUsage));
                    var generated = TextGeneration.Run(
                        family,
                        model,
                        prefix,
                        request.Text,
                        choice,
                        request.Likeliest ?? 0,
                        pieces => chunks.Writer.TryWrite(reply.Chunk(choice, pieces, wanted, null, isFirst: false, request.HasUsage)),
                        cancelled
                    );
                    drawn += generated.Drawn;
                    chunks.Writer.TryWrite(reply.Chunk(choice, [], wanted, generated.Finish, isFirst: false, request.HasUsage));
                }

                if (request.HasUsage)
                    chunks.Writer.TryWrite(reply.UsageChunk(drawn));
                chunks.Writer.TryComplete();
            }
            catch (Exception e)
            {
                chunks.Writer.TryComplete(e);
            }
        }
    }
}
