using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Serve.Chat;
using AiMe.Serve.Http;
using AiMe.Serve.Models;

namespace AiMe.Serve.Completions;

/// <summary>A request for plain completions, OpenAI's legacy form.</summary>
/// <param name="Prompt">The member of the request: texts or token ids.</param>
/// <param name="Likeliest">Alternatives of each token; null if no probabilities are wanted.</param>
internal sealed record CompletionRequest(
    string Model,
    JsonElement Prompt,
    TextRequest Text,
    int? Likeliest,
    bool IsEchoed,
    bool IsStream,
    bool HasUsage
)
{
    private const int UsualTokens = 16,
        MostLikeliest = 20,
        MostPrompts = 256;

    /// <summary>Reads a request.</summary>
    /// <exception cref="ApiException">A parameter is wrong, unknown, or not supported.</exception>
    public static CompletionRequest Read(RequestMembers request)
    {
        var model = request.NeedText("model");
        var prompt = request.Find("prompt")
            ?? throw ApiException.Invalid(
                "Missing required parameter: 'prompt': expected a text or an array of token ids.",
                "prompt",
                "missing_required_parameter"
            );
        var likeliest = request.Whole("logprobs", 0, MostLikeliest);
        var isEchoed = request.Flag("echo") ?? false;
        var (isStream, hasUsage) = ChatRequest.Stream(request);
        var text = TextRequest.Read(request, UsualTokens);
        if (request.Whole("best_of", 1, int.MaxValue) is { } best && best != text.Choices)
            throw ApiException.Unsupported("best_of", "only the value of 'n' is accepted");
        request.Unless("suffix", s => s.ValueKind == JsonValueKind.String && s.GetString()!.Length == 0, "nano writes only after a text");
        // As vLLM has it; there are no special tokens in a text anyway.
        request.Unless("add_special_tokens", s => s.ValueKind is JsonValueKind.True or JsonValueKind.False, "expected true or false");
        request.End();
        if (isEchoed && isStream)
            throw ApiException.Unsupported("echo", "a stream gives only what is new");
        return new(model, prompt, text, (int?)likeliest, isEchoed, isStream, hasUsage);
    }

    /// <summary>The prompts in tokens.</summary>
    /// <exception cref="ApiException">They are neither texts nor token ids, or one is empty.</exception>
    public ImmutableArray<ImmutableArray<int>> Prompts(IServedFamily family, int vocabulary)
    {
        ImmutableArray<ImmutableArray<int>> prompts = Prompt.ValueKind switch
        {
            JsonValueKind.String =>
            [
                [.. family.Encode(Prompt.GetString()!)],
            ],
            JsonValueKind.Array when Prompt.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number) => [Ids(Prompt)],
            JsonValueKind.Array => [.. Prompt.EnumerateArray().Select(Of)],
            _ => throw Wrong(),
        };
        if (prompts.Length is 0 or > MostPrompts)
            throw ApiException.Invalid($"Invalid value for 'prompt': expected 1 to {MostPrompts} prompts.", "prompt", "invalid_value");
        foreach (var prompt in prompts)
        {
            if (prompt.IsEmpty)
                throw ApiException.Invalid("Invalid value for 'prompt': a prompt has no token.", "prompt", "invalid_value");
            if (prompt.FirstOrDefault(id => id < 0 || id >= vocabulary, -1) is var unknown && prompt.Any(id => id < 0 || id >= vocabulary))
                throw ApiException.Invalid(
                    $"Invalid value for 'prompt': {unknown} is no token id; expected 0 to {vocabulary - 1}.",
                    "prompt",
                    "invalid_value"
                );
            if (prompt.Length > family.Context || !IsEchoed && prompt.Length + Text.Most > family.Context)
                throw ApiException.Invalid(
                    $"This model's maximum context length is {family.Context} tokens. However, you requested {prompt.Length} tokens in "
                        + $"the prompt and {Text.Most} in the completion.",
                    "prompt",
                    "context_length_exceeded"
                );
        }

        return prompts;

        ImmutableArray<int> Of(JsonElement e) =>
            e.ValueKind == JsonValueKind.String ? [.. family.Encode(e.GetString()!)]
            : e.ValueKind == JsonValueKind.Array ? Ids(e)
            : throw Wrong();
    }

    private static ImmutableArray<int> Ids(JsonElement list) =>
        [.. list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var id) ? id : throw Wrong())];

    private static ApiException Wrong() =>
        ApiException.Invalid(
            "Invalid type for 'prompt': expected a text, texts, token ids, or arrays of token ids.",
            "prompt",
            "invalid_type"
        );
}
