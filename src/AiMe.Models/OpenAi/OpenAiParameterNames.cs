using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AiMe.Models.OpenAi;

/// <summary>The names that servers give to the optional parameters of a request.</summary>
internal static partial class OpenAiParameterNames
{
    /// <summary>The parameters, the likeliest to be refused first.</summary>
    public static ImmutableArray<string> All => [.. Names.Select(n => n.Parameter)];

    /// <summary>Where an error names a parameter: 0 by its member, else from 1 in its words; -1 if it does not.</summary>
    public static int PlaceOf(string parameter, OpenAiError error)
    {
        var (_, name, members) = Names.First(a => a.Parameter == parameter);
        if (members.Any(m => error.Parameter == m || error.Parameter.StartsWith($"{m}.", StringComparison.Ordinal)))
            return 0;
        return name.Match(error.Words) is { Success: true } match ? match.Index + 1 : -1;
    }

    /// <summary>Whether an error names a parameter that no request can do without.</summary>
    public static bool IsOfRequired(OpenAiError error) =>
        Required.Any(r => error.Parameter == r || error.Parameter.StartsWith($"{r}[", StringComparison.Ordinal));

    private static readonly ImmutableArray<string> Required = ["messages", "model", "input"];

    private static readonly (string Parameter, Regex Name, string[] Members)[] Names =
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
}
