using System.Collections.Concurrent;
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
    private const string Described = "its answer is not what OpenAI's API describes",
        MarkAdvice = "It is known now, and the next attempt takes it apart; to say so beforehand, set model.reasoning: {close: ...}";

    private readonly ConcurrentDictionary<string, ReasoningHabit> _habits = new(StringComparer.Ordinal);

    /// <summary>
    /// The text that follows the messages. The model's reasoning is a <see cref="TextReasoningContent"/> beside it.
    /// </summary>
    /// <remarks>
    /// Options: model id, temperature, top-p, output tokens, seed, stop sequences, a JSON schema,
    /// <see cref="Parts.AlternativesWanted"/>.
    /// </remarks>
    /// <exception cref="ProviderException">
    /// The server failed, did not answer in time, withheld the answer, or sent something other than an answer; or the
    /// limit of tokens was used up before an answer.
    /// </exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var (asked, name) = Asked(options);
        using var metered = await server.MeterAsync(OpenAiMetered.Of(messages, asked), cancellationToken);
        var json = await server.ChatAsync(
            name,
            dialect => OpenAiRequest.Chat(name, messages, asked, dialect, stream: false),
            metered,
            cancellationToken
        );
        var reply = Read(() => OpenAiReply.Answer(json.ToMemory()), name);
        metered.Used(UseOf(reply.Usage));
        if (reply.Error is { } error)
            throw server.Failure(name, error);
        if (reply.Choices == 0)
            throw server.Failure(name, "it answered with an empty list of choices");
        OpenAiAnswer answer = new(server.Options.Reasoning, HabitOf(name));
        answer.Add(reply);
        var finished = Finished(answer, name, asked);
        await server.Identities.SeenAsync(name, answer.Model, answer.Fingerprint, cancellationToken);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. Reasoning(finished), new TextContent(finished.Text)]))
        {
            ModelId = name,
            FinishReason = FinishOf(reply.Finish),
            Usage = reply.Usage,
            AdditionalProperties = finished.Measured,
        };
    }

    /// <summary>
    /// The text of the answer piece by piece as the server sends it; the last update has the reasoning, the finish
    /// reason, the usage and the log-probability.
    /// </summary>
    /// <remarks>
    /// Until one answer of the model has been read to its end, an answer is handed on at its end: only then is it known
    /// whether the chat template writes the opening mark of the reasoning, so that a text without it may be reasoning.
    /// </remarks>
    /// <exception cref="ProviderException">As above; or the stream is cut off, stalls, or is not a stream.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var (asked, name) = Asked(options);
        using var metered = await server.MeterAsync(OpenAiMetered.Of(messages, asked), cancellationToken);
        await using var stream = await server.StreamAsync(
            name,
            dialect => OpenAiRequest.Chat(name, messages, asked, dialect, stream: true),
            metered,
            cancellationToken
        );
        OpenAiAnswer answer = new(server.Options.Reasoning, HabitOf(name));
        StringBuilder told = new();
        while (await NextAsync(stream, answer, name, cancellationToken) is { } piece)
        {
            if (piece == OpenAiStream.Done)
            {
                answer.EndWithoutReason();
                break;
            }

            Add(answer, piece, name);
            metered.Used(UseOf(answer.Usage));
            if (answer.Next() is { Length: > 0 } next)
            {
                told.Append(next);
                yield return new ChatResponseUpdate(ChatRole.Assistant, next) { ModelId = name };
            }
        }

        if (answer is { Finish: null, Refusal: "" })
            throw server.Failure(name, "the stream was cut off before the answer had ended. Run the same command again");
        var finished = Finished(answer, name, asked);
        if (!finished.Text.StartsWith(told.ToString(), StringComparison.Ordinal))
            throw server.Failure(name, $"its answer began with reasoning, of which only the end is marked. {MarkAdvice}");
        await server.Identities.SeenAsync(name, answer.Model, answer.Fingerprint, cancellationToken);
        if (finished.Text.Length > told.Length)
            yield return new ChatResponseUpdate(ChatRole.Assistant, finished.Text[told.Length..]) { ModelId = name };
        yield return new ChatResponseUpdate(
            ChatRole.Assistant,
            [.. Reasoning(finished), .. answer.Usage is { } usage ? (AIContent[])[new UsageContent(usage)] : []]
        )
        {
            ModelId = name,
            FinishReason = FinishOf(answer.Finish),
            AdditionalProperties = finished.Measured,
        };
    }

    object? IChatClient.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", server.Options.BaseUrl, model)
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    void IDisposable.Dispose()
    {
        // The owner disposes of the server.
    }

    private (ChatOptions Options, string Model) Asked(ChatOptions? options) =>
        options?.TopK is > 0
            ? throw server.Failure(model, "OpenAI's API has no top-k. Leave out top-k, and use top-p")
            : (options ?? new ChatOptions(), options?.ModelId ?? model);

    private OpenAiReply Read(Func<OpenAiReply> read, string name)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw server.Failure(name, $"{Described}: {e.Message}. Check that model.base-url is that of an OpenAI-compatible server");
        }
    }

    private void Add(OpenAiAnswer answer, string piece, string name)
    {
        var reply = Read(() => OpenAiReply.Piece(Encoding.UTF8.GetBytes(piece)), name);
        if (reply.Error is { } error)
            throw server.Failure(name, error);
        answer.Add(reply);
    }

    // Checks that there is an answer, and remembers how the model marks its reasoning.
    private FinishedAnswer Finished(OpenAiAnswer answer, string name, ChatOptions asked)
    {
        var finished = answer.Ended();
        _habits.AddOrUpdate(
            name,
            static (_, now) => now.Finished.HabitAfter(ReasoningHabit.Unknown, now.Cut),
            static (_, before, now) => now.Finished.HabitAfter(before, now.Cut),
            (Finished: finished, Cut: answer.Finish == "length")
        );
        if (answer.Finish == "content_filter")
            throw server.Withheld(
                name,
                "the server withheld the answer (content filter). Another wording of the stimulus or charter may pass"
            );
        if (answer.Finish == "error")
            throw server.Failure(name, "the server broke off the answer. Run the same command again");
        if (answer.Refusal.Length > 0)
            throw server.Withheld(name, $"the model refused to answer: {answer.Refusal}");
        return string.IsNullOrWhiteSpace(finished.Text) && !answer.IsEndedByModel ? throw Empty(finished, answer, name, asked) : finished;
    }

    // Blanks up to the limit are an empty answer. No text at all up to the limit is reasoning that the server hides.
    private ProviderException Empty(FinishedAnswer finished, OpenAiAnswer answer, string name, ChatOptions asked)
    {
        if (answer.Finish is "tool_calls" or "function_call")
            return server.Failure(name, "the model called a tool, of which it was offered none, and gave no text", nothingSaid: true);
        if (answer.Finish != "length")
            return server.Failure(name, "the model returned an empty answer, and no reason why it ended", nothingSaid: true);
        var most = asked.MaxOutputTokens is { } limit ? $"its {limit} tokens" : "its tokens";
        var what =
            $"the model returned an empty answer (finish_reason length): {most} were used up "
            + (finished.Reasoned ? "by its reasoning, before any text" : "before any text")
            + $". Raise {KeyOf(asked)}";
        return finished.Reasoned || !answer.HasText ? server.CutOff(name, what) : server.Failure(name, what, nothingSaid: true);
    }

    private ReasoningHabit HabitOf(string name) => _habits.GetValueOrDefault(name, ReasoningHabit.Unknown);

    private async Task<string?> NextAsync(OpenAiStream stream, OpenAiAnswer answer, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.NextAsync();
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            if (answer.Finish is not null && !cancellationToken.IsCancellationRequested)
                return null; // the answer has ended; only the end of the stream is missing
            throw server.Translate(e, name, cancellationToken);
        }
    }

    private static string KeyOf(ChatOptions asked) =>
        asked.AdditionalProperties?.GetValueOrDefault(Parts.Task) switch
        {
            TextTask.Answer => "generate.max-tokens",
            TextTask.Reflection or TextTask.Insight => "reflect.max-tokens",
            _ => "max-tokens",
        };

    private static AIContent[] Reasoning(FinishedAnswer finished) =>
        finished.Reasoning.Length > 0 ? [new TextReasoningContent(finished.Reasoning)] : [];

    private static TokenUse? UseOf(UsageDetails? usage) =>
        usage is { InputTokenCount: { } input, OutputTokenCount: { } output } ? new TokenUse(input, output) : null;

    // Finish reasons that the API does not define, such as eos, also count as stop.
    private static ChatFinishReason FinishOf(string? finish) => finish == "length" ? ChatFinishReason.Length : ChatFinishReason.Stop;
}
