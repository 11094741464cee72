using System.Globalization;
using System.Text.RegularExpressions;

namespace AiMe.Models.OpenAi;

/// <summary>Recognises the optional parameter that a server refuses, by the server's words.</summary>
internal static partial class OpenAiRefusals
{
    private const int Unprocessable = 422;

    /// <summary>
    /// What is left out, or sent instead, after a refusal; null if the error names no optional parameter of the
    /// request, or refuses only a value that the user can change.
    /// </summary>
    public static ParameterRefusal? Of(OpenAiError error, OpenAiBody sent, OpenAiDialect dialect)
    {
        if (
            error.Status is not (0 or 400 or 403 or 404 or 405 or 415 or Unprocessable or 500 or 501)
            || error.IsTooLong
            || error.IsFiltered
        )
            return null;
        var named = sent
            .Optional.Select(p => (Parameter: p, At: PlaceOf(p, error)))
            .Where(p => p.At >= 0)
            .OrderBy(p => p.At)
            .Select(p => p.Parameter)
            .ToList();
        if (named.Count == 0 || error.Status is not (400 or Unprocessable) && !Unwanted().IsMatch(error.Words))
            return null;
        // Some models take one of the two; the temperature says more about a sample.
        var parameter =
            named.Contains(RequestParameters.Temperature) && named.Contains(RequestParameters.TopP) ? RequestParameters.TopP : named[0];
        return IsOfValue(parameter, error) ? null : Refusal(parameter, error, dialect);
    }

    /// <summary>Whether an error that names no parameter may be due to one.</summary>
    public static bool MayBe(OpenAiError error, OpenAiBody sent) =>
        error.Status is 400 or Unprocessable
        && sent.Optional.Length > 0
        && !error.IsTooLong
        && !error.IsFiltered
        && !Others().IsMatch($"{error.Code} {error.Words}")
        && !sent.Optional.Any(p => PlaceOf(p, error) >= 0);

    /// <summary>What could be left out, one at a time, the likeliest first.</summary>
    public static IEnumerable<ParameterRefusal> Guesses(OpenAiError error, OpenAiBody sent, OpenAiDialect dialect) =>
        All.Select(a => a.Parameter)
            .Where(p => sent.Optional.Contains(p))
            .Select(p => Refusal(p, error, dialect))
            .OfType<ParameterRefusal>();

    private static ParameterRefusal? Refusal(string parameter, OpenAiError error, OpenAiDialect dialect)
    {
        var instead = parameter switch
        {
            RequestParameters.TokenLimit when dialect.Refused(parameter) => null, // both names were refused
            RequestParameters.TokenLimit => dialect.TokenLimit == OpenAiDialect.MaxTokens
                ? OpenAiDialect.MaxCompletionTokens
                : OpenAiDialect.MaxTokens,
            RequestParameters.ResponseFormat => dialect.Instead(parameter) is null ? OpenAiDialect.JsonObject : "",
            RequestParameters.Alternatives => dialect.Refused(parameter) ? "" : LimitIn(error),
            _ => "",
        };
        return instead is null ? null : new(parameter, instead, Worded(parameter, instead, error));
    }

    private static string Worded(string parameter, string instead, OpenAiError error)
    {
        var said = error.Words.Length > 0 ? $"the server said: {error.Words}" : $"the server refused the request (HTTP {error.Status})";
        return parameter switch
        {
            RequestParameters.Temperature or RequestParameters.TopP =>
                $"{said}. The model samples with its own {parameter}: what is sampled differs from what the experiment says",
            RequestParameters.Seed => $"{said}. The server samples with seeds of its own: the same request may be answered differently",
            RequestParameters.Stop => $"{said}. An answer does not end at the experiment's stop sequences",
            RequestParameters.Dimensions => $"{said}. Embeddings have the model's own number of components",
            _ => instead.Length > 0 ? $"{said}. {instead} is sent instead" : said,
        };
    }

    // The greatest number below OpenAI's own limit that the server mentions: "must be at most 5".
    private static string LimitIn(OpenAiError error) =>
        Number()
            .Matches(error.Words)
            .Select(m => int.Parse(m.ValueSpan, CultureInfo.InvariantCulture))
            .Where(n => n is > 0 and < 20)
            .DefaultIfEmpty()
            .Max()
            is > 0
                and var limit
            ? limit.ToString(CultureInfo.InvariantCulture)
            : "";

