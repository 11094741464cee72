using System.Text.Json;
using AiMe.Serve.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Chat;

/// <summary>A request for chat completions.</summary>
/// <param name="Likeliest">Alternatives of each token; null if no probabilities are wanted.</param>
/// <param name="PromptLikeliest">Alternatives of each token of the prompt; null if the prompt is not scored.</param>
/// <param name="IsContinued">Whether the last message, the assistant's, is continued.</param>
internal sealed record ChatRequest(
    string Model,
    RequestMessages Chat,
    TextRequest Text,
    int? Likeliest,
    int? PromptLikeliest,
    bool IsContinued,
    bool IsStream,
    bool HasUsage
)
{
    private const int MostLikeliest = 20;

    /// <summary>Reads a request.</summary>
    /// <exception cref="ApiException">A parameter is wrong, unknown, or not supported.</exception>
    public static ChatRequest Read(RequestMembers request)
    {
        var model = request.NeedText("model");
        var (chat, isContinued) = Messages(request);
        var logprobs = request.Flag("logprobs") ?? false;
        var likeliest = request.Whole("top_logprobs", 0, MostLikeliest);
        if (likeliest is not null && !logprobs)
            throw ApiException.Invalid("'top_logprobs' needs 'logprobs': true.", "top_logprobs", "invalid_parameter_combination");
        var promptLikeliest = request.Whole("prompt_logprobs", 0, MostLikeliest);
        var (isStream, hasUsage) = Stream(request);
        if (promptLikeliest is not null && isStream)
            throw ApiException.Invalid("'prompt_logprobs' is not given in a stream.", "prompt_logprobs", "invalid_parameter_combination");
        var text = TextRequest.Read(request);
        Refuse(request);
        request.End();
        return new(model, chat, text, logprobs ? (int)(likeliest ?? 0) : null, (int?)promptLikeliest, isContinued, isStream, hasUsage);
    }

    /// <summary>Reads the messages, and whether the last one is continued.</summary>
    public static (RequestMessages Chat, bool IsContinued) Messages(RequestMembers request)
    {
        var chat = RequestMessages.Read(request, "messages");
        var isContinued = request.Flag("continue_final_message") ?? false;
        var isPrompted = request.Flag("add_generation_prompt") ?? true;
        if (isContinued == isPrompted)
            throw ApiException.Invalid(
                isContinued
                    ? "'continue_final_message' needs 'add_generation_prompt': false."
                    : "'add_generation_prompt': false is supported only with 'continue_final_message': true.",
                "add_generation_prompt",
                "invalid_parameter_combination"
            );
        if (isContinued && chat.Messages[^1].Role != ChatRole.Assistant)
            throw ApiException.Invalid(
                "'continue_final_message' needs a last message of the assistant.",
                "continue_final_message",
                "invalid_parameter_combination"
            );
        return (chat, isContinued);
    }

    /// <summary>Reads <c>stream</c> and <c>stream_options</c>.</summary>
    public static (bool IsStream, bool HasUsage) Stream(RequestMembers request)
    {
        var isStream = request.Flag("stream") ?? false;
        if (request.Inner("stream_options") is not { } options)
            return (isStream, false);
        if (!isStream)
            throw ApiException.Invalid("'stream_options' needs 'stream': true.", "stream_options", "invalid_parameter_combination");
        var hasUsage = options.Flag("include_usage") ?? false;
        options.Unless("include_obfuscation", e => e.ValueKind == JsonValueKind.False, "answers are not padded");
        options.End();
        return (true, hasUsage);
    }

    private static void Refuse(RequestMembers request)
    {
        static bool IsEmpty(JsonElement e) => e.ValueKind == JsonValueKind.Array && e.GetArrayLength() == 0;
        static bool IsText(JsonElement e, params ReadOnlySpan<string> accepted) =>
            e.ValueKind == JsonValueKind.String && accepted.Contains(e.GetString()!);
        request.Unless(
            "response_format",
            f => f.ValueKind == JsonValueKind.Object && f.TryGetProperty("type", out var type) && IsText(type, "text"),
            "nano writes no JSON; only {\"type\": \"text\"} is accepted"
        );
        request.Unless("tools", IsEmpty, "this server has no tools");
        request.Unless("functions", IsEmpty, "this server has no tools");
        request.Unless("tool_choice", c => IsText(c, "none", "auto"), "this server has no tools");
        request.Unless("modalities", m => m.ToString() == "[\"text\"]", "this server has only text");
        request.Unless("store", s => s.ValueKind == JsonValueKind.False, "answers are not stored");
        request.Unless("service_tier", t => IsText(t, "auto", "default"), "there is one tier");
        // They change no answer.
        request.Ignore("metadata", "parallel_tool_calls", "safety_identifier", "prompt_cache_key");
    }
}
