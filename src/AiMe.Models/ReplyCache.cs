using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>
/// Keeps replies on disk until the effect that requested them has ended, so that interrupted work that is repeated does
/// not pay twice.
/// </summary>
/// <param name="folder">Holds the replies; created with the first one.</param>
/// <remarks>
/// A reply is found by the whole request, its seed included. Streamed answers are not kept, because their pieces have
/// been shown. If the folder cannot be written or a file in it is damaged, nothing is kept, and no work fails because
/// of it.
/// </remarks>
public sealed class ReplyCache(IChatClient inner, string folder) : DelegatingChatClient(inner)
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Asking = new();

    /// <summary>
    /// Does a piece of work, and then deletes its replies. If it throws or has to be repeated, they are kept.
    /// </summary>
    /// <param name="cameToNothing">Whether the same work will be repeated.</param>
    public static async Task<T> UntilDoneAsync<T>(Func<Task<T>> work, Func<T, bool> cameToNothing)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(cameToNothing);
        ConcurrentQueue<string> files = [];
        Asking.Value = files; // visible only to calls made from here
        var done = await work();
        foreach (var file in cameToNothing(done) ? [] : files)
            Try(() => File.Delete(file));
        return done;
    }

    /// <summary>Deletes all replies in a folder.</summary>
    public static void Forget(string folder)
    {
        if (Directory.Exists(folder))
            Try(() => Directory.Delete(folder, recursive: true));
    }

    /// <inheritdoc />
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        if (Asking.Value is not { } files)
            return await base.GetResponseAsync(messages, options, cancellationToken);
        var asked = messages.ToList();
        var file = Path.Combine(folder, $"{KeyOf(asked, options ?? new())}.json");
        var response = await FindAsync(file, cancellationToken);
        if (response is null)
        {
            response = await base.GetResponseAsync(asked, options, cancellationToken);
            await KeepAsync(file, response);
        }

        files.Enqueue(file);
        return response;
    }

    private static string KeyOf(List<ChatMessage> messages, ChatOptions options) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(
                    new CachedRequest(
                        options.ModelId,
                        options.Temperature,
                        options.TopP,
                        options.TopK,
                        options.MaxOutputTokens,
                        options.Seed,
                        (options.ResponseFormat as ChatResponseFormatJson)?.Schema?.GetRawText(),
                        options.StopSequences?.ToArray(),
                        options.AdditionalProperties?.GetValueOrDefault(Parts.AlternativesWanted) as int?,
                        [.. messages.Select(m => new CachedMessage(Parts.Of(m), m.Text))]
                    ),
                    ReplyCacheJson.Default.CachedRequest
                )
            )
        );

    private static async Task<ChatResponse?> FindAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return null;
        CachedReply reply;
        try
        {
            reply = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), ReplyCacheJson.Default.CachedReply)
                ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // deleted by another process, or damaged: the request is sent again
        }

        AIContent[] reasoning = reply.Reasoning is { } told ? [new TextReasoningContent(told)] : [];
        ChatResponse response = new(new ChatMessage(ChatRole.Assistant, [.. reasoning, new TextContent(reply.Text)]))
        {
            ModelId = reply.Model,
            FinishReason = new ChatFinishReason(reply.Finish),
            Usage =
                reply.Input is null && reply.Output is null
                    ? null
                    : new UsageDetails { InputTokenCount = reply.Input, OutputTokenCount = reply.Output },
        };
        if (reply.Nats is { } nats)
            (response.AdditionalProperties ??= [])[Parts.Nats] = nats;
        if (reply.Alternatives is { } alternatives)
            (response.AdditionalProperties ??= [])[Parts.Alternatives] = alternatives.ToImmutableArray();
        return response;
    }

    // Atomic for concurrent readers; other processes, on other machines too, may keep the same.
    private async Task KeepAsync(string file, ChatResponse response)
    {
        var more = response.AdditionalProperties;
        CachedReply reply = new(
            response.Text,
            response.ModelId,
            (response.FinishReason ?? ChatFinishReason.Stop).Value,
            response.Usage?.InputTokenCount,
            response.Usage?.OutputTokenCount,
            more?.GetValueOrDefault(Parts.Nats) as double?,
            more?.GetValueOrDefault(Parts.Alternatives) is ImmutableArray<Alternative> told ? [.. told] : null,
            response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(r => r.Text).FirstOrDefault()
        );
        try
        {
            Directory.CreateDirectory(folder);
            await AtomicFiles.WriteFileAsync(
                file,
                JsonSerializer.SerializeToUtf8Bytes(reply, ReplyCacheJson.Default.CachedReply),
                CancellationToken.None
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not kept: interrupted work requests it again.
        }
    }

    private static void Try(Action forget)
    {
        try
        {
            forget();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file stays, but only the same request would find it.
        }
    }

    internal sealed record CachedMessage(string Part, string Text);

    internal sealed record CachedRequest(
        string? Model,
        float? Temperature,
        float? TopP,
        int? TopK,
        int? MaxTokens,
        long? Seed,
        string? Schema,
        string[]? Stops,
        int? Alternatives,
        CachedMessage[] Messages
    );

    internal sealed record CachedReply(
        string Text,
        string? Model,
        string Finish,
        long? Input,
        long? Output,
        double? Nats,
        Alternative[]? Alternatives,
        string? Reasoning
    );
}

[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[JsonSerializable(typeof(ReplyCache.CachedRequest))]
[JsonSerializable(typeof(ReplyCache.CachedReply))]
internal sealed partial class ReplyCacheJson : JsonSerializerContext;
