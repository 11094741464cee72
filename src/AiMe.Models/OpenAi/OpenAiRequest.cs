using System.Globalization;
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

    /// <summary>A chat request in a server's dialect.</summary>
    public static OpenAiBody Chat(
        string model,
        IEnumerable<ChatMessage> messages,
        ChatOptions options,
        OpenAiDialect dialect,
        bool stream
    ) => Body(dialect, (json, sends) =>
        {
            json.WriteString("model", model);
            WriteMessages(json, dialect.Names ? OpenAiMessages.Named(messages, TaskOf(options)) : OpenAiMessages.Of(messages));
            if (options.Temperature is { } temperature && sends(RequestParameters.Temperature))
                json.WriteNumber("temperature", temperature);
            if (options.TopP is { } topP && sends(RequestParameters.TopP))
                json.WriteNumber("top_p", topP);
            if (options.MaxOutputTokens is { } most && sends(RequestParameters.TokenLimit))
                json.WriteNumber(dialect.TokenLimit, most);
            if (options.Seed is { } seed && sends(RequestParameters.Seed))
                json.WriteNumber("seed", dialect.Names ? seed : seed & SeedBits);
            if (options.StopSequences is { Count: > 0 } stops && sends(RequestParameters.Stop))
                WriteTexts(json, "stop", stops);
            if (WantsNats(options) && sends(RequestParameters.LogProbabilities))
                WriteLikelihoods(json, Alternatives(options), dialect, sends);
            if (options.ResponseFormat is ChatResponseFormatJson format && sends(RequestParameters.ResponseFormat))
                WriteFormat(json, format, dialect);
            if (stream)
                json.WriteBoolean("stream", true);
            if (stream && sends(RequestParameters.StreamOptions))
                WriteStreamOptions(json);
        });

    /// <summary>
    /// An embedding request, with base64 of 32-bit floats: exact, and a third of the length of decimals.
    /// </summary>
    public static OpenAiBody Embeddings(string model, IEnumerable<string> texts, int? dimensions, OpenAiDialect dialect) =>
        Body(dialect, (json, sends) =>
        {
            json.WriteString("model", model);
            WriteTexts(json, "input", texts);
            if (sends(RequestParameters.EncodingFormat))
                json.WriteString("encoding_format", "base64");
            if (dimensions is { } n && sends(RequestParameters.Dimensions))
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
            json.WriteString("aime_round", order.Round.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        });

    // The log-probability of an answer is a figure of the experiment; that of structured output is not.
    private static bool WantsNats(ChatOptions options) => options.ResponseFormat is not ChatResponseFormatJson;

    private static int? Alternatives(ChatOptions options) =>
        WantsNats(options) && options.AdditionalProperties?.TryGetValue(Parts.AlternativesWanted, out var wanted) == true && wanted is int n
            ? n
            : null;

    private static TextTask TaskOf(ChatOptions options) =>
        options.AdditionalProperties?.GetValueOrDefault(Parts.Task) is TextTask task ? task : TextTask.Answer;

    internal static void WriteMessages(Utf8JsonWriter json, IEnumerable<ChatMessage> messages) =>
        WriteMessages(json, OpenAiMessages.Of(messages));

    internal static void WriteMessages(Utf8JsonWriter json, IEnumerable<(string Role, string? Name, string Content)> messages)
    {
        json.WriteStartArray("messages");
        foreach (var (role, name, content) in messages)
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

    private static void WriteLikelihoods(Utf8JsonWriter json, int? alternatives, OpenAiDialect dialect, Func<string, bool> sends)
    {
        json.WriteBoolean("logprobs", true);
        if (alternatives is not { } wanted || !sends(RequestParameters.Alternatives))
            return;
        var most = int.TryParse(dialect.Instead(RequestParameters.Alternatives), CultureInfo.InvariantCulture, out var limit)
            ? limit
            : wanted;
        json.WriteNumber("top_logprobs", Math.Min(wanted, most));
    }

    private static void WriteStreamOptions(Utf8JsonWriter json)
    {
        json.WriteStartObject("stream_options");
        json.WriteBoolean("include_usage", true);
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormatJson format, OpenAiDialect dialect)
    {
        var schema = dialect.Instead(RequestParameters.ResponseFormat) is null ? format.Schema : null;
        json.WriteStartObject("response_format");
        json.WriteString("type", schema is null ? OpenAiDialect.JsonObject : OpenAiDialect.JsonSchema);
        if (schema is { } described)
        {
            json.WriteStartObject("json_schema");
            json.WriteString("name", format.SchemaName ?? "answer");
            if (format.SchemaDescription is { } description)
                json.WriteString("description", description);
            json.WriteBoolean("strict", true);
            json.WritePropertyName("schema");
            described.WriteTo(json);
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

    private static OpenAiBody Body(OpenAiDialect dialect, Action<Utf8JsonWriter, Func<string, bool>> write)
    {
        List<string> sent = [];
        var json = Bytes(writer => write(writer, parameter =>
            {
                if (!dialect.Sends(parameter))
                    return false;
                sent.Add(parameter);
                return true;
            }));
        return new(json, [.. sent]);
    }

    /// <summary>A request without optional parameters.</summary>
    internal static OpenAiBody Plain(Action<Utf8JsonWriter> write) => new(Bytes(write), []);

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