    // A value out of range can be changed in the experiment, unless the model allows a single one.
    private static bool IsOfValue(string parameter, OpenAiError error) =>
        parameter is RequestParameters.Temperature or RequestParameters.TopP or RequestParameters.TokenLimit or RequestParameters.Stop
        && OutOfRange().IsMatch(error.Words)
        && !Fixed().IsMatch(error.Words);

    private static int PlaceOf(string parameter, OpenAiError error)
    {
        var (_, name, members) = All.First(a => a.Parameter == parameter);
        if (members.Any(m => error.Parameter == m || error.Parameter.StartsWith($"{m}.", StringComparison.Ordinal)))
            return 0;
        return name.Match(error.Words) is { Success: true } match ? match.Index + 1 : -1;
    }

    // In the order in which they are likely to be refused.
    private static readonly (string Parameter, Regex Name, string[] Members)[] All =
    [
        (RequestParameters.ResponseFormat, FormatName(), ["response_format"]),
        (RequestParameters.Alternatives, AlternativesName(), ["top_logprobs"]),
        (RequestParameters.LogProbabilities, LogProbabilitiesName(), ["logprobs"]),
        (RequestParameters.StreamOptions, StreamOptionsName(), ["stream_options"]),
        (RequestParameters.EncodingFormat, EncodingName(), ["encoding_format"]),
        (RequestParameters.Dimensions, DimensionsName(), ["dimensions"]),
        (RequestParameters.Seed, SeedName(), ["seed"]),
        (RequestParameters.TokenLimit, TokenLimitName(), ["max_completion_tokens", "max_tokens"]),
        (RequestParameters.Stop, StopName(), ["stop"]),
        (RequestParameters.TopP, TopPName(), ["top_p"]),
        (RequestParameters.Temperature, TemperatureName(), ["temperature"]),
    ];

    [GeneratedRegex(
        "response.?format|json_schema|json_object|json.?schema|json mode|structured.?output|guided_|grammar",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex FormatName();

    [GeneratedRegex("top_?log_?probs|top log.?prob", RegexOptions.IgnoreCase)]
    private static partial Regex AlternativesName();

    [GeneratedRegex("(?<!top_?)log_?probs?|log.?probabilit", RegexOptions.IgnoreCase)]
    private static partial Regex LogProbabilitiesName();

    [GeneratedRegex("stream.?options|include_usage", RegexOptions.IgnoreCase)]
    private static partial Regex StreamOptionsName();

    [GeneratedRegex("encoding.?format|base64", RegexOptions.IgnoreCase)]
    private static partial Regex EncodingName();

    [GeneratedRegex(@"\bdimensions?\b|matryoshka", RegexOptions.IgnoreCase)]
    private static partial Regex DimensionsName();

    [GeneratedRegex(@"\bseed\b", RegexOptions.IgnoreCase)]
    private static partial Regex SeedName();

    [GeneratedRegex("max_completion_tokens|max_tokens", RegexOptions.IgnoreCase)]
    private static partial Regex TokenLimitName();

    [GeneratedRegex(
        @"['""`]stop['""`]|\bstop (?:sequences?|parameter|words?|strings?|tokens?)|(?:parameter|field|argument|property):? stop\b|\.stop\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex StopName();

    [GeneratedRegex("top_p|top-p", RegexOptions.IgnoreCase)]
    private static partial Regex TopPName();

    [GeneratedRegex("temperature", RegexOptions.IgnoreCase)]
    private static partial Regex TemperatureName();

    [GeneratedRegex(
        "not (?:\\w+ )?support|unsupport|unknown|unrecogni|unexpected|not permitted|extra|not allowed|n't|cannot|invalid|must"
            + "|not implement|not available|not enabled|disabled|deprecated|incompatible|no endpoints|failed|refus|only",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Unwanted();

    [GeneratedRegex(
        "between|less than|greater than|at most|at least|range|maximum|minimum|too (?:large|high|low|small|big|many)|up to|<=|>=|≤|≥"
            + "|exceed",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex OutOfRange();

    [GeneratedRegex(
        "unsupported|not (?:\\w+ )?support|unknown|unrecogni|only the default|default \\(?1|fixed|instead|not allowed|not permitted",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Fixed();

    // Causes that no optional parameter has.
    [GeneratedRegex(
        "\\bmodel\\b.*(?:not found|not exist|not loaded|unavailable)|model_not_found|no such model|unknown model|invalid model"
            + "|api.?key|quota|billing|credit|messages?\\b.*\\brole|roles must alternate|safety|moderation|input is empty",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Others();

    [GeneratedRegex(@"(?<![\d.])\d{1,4}(?![\d.]\d)")]
    private static partial Regex Number();
}
