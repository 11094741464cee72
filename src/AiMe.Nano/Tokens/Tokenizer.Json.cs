using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiMe.Nano.Tokens;

public sealed partial class Tokenizer
{
    private static readonly string[] Letters = ByteLetters();

    /// <summary>The form of Hugging Face's tokenizer.json; the same tokenizer gives the same bytes.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NewLine = "\n",
        };
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            WriteAddedTokens(json);
            json.WriteNull("normalizer");
            WritePreTokenizer(json);
            json.WriteNull("post_processor");
            json.WriteStartObject("decoder");
            WriteByteLevel(json);
            json.WriteEndObject();
            WriteModel(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">
    /// It is no JSON, or not the tokenizer.json of a nano model; the message says what was expected.
    /// </exception>
    public static Tokenizer FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"this is not the tokenizer.json of a nano model: {e.Message}", e);
        }
    }

    private static Tokenizer Read(JsonElement root)
    {
        var model = root.GetProperty("model");
        if (model.GetProperty("type").GetString() != "BPE")
            throw new FormatException("tokenizer.json: expected model.type BPE");
        var specials = root.GetProperty("added_tokens").EnumerateArray().Select(t => t.GetProperty("content").GetString()!).ToArray();
        var ids = model.GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal);
        for (var b = 0; b < 256; b++)
        {
            if (!ids.TryGetValue(Letters[b], out var id) || id != specials.Length + b)
                throw new FormatException($"tokenizer.json: expected byte {b} (\"{Letters[b]}\") to have id {specials.Length + b}");
        }

        var merges = new List<(int, int)>();
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
        {
            var (left, right) = (merge[0].GetString()!, merge[1].GetString()!);
            var made = specials.Length + 256 + merges.Count;
            if (
                !ids.TryGetValue(left, out var l)
                || !ids.TryGetValue(right, out var r)
                || l >= made
                || r >= made
                || !ids.TryGetValue(left + right, out var id)
                || id != made
            )
                throw new FormatException(
                    $"tokenizer.json: expected merge {merges.Count} (\"{left}\" \"{right}\") of earlier tokens to make id {made}"
                );
            merges.Add((l, r));
        }

        return new Tokenizer(specials, [.. merges]);
    }

    private void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (var i = 0; i < _specials.Length; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", i);
            json.WriteString("content", _specials[i]);
            foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, value: false);
            json.WriteBoolean("special", value: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePreTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", Pieces.Pattern);
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", value: false);
        json.WriteEndObject();
        json.WriteStartObject();
        WriteByteLevel(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // The tokenizers library requires the first two flags wherever the type occurs, also in a decoder, which uses none.
    private static void WriteByteLevel(Utf8JsonWriter json)
    {
        json.WriteString("type", "ByteLevel");
        foreach (var flag in (string[])["add_prefix_space", "trim_offsets", "use_regex"])
            json.WriteBoolean(flag, value: false);
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteStartObject("vocab");
        for (var id = 0; id < _bytes.Length; id++)
            json.WriteNumber(Name(id), id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in _merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(Name(left));
            json.WriteStringValue(Name(right));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private string Name(int id) => id < _specials.Length ? _specials[id] : string.Concat(_bytes[id].Select(b => Letters[b]));

    /// <summary>
    /// GPT-2's alphabet: printable Latin-1 characters map to themselves, the other bytes to the characters from U+0100
    /// on.
    /// </summary>
    internal static string[] ByteLetters()
    {
        var letters = new string[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            letters[b] = new Rune(printable ? b : next++).ToString();
        }

        return letters;
    }
}
