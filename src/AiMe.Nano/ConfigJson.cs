using System.Text.Json;

namespace AiMe.Nano;

/// <summary>Reads and writes the shape as Hugging Face's config.json of a Llama model.</summary>
internal static class ConfigJson
{
    public static byte[] Write(NanoConfig config)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", "llama");
            json.WriteString("hidden_act", "silu");
            json.WriteNumber("hidden_size", config.Width);
            json.WriteNumber("intermediate_size", config.Hidden);
            json.WriteNumber("num_hidden_layers", config.Layers);
            json.WriteNumber("num_attention_heads", config.Heads);
            json.WriteNumber("num_key_value_heads", config.Heads);
            json.WriteNumber("max_position_embeddings", config.Context);
            json.WriteNumber("vocab_size", config.Vocabulary);
            json.WriteNumber("rms_norm_eps", 1e-5);
            json.WriteNumber("rope_theta", NanoConfig.RotaryBase);
            json.WriteBoolean("attention_bias", value: false);
            json.WriteBoolean("mlp_bias", value: false);
            json.WriteBoolean("tie_word_embeddings", value: true);
            json.WriteString("torch_dtype", "float32");
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static NanoConfig Read(ReadOnlySpan<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            var json = document.RootElement;
            int Number(string name) => json.GetProperty(name).GetInt32();
            var llama =
                json.GetProperty("model_type").GetString() == "llama"
                && json.GetProperty("tie_word_embeddings").GetBoolean()
                && Number("num_key_value_heads") == Number("num_attention_heads")
                && json.GetProperty("rms_norm_eps").GetDouble() == 1e-5
                && json.GetProperty("rope_theta").GetDouble() == NanoConfig.RotaryBase;
            if (!llama)
                throw new FormatException(
                    "config.json: expected a llama with tied embeddings, full heads, rms_norm_eps 1e-5 and rope_theta 10000"
                );
            var config = new NanoConfig(
                Number("vocab_size"),
                Number("hidden_size"),
                Number("num_hidden_layers"),
                Number("num_attention_heads"),
                Number("intermediate_size"),
                Number("max_position_embeddings")
            );
            config.Validate();
            Plain(json, config);
            return config;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"this is not the config.json of a nano model: {e.Message}", e);
        }
    }

    // Other keys must not ask for another computation: such a model would give wrong answers without an error.
    private static void Plain(JsonElement json, NanoConfig config)
    {
        if (Says("hidden_act") is { } act && act.GetString() != "silu")
            throw new FormatException($"config.json: expected hidden_act silu; it is {act.GetString()}");
        if (Says("head_dim") is { } size && size.GetInt32() != config.HeadSize)
            throw new FormatException(
                $"config.json: expected head_dim {config.HeadSize}, hidden_size by num_attention_heads; it is {size.GetInt32()}"
            );
        foreach (var name in (string[])["attention_bias", "mlp_bias"])
        {
            if (Says(name) is { ValueKind: not JsonValueKind.False })
                throw new FormatException($"config.json: expected {name} false: nano has no biases");
        }

        foreach (var name in (string[])["rope_scaling", "quantization_config"])
        {
            if (Says(name) is not null)
                throw new FormatException($"config.json: expected no {name}: nano has none");
        }

        JsonElement? Says(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
