using System.Text.Json;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>Requests for the log-probability of given text, as the servers' JSON.</summary>
internal static class ScoringRequest
{
    /// <summary>A chat of which nothing is wanted but the log-probabilities of what it says.</summary>
    /// <param name="continued">Whether the last message is not ended.</param>
    public static OpenAiBody Chat(string model, IEnumerable<(string Role, string? Name, string Content)> messages, bool continued) =>
        OpenAiRequest.Plain(json =>
        {
            json.WriteString("model", model);
            OpenAiRequest.WriteMessages(json, messages);
            WriteEnd(json, continued);
            json.WriteNumber("prompt_logprobs", 0);
            json.WriteNumber("max_tokens", 1);
        });

    /// <summary>The tokens of a chat.</summary>
    public static OpenAiBody Tokens(string model, IEnumerable<(string Role, string? Name, string Content)> messages, bool continued) =>
        OpenAiRequest.Plain(json =>
        {
            json.WriteString("model", model);
            OpenAiRequest.WriteMessages(json, messages);
            WriteEnd(json, continued);
        });

    /// <summary>An echo of tokens.</summary>
    public static OpenAiBody Echo(string model, IEnumerable<int> tokens) => Echo(model, json =>
        {
            json.WriteStartArray("prompt");
            foreach (var token in tokens)
                json.WriteNumberValue(token);
            json.WriteEndArray();
        });

    /// <summary>An echo of a text.</summary>
    public static OpenAiBody Echo(string model, string text) => Echo(model, json => json.WriteString("prompt", text));

    private static OpenAiBody Echo(string model, Action<Utf8JsonWriter> prompt) =>
        OpenAiRequest.Plain(json =>
        {
            json.WriteString("model", model);
            prompt(json);
            json.WriteBoolean("echo", true);
            json.WriteNumber("logprobs", 0);
            json.WriteNumber("max_tokens", 0);
        });

    private static void WriteEnd(Utf8JsonWriter json, bool continued)
    {
        json.WriteBoolean("add_generation_prompt", !continued);
        json.WriteBoolean("continue_final_message", continued);
    }
}
