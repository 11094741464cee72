using System.ClientModel.Primitives;
using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>A call for which its most was set aside. Whatever is not told of it is counted at its most: it may have been made.</summary>
internal sealed class OpenAiMetered : IDisposable
{
    // A token of English is about four characters; a third is on the safe side, and of other scripts it counts the bytes.
    private const int BytesPerToken = 3;

    // The frame of a message, by OpenAI's own account 3 or 4; and a length where none is asked for.
    private const int TokensPerMessage = 4, LongestUnasked = 4096;

    private readonly IMeter? _meter;
    private readonly long _tokens;
    private readonly Action<TokenUse>? _settle;
    private TokenUse _used;

    private OpenAiMetered(IMeter? meter, TokenUse most, Action<TokenUse>? settle) => (_meter, _tokens, _used, _settle) = (meter, most.Total, most, settle);

    /// <summary>Sets its most aside.</summary>
    public static async Task<OpenAiMetered> BeginAsync(IMeter? meter, TokenUse most, CancellationToken cancellationToken) =>
        new(meter, most, meter is null ? null : await meter.SetAsideAsync(most, cancellationToken));

    /// <summary>What a chat may use at most, by a guess of the tokenizer.</summary>
    public static TokenUse Of(IEnumerable<ChatMessage> messages, ChatOptions options) => new(
        Input: messages.Sum(m => TokensOf(m.Text) + TokensPerMessage) + (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? TokensOf(schema.GetRawText()) : 0),
        Output: options.MaxOutputTokens ?? LongestUnasked);

    /// <summary>What embedding some texts may use at most.</summary>
    public static TokenUse Of(IEnumerable<string> texts) => new(Embedded: texts.Sum(TokensOf));

    /// <summary>What the server says that it used; null where it does not say.</summary>
    public void Used(TokenUse? told) => _used = told ?? _used;

    /// <summary>It certainly made nothing.</summary>
    public void CameToNothing() => _used = default;

    /// <summary>Options of the call: each try waits for its turn.</summary>
    public RequestOptions Options(CancellationToken cancellationToken, bool buffer = true)
    {
        RequestOptions options = new() { CancellationToken = cancellationToken, BufferResponse = buffer };
        if (_meter is not null)
            options.AddPolicy(new Turns(_meter, _tokens), PipelinePosition.PerTry);
        return options;
    }

    public void Dispose() => _settle?.Invoke(_used);

    private static long TokensOf(string text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;

    private sealed class Turns(IMeter meter, long tokens) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => throw new NotSupportedException("Calls are asynchronous.");

        public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            await meter.TurnAsync(tokens, message.CancellationToken);
            await ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
