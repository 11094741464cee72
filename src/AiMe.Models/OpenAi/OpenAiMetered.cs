using System.ClientModel.Primitives;
using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>
/// A metered call: before each attempt, its greatest usage is set aside. An attempt without reported usage counts with
/// its greatest, because it may have been billed.
/// </summary>
/// <remarks>A server may have processed and billed an attempt whose answer never arrived, and its retry too.</remarks>
internal sealed class OpenAiMetered : IDisposable
{
    // A token of English is about four characters; three bytes is a safe estimate, also for other scripts.
    private const int BytesPerToken = 3;

    // The overhead of a message, which OpenAI gives as 3 or 4; and an assumed length if no limit is requested.
    private const int TokensPerMessage = 4,
        LongestUnasked = 4096;

    private readonly IUsageMeter? _meter;
    private readonly TokenUse _most;
    private Action<TokenUse>? _settle;
    private TokenUse _used;
    private int _tries;

    private OpenAiMetered(IUsageMeter? meter, TokenUse most) => (_meter, _most, _used) = (meter, most, most);

    /// <summary>Sets aside the greatest usage of the first attempt.</summary>
    public static async Task<OpenAiMetered> BeginAsync(IUsageMeter? meter, TokenUse most, CancellationToken cancellationToken)
    {
        OpenAiMetered metered = new(meter, most);
        await metered.SetAsideAsync(cancellationToken);
        return metered;
    }

    /// <summary>The greatest usage of a chat request, with an estimate of the tokenizer.</summary>
    public static TokenUse Of(IEnumerable<ChatMessage> messages, ChatOptions options) =>
        new(
            Input: messages.Sum(m => TokensOf(m.Text) + TokensPerMessage)
                + (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? TokensOf(schema.GetRawText()) : 0),
            Output: options.MaxOutputTokens ?? LongestUnasked
        );

    /// <summary>The greatest usage of embedding some texts.</summary>
    public static TokenUse Of(IEnumerable<string> texts) => new(Embedded: texts.Sum(TokensOf));

    /// <summary>Records the reported usage of the last attempt; null if the server reports none.</summary>
    public void Used(TokenUse? told) => _used = told ?? _used;

    /// <summary>Records that the last attempt certainly made nothing.</summary>
    public void CameToNothing() => _used = default;

    /// <summary>Options of the call: each attempt waits for its turn.</summary>
    public RequestOptions Options(CancellationToken cancellationToken, bool buffer = true)
    {
        RequestOptions options = new() { CancellationToken = cancellationToken, BufferResponse = buffer };
        if (_meter is not null)
            options.AddPolicy(new EachTry(this, _meter), PipelinePosition.PerTry);
        return options;
    }

    public void Dispose()
    {
        _settle?.Invoke(_used);
        _settle = null;
    }

    private async Task SetAsideAsync(CancellationToken cancellationToken)
    {
        if (_meter is null)
            return;
        _settle = await _meter.SetAsideAsync(_most, cancellationToken);
        _used = _most;
    }

    private static long TokensOf(string text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;

    private sealed class EachTry(OpenAiMetered metered, IUsageMeter meter) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            throw new NotSupportedException("Calls are asynchronous.");

        public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            if (metered._tries++ > 0)
            {
                metered.Dispose(); // settles the previous attempt
                await metered.SetAsideAsync(message.CancellationToken);
            }

            metered.CameToNothing(); // not sent yet
            await meter.TurnAsync(metered._most.Total, message.CancellationToken);
            metered._used = metered._most;
            try
            {
                await ProcessNextAsync(message, pipeline, currentIndex);
            }
            catch (Exception e) when (OpenAiFailures.NeverLeft(e))
            {
                metered.CameToNothing();
                throw;
            }

            if (message.Response is { IsError: true })
                metered.CameToNothing(); // it answered with an error, which is not billed
        }
    }
}
