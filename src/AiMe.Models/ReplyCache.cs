using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>
/// Keeps what was answered on the disk until the work that asked has ended, so that work that is cut off in its middle (a
/// budget is used up, a process is
/// killed) and done anew does not pay a second time for what it had been told.
/// </summary>
/// <remarks>
/// A reply is found by all that was asked, the seed among it. Streamed answers are not kept: their pieces were shown to
/// somebody. Where the folder cannot be written or a
/// file in it is spoilt, nothing is kept, and no work fails for it.
/// </remarks>
/// <param name="folder">Where replies are kept; made when there is one.</param>
public sealed class ReplyCache(IChatClient inner, string folder) : DelegatingChatClient(inner)
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Asking = new();

    /// <summary>
    /// Does a piece of work, and then forgets what it was answered. Where it throws, or came to nothing, that is kept for
    /// the next time.
    /// </summary>
    /// <param name="cameToNothing">Whether the same is to be asked again.</param>
    public static async Task<T> UntilDoneAsync<T>(Func<Task<T>> work, Func<T, bool> cameToNothing)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(cameToNothing);
        ConcurrentQueue<string> files = [];
        Asking.Value = files; // seen by what is called from here, and by nobody else
        var done = await work();
        foreach (var file in cameToNothing(done) ? [] : files)
            Try(() => File.Delete(file));
        return done;
    }

    /// <summary>Forgets all that is kept in a folder.</summary>
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
                        [.. messages.Select(m => new CachedTurn(Parts.Of(m), m.Text))]
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
            return null; // another process that asked the same is done with it; or the disk has spoilt it: it is asked for again
        }

        ChatResponse response = new(new ChatMessage(ChatRole.Assistant, reply.Text))
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
        if (reply.Alternatives is { } told)
            (response.AdditionalProperties ??= [])[Parts.Alternatives] = told.ToImmutableArray();
        return response;
    }

    // Whole or not at all, whoever reads it meanwhile.
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
            more?.GetValueOrDefault(Parts.Alternatives) is ImmutableArray<Alternative> told ? [.. told] : null
        );
        // other processes, on other machines too, may keep the same
        var beside = $"{file}.part-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(
                beside,
                JsonSerializer.SerializeToUtf8Bytes(reply, ReplyCacheJson.Default.CachedReply),
                CancellationToken.None
            ); // it is paid for
            File.Move(beside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not kept: should the work be cut off, it is asked for again.
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
            // It stays, and is found by nobody who does not ask the same.
        }
    }

    internal sealed record CachedTurn(string Part, string Text);

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
        CachedTurn[] Messages
    );

    internal sealed record CachedReply(
        string Text,
        string? Model,
        string Finish,
        long? Input,
        long? Output,
        double? Nats,
        Alternative[]? Alternatives
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
