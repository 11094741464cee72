using System.ClientModel.Primitives;
using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>
/// A hosted model behind the ecosystem's chat interface. Every outside failure is a <see cref="ProviderException"/>
/// with a message of one line.
/// </summary>
/// <param name="model">For calls whose options name none.</param>
public sealed class OpenAiChat(OpenAiServer server, string model) : IChatClient
{
    private const string Described = "its answer is not what OpenAI's API describes";

    /// <summary>The text that follows the messages.</summary>
    /// <remarks>
    /// Options: model id, temperature, top-p, output tokens, seed, stop sequences, a JSON schema,
    /// <see cref="Parts.AlternativesWanted"/>.
    /// </remarks>
    /// <exception cref="ProviderException">
    /// The server failed, did not answer in time, withheld the answer, or sent something other than an answer.
    /// </exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var (asked, name) = Asked(options);
        using var metered = await server.MeterAsync(OpenAiMetered.Of(messages, asked), cancellationToken);
        var answer = await server.ChatAsync(
            name,
            OpenAiRequest.Chat(name, messages, asked, server.Options, stream: false),
            metered,
            cancellationToken
        );
        var reply = Read(answer.ToMemory(), "message", name);
        metered.Used(UseOf(reply.Usage));
        if (reply.Choices == 0)
            throw server.Failure(name, "it answered with an empty list of choices");
        Check(reply, name, reply.Text, asked);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, reply.Text))
        {
            ModelId = name,
            FinishReason = FinishOf(reply.Finish),
            Usage = reply.Usage,
            AdditionalProperties = Measured(reply.Tokens),
        };
    }

    /// <summary>
    /// The text piece by piece as the server sends it; the last update has the finish reason, the usage and the
    /// log-probability.
    /// </summary>
    /// <exception cref="ProviderException">As above; or the stream is cut off, stalls, or is not a stream.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var (asked, name) = Asked(options);
        using var metered = await server.MeterAsync(OpenAiMetered.Of(messages, asked), cancellationToken);
        using var response = await server.StreamAsync(
            name,
            OpenAiRequest.Chat(name, messages, asked, server.Options, stream: true),
            metered,
            cancellationToken
        );
        await using var pieces = Pieces(response, name).GetAsyncEnumerator(cancellationToken);
        var (text, finish, usage, tokens) = (
            new StringBuilder(),
            (string?)null,
            (UsageDetails?)null,
            ImmutableArray.CreateBuilder<OpenAiToken>()
        );
        while (await NextAsync(pieces, name, cancellationToken) is { } piece)
        {
            if (piece == "[DONE]")
                break;
            var reply = Read(Encoding.UTF8.GetBytes(piece), "delta", name);
            (finish, usage) = (reply.Finish ?? finish, reply.Usage ?? usage);
            metered.Used(UseOf(usage));
            tokens.AddRange(reply.Tokens);
            text.Append(reply.Text);
            if (reply.Refusal is { Length: > 0 } refusal)
                throw server.Failure(name, $"the model refused to answer: {refusal}");
            if (reply.Text.Length > 0)
                yield return new ChatResponseUpdate(ChatRole.Assistant, reply.Text) { ModelId = name };
        }

        if (finish is null)
            throw server.Failure(name, "the stream was cut off before the answer had ended. Run the same command again");
        Check(new OpenAiReply(1, text.ToString(), null, finish, [], usage), name, text.ToString(), asked);
        yield return new ChatResponseUpdate(ChatRole.Assistant, usage is null ? [] : [new UsageContent(usage)])
        {
            ModelId = name,
            FinishReason = FinishOf(finish),
            AdditionalProperties = Measured(tokens.ToImmutable()),
        };
    }

    object? IChatClient.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is null && serviceType?.IsInstanceOfType(this) == true ? this : null;

    void IDisposable.Dispose()
    {
        // The owner disposes of the server.
    }

    private (ChatOptions Options, string Model) Asked(ChatOptions? options) =>
        options?.TopK is > 0
            ? throw server.Failure(model, "OpenAI's API has no top-k. Leave out top-k, and use top-p")
            : (options ?? new ChatOptions(), options?.ModelId ?? model);

    private OpenAiReply Read(ReadOnlyMemory<byte> json, string part, string name)
    {
        try
        {
            return OpenAiReply.Read(json, part);
        }
        catch (FormatException e)
        {
            throw server.Failure(name, $"{Described}: {e.Message}. Check that model.base-url is that of an OpenAI-compatible server");
        }
    }

    private void Check(OpenAiReply reply, string name, string text, ChatOptions asked)
    {
        if (reply.Finish == "content_filter")
            throw server.Failure(
                name,
                "the server withheld the answer (content filter). Another wording of the stimulus or charter may pass"
            );
        if (!string.IsNullOrWhiteSpace(text))
            return;
        if (reply.Refusal is { Length: > 0 } refusal)
            throw server.Failure(name, $"the model refused to answer: {refusal}");
        throw server.Failure(
            name,
            "the model returned an empty "
                + "answer"
                + (
                    reply.Finish == "length" && asked.MaxOutputTokens is { } most
                        ? $": its {most} tokens were used up before any text. Raise max-tokens"
                        : ""
                ),
            nothingSaid: true
        );
    }

    private async IAsyncEnumerable<string> Pieces(
        PipelineResponse response,
        string name,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var kind = response.Headers.TryGetValue("Content-Type", out var type) ? type! : "nothing";
        if (!kind.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
            throw server.Failure(name, $"a stream was requested, but it returned {kind}. Check that the server can stream");
        await foreach (var item in SseParser.Create(response.ContentStream!).EnumerateAsync(cancellationToken))
            yield return item.Data;
    }

    private async Task<string?> NextAsync(IAsyncEnumerator<string> pieces, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await pieces.MoveNextAsync() ? pieces.Current : null;
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            throw server.Translate(e, name, cancellationToken);
        }
    }

    private static TokenUse? UseOf(UsageDetails? usage) =>
        usage is { InputTokenCount: { } input, OutputTokenCount: { } output } ? new TokenUse(input, output) : null;

    // Finish reasons that the API does not define, such as eos, also count as stop.
    private static ChatFinishReason FinishOf(string? finish) => finish == "length" ? ChatFinishReason.Length : ChatFinishReason.Stop;

    private static AdditionalPropertiesDictionary? Measured(ImmutableArray<OpenAiToken> tokens)
    {
        if (tokens.IsEmpty)
            return null;
        var nats = 0.0;
        foreach (var token in tokens)
            nats += token.Sampled.Nats <= 0 ? token.Sampled.Nats : double.NaN;
        AdditionalPropertiesDictionary measured = new() { [Parts.Nats] = nats };
        if (tokens.FirstOrDefault(t => !string.IsNullOrWhiteSpace(t.Sampled.Text)) is { Others.IsDefaultOrEmpty: false } first)
            measured[Parts.Alternatives] = first.Others;
        return measured;
    }
}
