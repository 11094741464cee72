using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Nano;
using AiMe.Serve.Http;

namespace AiMe.Serve.Chat;

/// <summary>How texts are sampled: what chat and plain completions have in common.</summary>
/// <param name="Most">Most tokens of a text.</param>
/// <param name="Choices">Texts a prompt.</param>
internal sealed record TextRequest(int Most, int Choices, ulong Seed, ImmutableArray<string> Stops)
{
    private const int MostChoices = 128,
        MostStops = 4,
        MostTokens = 1 << 20;

    /// <summary>As many as nano samples if nothing is said.</summary>
    private const int UsualTokens = 64;

    /// <summary>Temperature and limits of the tokens.</summary>
    public SamplingOptions Options { get; init; } = new();

    /// <summary>The seed of a text; that of the first is the request's own.</summary>
    public ulong SeedOf(int choice) => unchecked(Seed + (ulong)choice * 0x9E3779B97F4A7C15UL);

    /// <summary>Reads the common parameters.</summary>
    /// <param name="usual">Most tokens if nothing is said; null for that of chats.</param>
    public static TextRequest Read(RequestMembers request, int? usual = null)
    {
        var temperature = request.Real("temperature", 0, 2) ?? 1;
        var topP = request.Real("top_p", 0, 1, aboveLeast: true) ?? 1;
        var topK = request.Whole("top_k", -1, int.MaxValue) ?? 0;
        var penalty = request.Real("repetition_penalty", 1, 100) ?? 1;
        var most = request.Whole("max_tokens", 0, MostTokens);
        var mostCompleted = request.Whole("max_completion_tokens", 0, MostTokens);
        if (most is { } a && mostCompleted is { } b && a != b)
            throw ApiException.Invalid(
                "'max_tokens' and 'max_completion_tokens' differ: send one of them.",
                "max_tokens",
                "invalid_parameter_combination"
            );
        var choices = request.Whole("n", 1, MostChoices) ?? 1;
        var seed = request.Whole("seed", long.MinValue, long.MaxValue) is { } given ? unchecked((ulong)given) : RandomId.Seed();
        var stops = Stop(request);
        Refuse(request);
        var tokens = (int)(mostCompleted ?? most ?? usual ?? UsualTokens);
        return new(tokens, (int)choices, seed, stops)
        {
            Options = new SamplingOptions
            {
                Temperature = temperature,
                TopP = topP,
                TopK = (int)Math.Max(0, topK),
                RepetitionPenalty = penalty,
                MaxTokens = tokens,
            },
        };
    }

    private static ImmutableArray<string> Stop(RequestMembers request)
    {
        if (request.Find("stop") is not { } stop)
            return [];
        if (stop.ValueKind == JsonValueKind.String)
            return stop.GetString() is { Length: > 0 } only ? [only] : [];
        if (stop.ValueKind != JsonValueKind.Array || stop.EnumerateArray().Any(s => s.ValueKind != JsonValueKind.String))
            throw request.Wrong("stop", "a string or an array of strings", stop);
        ImmutableArray<string> stops = [.. stop.EnumerateArray().Select(s => s.GetString()!)];
        if (stops.Length > MostStops || stops.Any(s => s.Length == 0))
            throw ApiException.Invalid(
                $"Invalid value for 'stop': expected at most {MostStops} strings, none of them empty.",
                "stop",
                "invalid_value"
            );
        return stops;
    }

    // What OpenAI has and nano has not is accepted only with a value that changes nothing.
    private static void Refuse(RequestMembers request)
    {
        static bool IsZero(JsonElement e) => e.ValueKind == JsonValueKind.Number && e.GetDouble() == 0;
        static bool IsEmpty(JsonElement e) =>
            e.ValueKind == JsonValueKind.Object && !e.EnumerateObject().Any()
            || e.ValueKind == JsonValueKind.Array && e.GetArrayLength() == 0;
        request.Unless("presence_penalty", IsZero, "nano samples without it; only 0 is accepted");
        request.Unless("frequency_penalty", IsZero, "nano samples without it; only 0 is accepted");
        request.Unless("logit_bias", IsEmpty, "nano samples without it");
        request.Ignore("user");
    }
}
