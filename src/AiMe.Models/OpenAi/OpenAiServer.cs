using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.ExceptionServices;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AiMe.Models.OpenAi;

/// <summary>A server that speaks OpenAI's API, through the official package: its addresses, its key, its retries, its time limit.</summary>
/// <remarks>
/// Requests are written and answers are read by us: the package's typed reading of an answer that is not what the API describes ends in
/// whatever exception happens to come, and reports neither an empty list of choices nor an error in mid-stream.
/// </remarks>
public sealed class OpenAiServer
{
    private const string Placeholder = "no-key"; // the package takes no empty key

    private readonly OpenAIClient _client;
    private readonly OpenAIClient _careful;
    private readonly OpenAiFailures _failures;
    private readonly IUsageMeter? _meter;

    private OpenAiServer(OpenAiOptions options, string key, IUsageMeter? meter, TimeProvider time)
    {
        (Options, _meter) = (options, meter);
        _failures = new OpenAiFailures(options, key);
        (_client, _careful) = (Client(onlyTurnedAway: false), Client(onlyTurnedAway: true));

        OpenAIClient Client(bool onlyTurnedAway) =>
            new(
                new ApiKeyCredential(key),
                new OpenAIClientOptions
                {
                    Endpoint = options.BaseUrl,
                    NetworkTimeout = options.Timeout,
                    RetryPolicy = new OpenAiRetries(options.Retries, options.Timeout, time, onlyTurnedAway),
                    UserAgentApplicationId = "AiMe",
                }
            );
    }

    /// <summary>How it is spoken to.</summary>
    public OpenAiOptions Options { get; }

    /// <summary>Takes the key from the environment. No request is made.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="meter">Asked before every call, and told what it came to; null for nobody.</param>
    /// <exception cref="MissingKeyException">The variable is not set, or what it holds cannot be a key.</exception>
    public static OpenAiServer Connect(
        OpenAiOptions options,
        Func<string, string?> environment,
        TimeProvider time,
        IUsageMeter? meter = null
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        if (options.KeyVariable is not { } variable)
            return new OpenAiServer(options, Placeholder, meter, time);
        var key = environment(variable)?.Trim();
        if (string.IsNullOrEmpty(key))
            throw new MissingKeyException(
                $"{options.BaseUrl.OriginalString} wants a key, and the environment variable {variable} is not set. Set "
                    + $"it:  export {variable}=...  A server of your own that wants no key is told by  --set model.key-env=none"
            );
        if (!key.All(c => c is > ' ' and < '\x7f'))
            throw new MissingKeyException(
                $"The environment variable {variable} holds blanks or characters that no key has. Set it to the key alone."
            );
        return new OpenAiServer(options, key, meter, time);
    }

    /// <summary>Sets aside what a call may use at most.</summary>
    internal Task<OpenAiMetered> MeterAsync(TokenUse most, CancellationToken cancellationToken) =>
        OpenAiMetered.BeginAsync(_meter, most, cancellationToken);

    internal Task<BinaryData> ChatAsync(string model, BinaryContent body, OpenAiMetered metered, CancellationToken cancellationToken) =>
        AskAsync(
            model,
            metered,
            () => _client.GetChatClient(model).CompleteChatAsync(body, metered.Options(cancellationToken)),
            cancellationToken
        );

    internal Task<BinaryData> EmbedAsync(string model, BinaryContent body, OpenAiMetered metered, CancellationToken cancellationToken) =>
        AskAsync(
            model,
            metered,
            () => _client.GetEmbeddingClient(model).GenerateEmbeddingsAsync(body, metered.Options(cancellationToken)),
            cancellationToken
        );

    // Whatever fails is thrown as it comes: what it means for a job depends on which call it was.
    internal async Task<BinaryData> CallAsync(OpenAiCall call, CancellationToken cancellationToken)
    {
        var pipeline = (call.Turns == OpenAiTurns.WhereTurnedAway ? _careful : _client).Pipeline;
        using var message = pipeline.CreateMessage();
        message.Request.Method = call.Method;
        message.Request.Uri = new Uri(
            $"{Options.BaseUrl.OriginalString.TrimEnd('/')}/{call.Path}{(call.Query.Length > 0 ? $"?{call.Query}" : "")}"
        );
        message.Request.Headers.Set("Accept", "application/json");
        if (call.Body is { } body)
        {
            message.Request.Headers.Set("Content-Type", call.Type);
            message.Request.Content = BinaryContent.Create(body);
        }

        message.Apply(new RequestOptions { CancellationToken = cancellationToken });
        await pipeline.SendAsync(message);
        return message.Response is { IsError: false } well
            ? well.Content
            : throw await ClientResultException.CreateAsync(message.Response!);
    }

    // The answer comes piece by piece: the response is the caller's to read and to dispose of.
    internal async Task<PipelineResponse> StreamAsync(
        string model,
        BinaryContent body,
        OpenAiMetered metered,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (
                await _client.GetChatClient(model).CompleteChatAsync(body, metered.Options(cancellationToken, buffer: false))
            ).GetRawResponse();
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            throw Translate(e, model, cancellationToken);
        }
        catch (AggregateException tries) when (OpenAiFailures.Last(tries) is var last && !OpenAiFailures.IsOutside(last))
        {
            ExceptionDispatchInfo.Throw(last); // the meter's word at a repeated try: it is for the host that asked
            throw;
        }
    }

    /// <summary>What an exception from the outside means to the caller: a failure in one clear line, or his own cancellation.</summary>
    internal Exception Translate(Exception e, string model, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The call was cancelled.", e, cancellationToken)
            : _failures.Of(e, model);

    /// <summary>A failure of what the server said, though the call itself went well.</summary>
    internal ProviderException Failure(string model, string what, bool nothingSaid = false, bool forGood = false) =>
        _failures.Of(model, what, nothingSaid, forGood);

    private async Task<BinaryData> AskAsync(
        string model,
        OpenAiMetered metered,
        Func<Task<ClientResult>> ask,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await ask()).GetRawResponse().Content;
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            throw Translate(e, model, cancellationToken);
        }
        catch (AggregateException tries) when (OpenAiFailures.Last(tries) is var last && !OpenAiFailures.IsOutside(last))
        {
            ExceptionDispatchInfo.Throw(last); // the meter's word at a repeated try: it is for the host that asked
            throw;
        }
    }
}
