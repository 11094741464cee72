using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AiMe.Models.OpenAi;

/// <summary>
/// Describes outside failures in one line: what, where, and what to do. The text never contains a key.
/// </summary>
internal sealed partial class OpenAiFailures(OpenAiOptions options, string key)
{
    private const int LongestWords = 240;

    private readonly OpenAiFailureWords _words = new(options);

    private string Waited => options.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    /// <summary>Whether an exception can come from the network or the server; anything else is a bug.</summary>
    public static bool IsOutside(Exception e) =>
        e switch
        {
            AggregateException all => all.InnerExceptions.All(IsOutside),
            ClientResultException or OperationCanceledException or IOException or HttpRequestException => true,
            _ => false,
        };

    /// <summary>
    /// Whether a failed request certainly made nothing: the server refused it explicitly, or it was never sent.
    /// </summary>
    /// <remarks>
    /// A server error (500), a gateway error, a time-out, a conflict and a broken connection say nothing about what was
    /// made before.
    /// </remarks>
    public static bool MadeNothing(Exception e) =>
        Last(e) switch
        {
            ClientResultException { Status: >= 300 and < 500 and not (408 or 409) } => true,
            ClientResultException { Status: > 0 } => false,
            OperationCanceledException => false,
            var broken => NeverLeft(broken),
        };

    /// <summary>
    /// Whether the same request would be refused again: the cause is not the key, the quota, time or load.
    /// </summary>
    public static bool IsForGood(Exception e) => Last(e) is ClientResultException { Status: var status } && IsForGood(status);

    private static bool IsForGood(int status) => status is (>= 300 and < 400) or 400 or 404 or 405 or 410 or 413 or 415 or 422 or 501;

    /// <summary>A failed call.</summary>
    public ProviderException Of(Exception e, string model)
    {
        var (last, tries) = (Last(e), e is AggregateException all ? all.InnerExceptions.Count : 1);
        return last switch
        {
            ClientResultException { Status: > 0 } refused => Line(
                model,
                _words.Of(ErrorOf(refused)),
                e,
                withheld: ErrorOf(refused).IsFiltered
            ),
            OperationCanceledException => Line(
                model,
                $"it gave no answer within {Waited}{Times(tries)}. Raise model.timeout, or use a server that is less busy",
                e
            ),
            _ => Line(model, $"{Broken(last)}{Times(tries)}. Check that the server runs, and model.base-url", e),
        };
    }

    /// <summary>An error in place of an answer.</summary>
    public ProviderException Of(OpenAiError error, string model) =>
        new(Tidy(model, _words.Of(error))) { ForGood = IsForGood(error.Status), Withheld = error.IsFiltered };

    /// <summary>The server's error in a failed response, without keys; null if it sent no response.</summary>
    public OpenAiError? Find(Exception e) => Last(e) is ClientResultException { Status: > 0 } refused ? ErrorOf(refused) : null;

    /// <summary>The same error, without keys.</summary>
    public OpenAiError Tidied(OpenAiError error) => error with { Words = Shortened(Blanks().Replace(WithoutKeys(error.Words), " ")) };

    /// <summary>An answer that cannot be used.</summary>
    public ProviderException Of(string model, string what, bool nothingSaid, bool forGood = false) =>
        new(Tidy(model, what)) { NothingSaid = nothingSaid, ForGood = forGood };

    /// <summary>The failure of the last of several attempts.</summary>
    public static Exception Last(Exception e) => e is AggregateException { InnerExceptions: [.., var last] } ? last : e;

    /// <summary>Whether no connection was made, so that nothing was sent.</summary>
    public static bool NeverLeft(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (
                cause is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.NameResolutionError
                        or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError
                }
            )
                return true;
        }

        return false;
    }

    public static string Times(int tries) => tries > 1 ? $" in {tries} attempts" : "";

    private static string Broken(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (
                cause
                is HttpIOException
                    or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
                    or SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted }
            )
                return "the answer was cut off";
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError })
                return "there is no such host";
            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                return $"no secure connection could be made ({cause.InnerException?.Message ?? cause.Message})";
            if (cause is SocketException)
                return $"there is no connection ({cause.Message})";
        }

        return $"the connection failed ({e.Message})";
    }

    private OpenAiError ErrorOf(ClientResultException refused)
    {
        var response = refused.GetRawResponse();
        var error = OpenAiError.Of(refused.Status, BodyOf(response));
        return Tidied(error) with
        {
            Location = response?.Headers.TryGetValue("Location", out var location) == true ? WithoutKeys(location ?? "") : "",
        };
    }

    private static ReadOnlyMemory<byte> BodyOf(PipelineResponse? response)
    {
        try
        {
            return response?.Content.ToMemory() ?? default;
        }
        catch (InvalidOperationException)
        {
            return default; // the body of a stream's response that was never read
        }
    }

    private ProviderException Line(string model, string what, Exception inner, bool withheld = false) =>
        new(Tidy(model, what), inner) { ForGood = IsForGood(inner), Withheld = withheld };

    private string Tidy(string model, string what)
    {
        // First the keys, then the length: a truncated key would not be recognized.
        return Blanks().Replace($"{WithoutKeys(options.BaseUrl.OriginalString)} (model {model}): {Shortened(WithoutKeys(what))}.", " ");
    }

    private string WithoutKeys(string text) =>
        KeyLike().Replace(options.KeyVariable is null ? text : text.Replace(key, "[key]", StringComparison.Ordinal), "[key]");

    private static string Shortened(string what) =>
        what.Length <= 2 * LongestWords
            ? what
            : string.Concat(what.AsSpan(0, LongestWords), " ... ", what.AsSpan(what.Length - LongestWords));

    // Control characters could do anything to a terminal.
    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_*-]{6,}|(?<=\bBearer )\S+")]
    private static partial Regex KeyLike();
}
