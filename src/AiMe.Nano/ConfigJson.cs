using System.Text.Json;

namespace AiMe.Nano;

/// <summary>
/// Reads and writes the shape as Hugging Face's config.json of a model of Llama's family: <c>llama</c>, and
/// <c>qwen2</c>, which adds biases to queries, keys and values.
/// </summary>
/// <remarks>
/// A missing key has the default of Hugging Face's software. A key that asks for another computation is refused by its
/// name: such a model would give wrong answers without an error.
/// </remarks>
internal static class ConfigJson
{
    public static byte[] Write(NanoConfig config)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue(config.AttentionBias ? "Qwen2ForCausalLM" : "LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", config.AttentionBias ? "qwen2" : "llama");
            json.WriteString("hidden_act", "silu");
            json.WriteNumber("hidden_size", config.Width);
            json.WriteNumber("intermediate_size", config.Hidden);
            json.WriteNumber("num_hidden_layers", config.Layers);
            json.WriteNumber("num_attention_heads", config.Heads);
            json.WriteNumber("num_key_value_heads", config.KeyValueHeads);
            if (config.HeadSize * config.Heads != config.Width)
                json.WriteNumber("head_dim", config.HeadSize);
            json.WriteNumber("max_position_embeddings", config.Context);
            json.WriteNumber("vocab_size", config.Vocabulary);
            json.WriteNumber("rms_norm_eps", config.NormEpsilon);
            json.WriteNumber("rope_theta", config.RotaryBase);
            WriteScaling(json, config.RotaryScaling);
            if (!config.AttentionBias)
            {
                json.WriteBoolean("attention_bias", value: false);
                json.WriteBoolean("mlp_bias", value: false);
            }

            json.WriteBoolean("tie_word_embeddings", config.TiedEmbedding);
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
            var config = Read(new ConfigKeys(document.RootElement));
            config.Validate();
            return config;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"config.json: this is not a model that nano can run: {e.Message}", e);
        }
    }

    private static NanoConfig Read(ConfigKeys keys)
    {
        var family = keys.Text("model_type") ?? throw new FormatException("config.json: expected model_type llama or qwen2; it is missing");
        if (family is not ("llama" or "qwen2"))
            throw new FormatException($"config.json: expected model_type llama or qwen2; it is {family}");
        var qwen = family == "qwen2";
        Refuse(keys);
        var (width, heads) = (keys.Size("hidden_size"), keys.Size("num_attention_heads"));
        var shape = new NanoConfig(
            keys.Size("vocab_size"),
            width,
            keys.Size("num_hidden_layers"),
            heads,
            keys.Size("intermediate_size"),
            keys.Size("max_position_embeddings", qwen ? 32768 : 2048)
        );
        return shape with
        {
            KeyValueHeads = keys.Size("num_key_value_heads", heads),
            HeadSize = keys.Size("head_dim", shape.HeadSize),
            NormEpsilon = keys.Number("rms_norm_eps", 1e-6),
            RotaryBase = keys.Rope("rope_theta")?.GetDouble() ?? keys.Number("rope_theta", 10000),
            RotaryScaling = Scaling(keys),
            TiedEmbedding = keys.Flag("tie_word_embeddings"),
            AttentionBias = qwen,
        };
    }

    private static void Refuse(ConfigKeys keys)
    {
        if (keys.Text("hidden_act") is { } act && act != "silu")
            throw new FormatException($"config.json: expected hidden_act silu; it is {act}");
        foreach (var name in (string[])["attention_bias", "mlp_bias", "use_sliding_window", "rope_interleaved"])
        {
            if (keys.Flag(name))
                throw new FormatException($"config.json: expected {name} false: nano has none");
        }

        if (keys.Has("quantization_config"))
            throw new FormatException("config.json: expected no quantization_config: take the checkpoint in bf16, f16 or f32");
        if ((keys.Rope("partial_rotary_factor")?.GetDouble() ?? keys.Number("partial_rotary_factor", 1)) != 1)
            throw new FormatException("config.json: expected partial_rotary_factor 1: nano rotates whole heads");
        if (keys.Texts("layer_types").FirstOrDefault(t => t != "full_attention") is { } type)
            throw new FormatException($"config.json: expected layer_types full_attention; one is {type}");
    }

    private static RotaryScaling? Scaling(ConfigKeys keys)
    {
        var type = (keys.Rope("rope_type") ?? keys.Rope("type"))?.GetString();
        if (type is null && keys.Has("rope_scaling"))
            throw new FormatException("config.json: expected rope_scaling.rope_type, one of default, linear and llama3; it is missing");
        double Number(string name) =>
            keys.Rope(name)?.GetDouble()
            ?? throw new FormatException($"config.json: expected rope_scaling.{name}, a number; it is missing");
        return type switch
        {
            null or "default" => null,
            "linear" => new LinearRotaryScaling(Number("factor")),
            "llama3" => new Llama3RotaryScaling(
                Number("factor"),
                Number("low_freq_factor"),
                Number("high_freq_factor"),
                (int)Number("original_max_position_embeddings")
            ),
            _ => throw new FormatException($"config.json: expected rope_scaling of type default, linear or llama3; it is {type}"),
        };
    }

    private static void WriteScaling(Utf8JsonWriter json, RotaryScaling? scaling)
    {
        if (scaling is null)
            return;
        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", scaling is Llama3RotaryScaling ? "llama3" : "linear");
        json.WriteNumber("factor", scaling.Factor);
        if (scaling is Llama3RotaryScaling llama)
        {
            json.WriteNumber("low_freq_factor", llama.LowFactor);
            json.WriteNumber("high_freq_factor", llama.HighFactor);
            json.WriteNumber("original_max_position_embeddings", llama.OldContext);
        }

        json.WriteEndObject();
    }

    /// <summary>The keys of a config.json; null counts as missing.</summary>
    private readonly struct ConfigKeys(JsonElement json)
    {
        public bool Has(string name) => Find(json, name) is not null;

        public string? Text(string name) => Find(json, name)?.GetString();

        public IEnumerable<string> Texts(string name) => Find(json, name)?.EnumerateArray().Select(t => t.GetString() ?? "") ?? [];

        public bool Flag(string name) => Find(json, name)?.GetBoolean() ?? false;

        public double Number(string name, double missing) => Find(json, name)?.GetDouble() ?? missing;

        public int Size(string name, int missing) => Has(name) ? Size(name) : missing;

        public int Size(string name) =>
            Find(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var size)
                ? size
                : throw new FormatException(
                    $"config.json: expected {name}, an integer; it is {Find(json, name)?.GetRawText() ?? "missing"}"
                );

        /// <summary>A key of the rotary positions: older software writes rope_scaling, newer rope_parameters.</summary>
        public JsonElement? Rope(string name)
        {
            foreach (var group in (string[])["rope_parameters", "rope_scaling"])
            {
                if (Find(json, group) is { } rope && Find(rope, name) is { } value)
                    return value;
            }

            return null;
        }

        private static JsonElement? Find(JsonElement from, string name) =>
            from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}
