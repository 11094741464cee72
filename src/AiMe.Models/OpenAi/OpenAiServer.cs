using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.ExceptionServices;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AiMe.Models.OpenAi;

/// <summary>
/// A server that implements OpenAI's API, through the official package: its addresses, key, retries and time limit.
/// </summary>
/// <remarks>
/// Requests are written and answers are read here: for an answer that deviates from the API, the package's typed
/// reading throws arbitrary exceptions, and reports neither an empty list of choices nor an error in mid-stream.
/// </remarks>
public sealed class OpenAiServer
{
    private const string Placeholder = "no-key"; // the package rejects an empty key

    private readonly OpenAIClient _client;
    private readonly OpenAIClient _careful;
    private readonly OpenAiFailures _failures;
    private readonly IUsageMeter? _meter;
    private readonly TimeProvider _time;
    private readonly OpenAiParameters _parameters;

    private OpenAiServer(
        OpenAiOptions options,
        string key,
        IUsageMeter? meter,
        TimeProvider time,
        IParameterRefusals? refusals,
        IServerIdentities? identities
    )
    {
        (Options, _meter, _time) = (options, meter, time);
        Identities = new OpenAiIdentities(options, identities, CallAsync);
        _parameters = new OpenAiParameters(options, refusals);
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

    /// <summary>The options of the connection.</summary>
    public OpenAiOptions Options { get; }

    /// <summary>What the server says of itself.</summary>
    internal OpenAiIdentities Identities { get; }

    /// <summary>Reads the key from the environment. Makes no request.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="meter">Meters every call; null for none.</param>
    /// <param name="refusals">Records the optional parameters that the server refuses; null for none.</param>
    /// <param name="identities">Records what the server says of itself; null for none.</param>
    /// <exception cref="MissingKeyException">The variable is not set, or its value cannot be a key.</exception>
    public static OpenAiServer Connect(
        OpenAiOptions options,
        Func<string, string?> environment,
        TimeProvider time,
        IUsageMeter? meter = null,
        IParameterRefusals? refusals = null,
        IServerIdentities? identities = null
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        if (options.KeyVariable is not { } variable)
            return new OpenAiServer(options, Placeholder, meter, time, refusals, identities);
        var key = environment(variable)?.Trim();
        if (string.IsNullOrEmpty(key))
            throw new MissingKeyException(
                $"{options.BaseUrl.OriginalString} needs a key, but the environment variable {variable} is not set. Set "
                    + $"it:  export {variable}=...  For a server that needs no key, use  --set model.key-env=none"
            );
        if (!key.All(c => c is > ' ' and < '\x7f'))
            throw new MissingKeyException(
                $"The environment variable {variable} contains characters that no key has. Set it to the key alone."
            );
        return new OpenAiServer(options, key, meter, time, refusals, identities);
    }

    /// <summary>Sets aside the greatest usage of a call.</summary>
    internal Task<OpenAiMetered> MeterAsync(TokenUse most, CancellationToken cancellationToken) =>
        OpenAiMetered.BeginAsync(_meter, most, cancellationToken);

    /// <summary>Whether a parameter of the options is left out, because the server refused it.</summary>
    internal bool LeavesOut(string parameter) => !_parameters.Dialect.Sends(parameter);

    /// <summary>Whether a JSON schema is not sent, because the server refused it.</summary>
    internal bool RefusesSchema => _parameters.Dialect.Instead(RequestParameters.ResponseFormat) is not null;

    internal Task<BinaryData> ChatAsync(
        string model,
        Func<OpenAiDialect, OpenAiBody> write,
        OpenAiMetered metered,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            model,
            write,
            metered,
            body => _client.GetChatClient(model).CompleteChatAsync(body, metered.Options(cancellationToken)),
            cancellationToken
        );

    internal Task<BinaryData> EmbedAsync(
        string model,
        Func<OpenAiDialect, OpenAiBody> write,
        OpenAiMetered metered,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            model,
            write,
            metered,
            body => _client.GetEmbeddingClient(model).GenerateEmbeddingsAsync(body, metered.Options(cancellationToken)),
            cancellationToken
        );

    /// <summary>A metered request for which the package has no method.</summary>
    internal Task<BinaryData> PostAsync(
        string model,
        OpenAiCall call,
        Func<OpenAiDialect, OpenAiBody> write,
        OpenAiMetered metered,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            model,
            write,
            metered,
            async body =>
            {
                using var message = Message(_client.Pipeline, call);
                message.Request.Headers.Set("Content-Type", call.Type);
                message.Request.Content = body;
                message.Apply(metered.Options(cancellationToken));
                await _client.Pipeline.SendAsync(message);
                return message.Response is { IsError: false, Status: < 300 }
                    ? ClientResult.FromResponse(message.ExtractResponse()!)
                    : throw await ClientResultException.CreateAsync(message.Response!);
            },
            cancellationToken
        );

    private PipelineMessage Message(ClientPipeline pipeline, OpenAiCall call)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = call.Method;
        message.Request.Uri = new Uri(
            $"{(call.IsAtRoot ? OpenAiAddress.Root(Options.BaseUrl) : Options.BaseUrl.OriginalString.TrimEnd('/'))}/{call.Path}"
                + (call.Query.Length > 0 ? $"?{call.Query}" : "")
        );
        return message;
    }

