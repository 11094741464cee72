using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.VectorStores;

/// <summary>Calls a store's HTTP API with JSON, within a timeout, and words its failures.</summary>
/// <param name="address">The API's root; paths are relative to it.</param>
/// <param name="headers">Sent with every request: the key and the API's version.</param>
/// <param name="wordsOf">The store's own words in the body of a failure; null if there are none.</param>
internal sealed class StoreHttp(
    HttpClient client,
    Uri address,
    IReadOnlyList<KeyValuePair<string, string>> headers,
    TimeSpan timeout,
    StoreFailures failures,
    Func<byte[], string?> wordsOf
)
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly Uri _root = new($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/");

    /// <summary>Sends a request with a body and reads the answer.</summary>
    /// <param name="path">Relative, without a slash at its beginning.</param>
    /// <param name="isNothing">Whether a failed answer means that there is nothing, for which null is returned.</param>
    /// <param name="advice">What to do about a refusal.</param>
    public async Task<TAnswer?> SendAsync<TRequest, TAnswer>(
        HttpMethod method,
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken,
        Func<HttpStatusCode, byte[], bool>? isNothing = null,
        string? advice = null
    )
        where TAnswer : class
    {
        using ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(request, requestType));
        content.Headers.ContentType = s_json;
        return await SendAsync(method, path, content, answerType, cancellationToken, isNothing, advice);
    }

    /// <summary>Sends a request without a body and reads the answer.</summary>
    public Task<TAnswer?> GetAsync<TAnswer>(
        string path,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken,
        Func<HttpStatusCode, byte[], bool>? isNothing = null
    )
        where TAnswer : class => SendAsync(HttpMethod.Get, path, content: null, answerType, cancellationToken, isNothing, advice: null);

    private async Task<TAnswer?> SendAsync<TAnswer>(
        HttpMethod method,
        string path,
        HttpContent? content,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken,
        Func<HttpStatusCode, byte[], bool>? isNothing,
        string? advice
    )
        where TAnswer : class
    {
        using HttpRequestMessage message = new(method, new Uri(_root, path)) { Content = content };
        foreach (var (name, value) in headers)
            message.Headers.TryAddWithoutValidation(name, value);
        var (status, body) = await CallAsync(message, cancellationToken);
        if (isNothing?.Invoke(status, body) == true)
            return null;
        if ((int)status is < 200 or >= 300)
            throw FailureOf(status, body, advice ?? "Correct what it names");
        return Read(body, answerType);
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> CallAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        try
        {
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(patience.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // Ours, or the client's own if that is shorter.
            throw failures.Slow(client.Timeout > TimeSpan.Zero && client.Timeout < timeout ? client.Timeout : timeout, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw failures.Unreachable(e);
        }
    }

    private TAnswer Read<TAnswer>(byte[] body, JsonTypeInfo<TAnswer> answerType)
        where TAnswer : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, answerType) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw failures.Refusal($"its answer is not the JSON of this API ({e.Message})", "Check that the address is the store's own", e);
        }
    }

    private VectorStoreException FailureOf(HttpStatusCode status, byte[] body, string advice)
    {
        var what = $"it answered with status {(int)status}{(Words(body) is { Length: > 0 } words ? $": {words}" : "")}";
        return (int)status switch
        {
            408 or 504 => failures.Passing(what, "It is slow: try again later"),
            429 => failures.Passing(what, "It is busy: try again later, or raise its limits"),
            >= 500 and not 501 => failures.Passing(what, "Try again later, and look into its log"),
            >= 300 and < 400 => failures.Refusal(what, "It has moved: give its new address"),
            401 or 403 => failures.Refusal(what, "Check its key, and what the key may do"),
            404 or 405 => failures.Refusal(what, "Check its address and version"),
            _ => failures.Refusal(what, advice),
        };
    }

    private string? Words(byte[] body)
    {
        try
        {
            return wordsOf(body);
        }
        catch (JsonException)
        {
            var text = System.Text.Encoding.UTF8.GetString(body).Trim();
            return text.StartsWith('<') ? null : text; // a page of a proxy: the status says as much
        }
    }
}
