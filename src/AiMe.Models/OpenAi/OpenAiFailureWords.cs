namespace AiMe.Models.OpenAi;

/// <summary>Words a server's error: its status, code and own words, and what to do if the cause is known.</summary>
internal sealed class OpenAiFailureWords(OpenAiOptions options)
{
    private const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>One line without a full stop at its end.</summary>
    public string Of(OpenAiError error)
    {
        if (error.InAnswer && error.Status is 0 or 200)
            return InAnswer(error);
        var http = Http(error);
        return error.Status switch
        {
            >= 300 and < 400 => Moved(error),
            401 => $"the key was refused ({Status(error)}). {KeyAdvice}",
            403 when error.Words.Length == 0 || error.Words.Contains("key", AnyCase) =>
                $"the key was refused ({Status(error)}). {KeyAdvice}",
            403 => $"access was denied ({http})",
            402 => $"the account has no credit left ({http}). Pay in at the server's provider and run the same command again",
            404 => $"there is no such model or address ({http}). {AddressAdvice}",
            413 => $"the request is too large for the server ({http}). Lower model.batch, or shorten what the prompt contains",
            429 when error.Code.Contains("quota", AnyCase) => $"your quota is used up ({http}). Raise it at the server's provider",
            429 =>
                $"the server is too busy, or your quota is used up ({http}). Wait and run the same command again, or raise model.retries",
            501 => $"the server does not implement this request ({http})",
            503 when error.Words.Contains("loading", AnyCase) =>
                $"the server failed ({http}). It still loads the model: run the same command " + "again later, or raise model.retries",
            >= 500 or 408 => $"the server failed ({http}). Run the same command again later",
            _ when error.IsTooLong => $"prompt and answer do not fit into the model's context ({http}). {TooLongAdvice}",
            _ when error.IsFiltered => $"the server's content filter refused the request ({http}). {FilterAdvice}",
            _ => $"the request was refused ({http}){(Advice(error.Words) is { } advice ? $". {advice}" : "")}",
        };
    }

    private const string TooLongAdvice = "Lower memory.recall or max-tokens, or use a model with a longer context",
        FilterAdvice = "Another wording of the stimulus or charter may pass";

    private string KeyAdvice =>
        options.KeyVariable is { } v
            ? $"Check the key in the environment variable {v}"
            : "The server needs a key: name its variable in model.key-env";

    private string AddressAdvice =>
        OpenAiAddress.WithoutCall(options.BaseUrl.OriginalString) is { } shorter
            ? $"AiMe adds the path of a call itself: set model.base-url to {shorter}"
        : !OpenAiAddress.LacksVersion(options.BaseUrl) ? "Check model.chat, model.embeddings and model.base-url"
        : "Check model.chat, model.embeddings and model.base-url: most servers have their API under "
            + $"{options.BaseUrl.OriginalString.TrimEnd('/')}/v1";

    private static string InAnswer(OpenAiError error)
    {
        var said = string.Join(": ", new[] { error.Code, error.Words }.Where(s => s.Length > 0));
        return $"it answered with an error{(said.Length > 0 ? $": {said}" : " and does not say which")}"
            + (
                error.IsTooLong ? $". {TooLongAdvice}"
                : error.IsFiltered ? $". {FilterAdvice}"
                : Advice(error.Words) is { } advice ? $". {advice}"
                : ""
            );
    }

    // A query in the new address could contain a secret.
    private string Moved(OpenAiError error)
    {
        var where =
            error.Location.Length > 0
            && Uri.TryCreate(options.BaseUrl, error.Location, out var url)
            && url.Scheme.StartsWith("http", AnyCase)
                ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
                : "";
        return $"the server's address has moved ({Http(error)})"
            + (
                where.Length > 0
                    ? $" to {where}. Set model.base-url to {OpenAiAddress.WithoutCall(where) ?? where}"
                    : ", and it does not say where. Check model.base-url"
            );
    }

    private string Http(OpenAiError error) => error.Words.Length > 0 ? $"{Status(error)}: {error.Words}" : Status(error);

    private string Status(OpenAiError error) =>
        (error.InAnswer ? $"error {error.Status} in its answer" : $"HTTP {error.Status}")
        + (error.IsTransient ? OpenAiFailures.Times(options.Retries + 1) : "")
        + (error.Code.Length > 0 ? $", {error.Code}" : "");

    private static string? Advice(string said) =>
        said.Contains("logprob", AnyCase) ? "If the model gives no log-probabilities, set model.log-probabilities: false"
        : said.Contains("max_completion_tokens", StringComparison.Ordinal) || said.Contains("max_tokens", StringComparison.Ordinal)
            ? "Set model.token-limit to the name that the server supports: max_tokens or max_completion_tokens; if the limit is too high, "
                + "lower max-tokens"
        : said.Contains("dimensions", StringComparison.Ordinal) ? "If the model cannot shorten its embeddings, leave out model.dimensions"
        : said.Contains("temperature", AnyCase) ? "Set generate.temperature to one that the model takes, or model.leave-out: [temperature]"
        : said.Contains("top_p", AnyCase) ? "Set generate.top-p to one that the model takes, or model.leave-out: [top-p]"
        : null;
}
