using System.ClientModel.Primitives;
using System.Text;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>
/// A call, and for each try of it what it may use at most, set aside before the try. Whatever is not told of a try is
/// counted at its most: it may have been made.
/// </summary>
/// <remarks>A server may have answered, and billed, a try of which no answer came; and then the next one too.</remarks>
internal sealed class OpenAiMetered : IDisposable
{
    // A token of English is about four characters; a third is on the safe side, and of other scripts it counts the bytes.
    private const int BytesPerToken = 3;

    // The frame of a message, by OpenAI's own account 3 or 4; and a length where none is asked for.
    private const int TokensPerMessage = 4,
        LongestUnasked = 4096;

    private readonly IUsageMeter? _meter;
    private readonly TokenUse _most;
    private Action<TokenUse>? _settle;
    private TokenUse _used;
    private int _tries;

    private OpenAiMetered(IUsageMeter? meter, TokenUse most) => (_meter, _most, _used) = (meter, most, most);

    /// <summary>Sets the most of the first try aside.</summary>
    public static async Task<OpenAiMetered> BeginAsync(IUsageMeter? meter, TokenUse most, CancellationToken cancellationToken)
    {
        OpenAiMetered metered = new(meter, most);
        await metered.SetAsideAsync(cancellationToken);
        return metered;
    }

    /// <summary>What a chat may use at most, by a guess of the tokenizer.</summary>
    public static TokenUse Of(IEnumerable<ChatMessage> messages, ChatOptions options) =>
        new(
            Input: messages.Sum(m => TokensOf(m.Text) + TokensPerMessage)
                + (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? TokensOf(schema.GetRawText()) : 0),
            Output: options.MaxOutputTokens ?? LongestUnasked
        );

    /// <summary>What embedding some texts may use at most.</summary>
    public static TokenUse Of(IEnumerable<string> texts) => new(Embedded: texts.Sum(TokensOf));

    /// <summary>What the server says that the last try used; null where it does not say.</summary>
    public void Used(TokenUse? told) => _used = told ?? _used;

    /// <summary>The last try certainly made nothing.</summary>
    public void CameToNothing() => _used = default;

    /// <summary>Options of the call: each try waits for its turn.</summary>
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
                metered.Dispose(); // the try before is settled as far as it is known
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
                metered.CameToNothing(); // it answered with an error, which nobody is billed for
        }
    }
}