    // Exceptions are not translated here: their meaning for a job depends on the call.
    internal async Task<BinaryData> CallAsync(OpenAiCall call, CancellationToken cancellationToken)
    {
        var pipeline = (call.Turns == OpenAiTurns.WhereTurnedAway ? _careful : _client).Pipeline;
        using var message = Message(pipeline, call);
        message.Request.Headers.Set("Accept", "application/json");
        if (call.Body is { } body)
        {
            message.Request.Headers.Set("Content-Type", call.Type);
            message.Request.Content = BinaryContent.Create(body);
        }

        message.Apply(new RequestOptions { CancellationToken = cancellationToken });
        await pipeline.SendAsync(message);
        return message.Response is { IsError: false, Status: < 300 } well
            ? well.Content
            : throw await ClientResultException.CreateAsync(message.Response!);
    }

    // The answer is streamed: the caller reads and disposes of it.
    internal async Task<OpenAiStream> StreamAsync(
        string model,
        Func<OpenAiDialect, OpenAiBody> write,
        OpenAiMetered metered,
        CancellationToken cancellationToken
    ) =>
        Answered(
            await _parameters.AskAsync(
                write,
                body =>
                    OutcomeAsync(
                        () =>
                            _client.GetChatClient(model).CompleteChatAsync(body.Content, metered.Options(cancellationToken, buffer: false)),
                        response => OpenAiStream.OpenAsync(response, cancellationToken),
                        stream => stream.Error,
                        metered,
                        cancellationToken
                    ),
                cancellationToken
            ),
            model,
            cancellationToken
        );

    /// <summary>
    /// Translates an exception for the caller: an outside failure in one line, or the caller's own cancellation.
    /// </summary>
    internal Exception Translate(Exception e, string model, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The call was cancelled.", e, cancellationToken)
            : _failures.Of(e, model);

    /// <summary>A failure because of the content of an answer to a successful call.</summary>
    internal ProviderException Failure(string model, string what, bool nothingSaid = false, bool forGood = false) =>
        _failures.Of(model, what, nothingSaid, forGood);

    /// <summary>A failure because the limit of tokens was used up before any text of an answer.</summary>
    internal ProviderException CutOff(string model, string what) =>
        new(_failures.Of(model, what, nothingSaid: false).Message) { CutOff = true };

    /// <summary>A refusal of the model, or of its server, to answer.</summary>
    internal ProviderException Withheld(string model, string what) =>
        new(_failures.Of(model, what, nothingSaid: false).Message) { Withheld = true };

    /// <summary>An error in place of an answer, or of its rest.</summary>
    internal ProviderException Failure(string model, OpenAiError error) => _failures.Of(_failures.Tidied(error), model);

    private async Task<BinaryData> AskAsync(
        string model,
        Func<OpenAiDialect, OpenAiBody> write,
        OpenAiMetered metered,
        Func<BinaryContent, Task<ClientResult>> ask,
        CancellationToken cancellationToken
    ) =>
        Answered(
            await _parameters.AskAsync(
                write,
                body =>
                    OutcomeAsync(
                        () => ask(body.Content),
                        response => Task.FromResult(response.Content),
                        answer => OpenAiError.In(answer.ToMemory()),
                        metered,
                        cancellationToken
                    ),
                cancellationToken
            ),
            model,
            cancellationToken
        );

    // An error in place of an answer is one, whatever its status; if it may pass, the server is asked again.
    private async Task<OpenAiOutcome<T>> OutcomeAsync<T>(
        Func<Task<ClientResult>> ask,
        Func<PipelineResponse, Task<T>> read,
        Func<T, OpenAiError?> errorIn,
        OpenAiMetered metered,
        CancellationToken cancellationToken
    )
        where T : class
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var response = (await ask()).GetRawResponse();
                var answer = await read(response);
                if (errorIn(answer) is not { } error)
                    return new(answer);
                if (answer is IAsyncDisposable opened)
                    await opened.DisposeAsync();
                metered.CameToNothing();
                if (!error.IsTransient || attempt > Options.Retries)
                    return new(null, _failures.Tidied(error));
                await Task.Delay(OpenAiRetries.Pause(response, attempt, Options.Timeout), _time, cancellationToken);
            }
        }
        catch (Exception e) when (OpenAiFailures.IsOutside(e))
        {
            return new(null, _failures.Find(e), e);
        }
        catch (AggregateException tries) when (OpenAiFailures.Last(tries) is var last && !OpenAiFailures.IsOutside(last))
        {
            ExceptionDispatchInfo.Throw(last); // thrown by the meter at a retry: it is for the host
            throw;
        }
    }

    private T Answered<T>(OpenAiOutcome<T> outcome, string model, CancellationToken cancellationToken)
        where T : class =>
        outcome switch
        {
            { Answer: { } answer } => answer,
            { Failure: { } failure } => throw Translate(failure, model, cancellationToken),
            { Error: { } error } => throw _failures.Of(error, model),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
