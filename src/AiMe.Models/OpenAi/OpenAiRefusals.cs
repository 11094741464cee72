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
        var mayRefuse = error.Status is 0 or 400 or 403 or 404 or 405 or 415 or Unprocessable or 500 or 501;
        if (!mayRefuse || error.IsTooLong || error.IsFiltered || OpenAiParameterNames.IsOfRequired(error))
            return null;
        var named = sent
            .Optional.Select(p => (Parameter: p, At: OpenAiParameterNames.PlaceOf(p, error)))
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
        && !OpenAiParameterNames.IsOfRequired(error)
        && !Others().IsMatch($"{error.Code} {error.Words}")
        && !sent.Optional.Any(p => OpenAiParameterNames.PlaceOf(p, error) >= 0);

    /// <summary>What could be left out, one at a time, the likeliest first.</summary>
    public static IEnumerable<ParameterRefusal> Guesses(OpenAiError error, OpenAiBody sent, OpenAiDialect dialect) =>
        OpenAiParameterNames.All.Where(p => sent.Optional.Contains(p)).Select(p => Refusal(p, error, dialect)).OfType<ParameterRefusal>();

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
            .Matches(OutOfRange().IsMatch(error.Words) ? error.Words : "")
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
        parameter
            is RequestParameters.Temperature
                or RequestParameters.TopP
                or RequestParameters.TokenLimit
                or RequestParameters.Stop
                or RequestParameters.Dimensions
        && OutOfRange().IsMatch(error.Words)
        && !Fixed().IsMatch(error.Words);

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

    [GeneratedRegex(@"(?<![\w.-])\d{1,4}(?![\w-]|\.\d)")]
    private static partial Regex Number();
}
