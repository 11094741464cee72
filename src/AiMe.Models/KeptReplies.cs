using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>
/// Keeps what was answered on the disk until the work that asked has ended, so that work that is cut off in its middle (a budget is used up, a process is
/// killed) and done anew does not pay a second time for what it had been told.
/// </summary>
/// <remarks>A reply is found by all of its request, the seed among it. Streamed answers are not kept: their pieces were shown to somebody.</remarks>
/// <param name="folder">Where replies are kept; made when there is one.</param>
public sealed class KeptReplies(IChatClient inner, string folder) : DelegatingChatClient(inner)
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Asking = new();

    /// <summary>Does a piece of work, and then forgets what it was answered. Where it throws, that is kept for the next time.</summary>
    public static async Task<T> UntilDoneAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ConcurrentQueue<string> files = [];
        Asking.Value = files; // seen by what is called from here, and by nobody else
        var done = await work();
        foreach (var file in files)
            File.Delete(file);
        return done;
    }

    /// <inheritdoc />
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
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

    private static string KeyOf(List<ChatMessage> messages, ChatOptions options) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new Request(
            options.ModelId,
            options.Temperature,
            options.TopP,
            options.TopK,
            options.MaxOutputTokens,
            options.Seed,
            (options.ResponseFormat as ChatResponseFormatJson)?.Schema?.GetRawText(),
            options.AdditionalProperties?.GetValueOrDefault(Parts.AlternativesWanted) as int?,
            [.. messages.Select(m => new Said(Parts.Of(m), m.Text))]),
        KeptRepliesJson.Default.Request)));

    private static async Task<ChatResponse?> FindAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return null;
        Reply reply;
        try
        {
            reply = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), KeptRepliesJson.Default.Reply)!;
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null; // another process that asked the same is done with it; or the disk has spoilt it: it is asked for again
        }

        ChatResponse response = new(new ChatMessage(ChatRole.Assistant, reply.Text))
        {
            ModelId = reply.Model,
            FinishReason = new ChatFinishReason(reply.Finish),
            Usage = reply.Input is null && reply.Output is null ? null : new UsageDetails { InputTokenCount = reply.Input, OutputTokenCount = reply.Output },
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
        Reply reply = new(
            response.Text,
            response.ModelId,
            (response.FinishReason ?? ChatFinishReason.Stop).Value,
            response.Usage?.InputTokenCount,
            response.Usage?.OutputTokenCount,
            more?.GetValueOrDefault(Parts.Nats) as double?,
            more?.GetValueOrDefault(Parts.Alternatives) is ImmutableArray<Alternative> told ? [.. told] : null);
        Directory.CreateDirectory(folder);
        var beside = $"{file}.part-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        await File.WriteAllBytesAsync(beside, JsonSerializer.SerializeToUtf8Bytes(reply, KeptRepliesJson.Default.Reply), CancellationToken.None); // it is paid for
        File.Move(beside, file, overwrite: true);
    }

    internal sealed record Said(string Part, string Text);

    internal sealed record Request(string? Model, float? Temperature, float? TopP, int? TopK, int? MaxTokens, long? Seed, string? Schema, int? Alternatives, Said[] Messages);

    internal sealed record Reply(string Text, string? Model, string Finish, long? Input, long? Output, double? Nats, Alternative[]? Alternatives);
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(KeptReplies.Request))]
[JsonSerializable(typeof(KeptReplies.Reply))]
internal sealed partial class KeptRepliesJson : JsonSerializerContext;
