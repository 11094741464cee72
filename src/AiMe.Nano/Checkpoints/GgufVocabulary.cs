using System.Text.Json;

namespace AiMe.Nano.Checkpoints;

/// <summary>The tokenizer as a GGUF file has it: byte-level BPE.</summary>
public sealed class GgufVocabulary
{
    private const int Normal = 1,
        Control = 3,
        UserDefined = 4,
        Unused = 5;

    private readonly Dictionary<int, (string Text, int Type)> _tokens = [];
    private readonly string[] _merges;

    private GgufVocabulary(JsonElement root)
    {
        var model = root.GetProperty("model");
        if (model.GetProperty("type").GetString() != "BPE")
            throw new FormatException("tokenizer.json: expected model.type BPE");
        if (!root.TryGetProperty("pre_tokenizer", out var cut) || !cut.GetRawText().Contains("\"ByteLevel\"", StringComparison.Ordinal))
            throw new FormatException("the tokenizer is not of byte-level BPE, and only such are written as gguf; expected another form");
        foreach (var token in model.GetProperty("vocab").EnumerateObject())
            _tokens[token.Value.GetInt32()] = (token.Name, Normal);
        foreach (var token in root.GetProperty("added_tokens").EnumerateArray())
        {
            var special = token.GetProperty("special").GetBoolean();
            _tokens[token.GetProperty("id").GetInt32()] = (token.GetProperty("content").GetString()!, special ? Control : UserDefined);
        }

        _merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)];
        Splitter = SplitterOf(root);
    }

    /// <summary>
    /// llama.cpp's name for the way in which text is cut before it is merged; null if it has no such way, so that its ids
    /// of a text differ.
    /// </summary>
    public string? Splitter { get; }

    /// <summary>The token before a text, if the model expects one.</summary>
    public int? BeginningOfText { get; init; }

    /// <summary>The token that ends an answer.</summary>
    public int? EndOfText { get; init; }

    /// <summary>The chat template, as Hugging Face's software writes it.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Reads a tokenizer.json.</summary>
    /// <exception cref="FormatException">It is not that of byte-level BPE.</exception>
    public static GgufVocabulary FromJson(
        ReadOnlySpan<byte> tokenizer,
        int? beginningOfText = null,
        int? endOfText = null,
        string? template = null
    )
    {
        try
        {
            using var json = JsonDocument.Parse(tokenizer.ToArray());
            return new GgufVocabulary(json.RootElement)
            {
                BeginningOfText = beginningOfText,
                EndOfText = endOfText,
                ChatTemplate = template,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"tokenizer.json: expected a tokenizer of byte-level BPE: {e.Message}", e);
        }
    }

    /// <summary>The keys of the file.</summary>
    /// <param name="size">The model's vocabulary: ids without a token get an unused one.</param>
    internal IEnumerable<(string Key, object Value)> Keys(int size)
    {
        if (_tokens.Keys.Max() >= size)
            throw new FormatException($"the tokenizer has the id {_tokens.Keys.Max()}, the model has {size} tokens");
        (string Text, int Type)[] all =
        [
            .. Enumerable.Range(0, size).Select(id => _tokens.GetValueOrDefault(id, (Text: $"[unused{id}]", Type: Unused))),
        ];
        yield return ("tokenizer.ggml.model", "gpt2");
        yield return ("tokenizer.ggml.pre", Splitter ?? "gpt-2");
        yield return ("tokenizer.ggml.tokens", all.Select(t => t.Text).ToArray());
        yield return ("tokenizer.ggml.token_type", all.Select(t => t.Type).ToArray());
        yield return ("tokenizer.ggml.merges", _merges);
        yield return ("tokenizer.ggml.add_bos_token", BeginningOfText is not null);
        if (BeginningOfText is { } first)
            yield return ("tokenizer.ggml.bos_token_id", (uint)first);
        if (EndOfText is { } end)
            yield return ("tokenizer.ggml.eos_token_id", (uint)end);
        if (ChatTemplate is { } template)
            yield return ("tokenizer.chat_template", template);
    }

    private static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!;

    private static string? SplitterOf(JsonElement root)
    {
        var text = root.TryGetProperty("pre_tokenizer", out var rule) ? rule.GetRawText() : "";
        return text.Contains("\\\\p{N}{1,3}", StringComparison.Ordinal) ? "llama-bpe"
            : text.Contains("|\\\\p{N}|", StringComparison.Ordinal) ? "qwen2"
            : text.Contains("\"Split\"", StringComparison.Ordinal) ? null
            : text.Contains("\"Digits\"", StringComparison.Ordinal) ? "smollm"
            : text.Contains("\"ByteLevel\"", StringComparison.Ordinal) ? "gpt-2"
            : null;
    }
}
