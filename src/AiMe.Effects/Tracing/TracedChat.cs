using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AiMe.Effects.Tracing;

/// <summary>Reports each call to a model, if somebody listens.</summary>
internal sealed class TracedChat(IChatClient inner) : DelegatingChatClient(inner)
{
    private readonly ModelEndpoint _endpoint = ModelEndpoint.Of(inner);

    // A model in this process continues a text; a hosted one is talked to.
    private string Operation => _endpoint.Address is null ? "text_completion" : "chat";

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        ModelCall.IsHeard
            ? ReportedAsync(messages, options, cancellationToken)
            : base.GetResponseAsync(messages, options, cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        ModelCall.IsHeard
            ? ReportedStreamAsync(messages, options, cancellationToken)
            : base.GetStreamingResponseAsync(messages, options, cancellationToken);

    private async Task<ChatResponse> ReportedAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken cancellationToken
    )
    {
        using var call = Begin(messages, options, streams: false);
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            End(call, response);
            return response;
        }
        catch (Exception e)
        {
            call.Failed(e);
            throw;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReportedStreamAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var call = Begin(messages, options, streams: true);
        List<ChatResponseUpdate> updates = [];
        await using var stream = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await stream.MoveNextAsync())
                    break;
            }
            catch (Exception e)
            {
                call.Failed(e);
                throw;
            }

            updates.Add(stream.Current);
            yield return stream.Current;
        }

        End(call, updates.ToChatResponse());
    }

    private ModelCall Begin(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streams)
    {
        var call = ModelCall.Begin(_endpoint, Operation, options?.ModelId);
        call.Span?.SetTag("gen_ai.request.temperature", options?.Temperature)
            .SetTag("gen_ai.request.top_k", options?.TopK)
            .SetTag("gen_ai.request.top_p", options?.TopP)
            .SetTag("gen_ai.request.max_tokens", options?.MaxOutputTokens)
            .SetTag("gen_ai.request.seed", options?.Seed);
        if (streams)
            call.Span?.SetTag("gen_ai.request.stream", value: true);
        if (MessageContent.IsWanted)
            call.Span?.SetTag("gen_ai.input.messages", MessageContent.Json(messages, finish: null));
        return call;
    }

    private static void End(ModelCall call, ChatResponse response)
    {
        call.Answered(response.ModelId, response.Usage);
        if (response.FinishReason is { } finish)
            call.Span?.SetTag("gen_ai.response.finish_reasons", new[] { finish.Value });
        if (response.ResponseId is { } id)
            call.Span?.SetTag("gen_ai.response.id", id);
        if (MessageContent.IsWanted)
            call.Span?.SetTag("gen_ai.output.messages", MessageContent.Json(response.Messages, response.FinishReason?.Value));
    }
}
