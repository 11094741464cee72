using System.ClientModel;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Models.Jobs;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>Requests as the API's JSON.</summary>
internal static class OpenAiRequest
{
    // Servers support seeds of different sizes; all of them read 31 bits.
    private const long SeedBits = 0x7FFF_FFFF;

    internal static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A chat request.</summary>
    public static BinaryContent Chat(
        string model,
        IEnumerable<ChatMessage> messages,
        ChatOptions options,
        OpenAiOptions server,
        bool stream
    ) =>
        Body(json =>
        {
            json.WriteString("model", model);
            WriteMessages(json, messages);
            if (options.Temperature is { } temperature)
                json.WriteNumber("temperature", temperature);
            if (options.TopP is { } topP)
                json.WriteNumber("top_p", topP);
            if (options.MaxOutputTokens is { } most)
                json.WriteNumber(server.OldTokenLimit ? "max_tokens" : "max_completion_tokens", most);
            if (options.Seed is { } seed)
                json.WriteNumber("seed", seed & SeedBits);
            if (options.StopSequences is { Count: > 0 } stops)
                WriteTexts(json, "stop", stops);
            if (server.LogProbabilities && WantsNats(options))
                json.WriteBoolean("logprobs", true);
            if (server.LogProbabilities && Alternatives(options) is { } alternatives)
                json.WriteNumber("top_logprobs", alternatives);
            if (options.ResponseFormat is ChatResponseFormatJson format)
                WriteFormat(json, format);
            if (stream)
            {
                json.WriteBoolean("stream", true);
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }
        });

    /// <summary>
    /// An embedding request, with base64 of 32-bit floats: exact, and a third of the length of decimals.
    /// </summary>
    public static BinaryContent Embeddings(string model, IEnumerable<string> texts, int? dimensions) =>
        Body(json =>
        {
            json.WriteString("model", model);
            WriteTexts(json, "input", texts);
            json.WriteString("encoding_format", "base64");
            if (dimensions is { } n)
                json.WriteNumber("dimensions", n);
        });

    /// <summary>
    /// A fine-tuning job on an uploaded file. Its metadata has key, run, instance and round; the key is also the suffix
    /// of the model's name.
    /// </summary>
    public static BinaryData Job(JobOrder order, string file, double? multiplier, int? batch) =>
        Bytes(json =>
        {
            json.WriteString("model", order.Model);
            json.WriteString("training_file", file);
            json.WriteString("suffix", order.Key);
            json.WriteNumber("seed", unchecked((long)order.Seed) & SeedBits);
            json.WriteStartObject("hyperparameters");
            json.WriteNumber("n_epochs", order.Epochs);
            if (multiplier is { } m)
                json.WriteNumber("learning_rate_multiplier", m);
            if (batch is { } b)
                json.WriteNumber("batch_size", b);
            json.WriteEndObject();
            json.WriteStartObject("metadata");
            json.WriteString("aime_key", order.Key);
            json.WriteString("aime_run", order.Run);
            json.WriteString("aime_instance", order.Instance);
            json.WriteString("aime_round", order.Round.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
        });

    // The log-probability of an answer is a figure of the experiment; that of structured output is not.
    private static bool WantsNats(ChatOptions options) => options.ResponseFormat is not ChatResponseFormatJson;

    private static int? Alternatives(ChatOptions options) =>
        WantsNats(options) && options.AdditionalProperties?.TryGetValue(Parts.AlternativesWanted, out var wanted) == true && wanted is int n
            ? n
            : null;

    internal static void WriteMessages(Utf8JsonWriter json, IEnumerable<ChatMessage> messages)
    {
        json.WriteStartArray("messages");
        foreach (var (role, name, content) in OpenAiMessages.Of(messages))
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            if (name is not null)
                json.WriteString("name", name);
            json.WriteString("content", content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormatJson format)
    {
        json.WriteStartObject("response_format");
        json.WriteString("type", format.Schema is null ? "json_object" : "json_schema");
        if (format.Schema is { } schema)
        {
            json.WriteStartObject("json_schema");
            json.WriteString("name", format.SchemaName ?? "answer");
            if (format.SchemaDescription is { } description)
                json.WriteString("description", description);
            json.WriteBoolean("strict", true);
            json.WritePropertyName("schema");
            schema.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static BinaryContent Body(Action<Utf8JsonWriter> write) => BinaryContent.Create(Bytes(write));

    private static BinaryData Bytes(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return BinaryData.FromBytes(stream.ToArray());
    }
}
