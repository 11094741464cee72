using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiMe.Nano.Tokens.Bpe;

/// <summary>A token that was added to those of the merges.</summary>
/// <param name="Special">Whether it marks something and is never the meaning of a text.</param>
/// <param name="Normalized">Whether it is looked for in normalized text.</param>
internal sealed record AddedToken(string Text, int Id, bool Special, bool Normalized);

/// <summary>Reads Hugging Face's tokenizer.json. What nano does not do is refused by the name of its key.</summary>
internal sealed partial class BpeFile
{
    private const int MostTokens = 1 << 20;
    private static readonly string[] Letters = Tokenizer.ByteLetters();
    private static readonly Dictionary<char, byte> ByteOf = Enumerable.Range(0, 256).ToDictionary(b => Letters[b][0], b => (byte)b);

    private BpeFile(byte[] json, JsonElement root)
    {
        Json = json;
        var model = root.GetProperty("model");
        Check(model);
        Added = [.. root.GetProperty("added_tokens").EnumerateArray().Select(Token)];
        var (composed, blanks) = Normalizer(root);
        Rules = new BpeRules(composed, Splitters(root, blanks), blanks, Flag(model, "ignore_merges"));
        if (blanks != Blanks.None && !Flag(model, "byte_fallback"))
            throw new FormatException("tokenizer.json: expected model.byte_fallback true: every text must have ids");
        Ids = model.GetProperty("vocab").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetInt32(), StringComparer.Ordinal);
        Bytes = [.. Enumerable.Range(0, 256).Select(ByteId)];
        foreach (var merge in model.GetProperty("merges").EnumerateArray())
            AddMerge(merge);
        Beginning = BeginningOf(root);
        CheckIds();
    }

    // An id of another kind would take its memory, or none.
    private void CheckIds()
    {
        if (Ids.FirstOrDefault(t => t.Value is < 0 or >= MostTokens) is { Key: { } text } wrong)
            throw new FormatException($"tokenizer.json: expected ids from 0 to {MostTokens - 1}; that of \"{text}\" is {wrong.Value}");
        if (Array.Find(Added, t => t.Id is < 0 or >= MostTokens) is { } added)
            throw new FormatException($"tokenizer.json: expected ids from 0 to {MostTokens - 1}; that of \"{added.Text}\" is {added.Id}");
        if (Added.GroupBy(t => t.Text, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"tokenizer.json: added_tokens has \"{twice.Key}\" twice");
    }

    private static string? BeginningOf(JsonElement root)
    {
        if (Find(root, "post_processor") is not { } rule)
            return null;
        foreach (var step in Steps(rule, "processors").Where(s => TypeOf(s) == "TemplateProcessing"))
        {
            if (step.GetProperty("single").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first)
                return Find(first, "SpecialToken")?.GetProperty("id").GetString();
        }

        return null;
    }

    public byte[] Json { get; }

    /// <summary>The special token that is put before every text; null for none.</summary>
    public string? Beginning { get; }

    public BpeRules Rules { get; }

    public Dictionary<string, int> Ids { get; }

    public AddedToken[] Added { get; }

    public int[] Bytes { get; }

    public PairMerges Merges { get; } = new();

    public static BpeFile Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new BpeFile(json, document.RootElement);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException
                        or IndexOutOfRangeException
                        or OverflowException
            )
        {
            throw new FormatException($"tokenizer.json: expected a tokenizer of byte-pair encoding: {e.Message}", e);
        }
    }

    /// <summary>Bytes in GPT-2's letters.</summary>
    public static string LettersOf(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
            text.Append(Letters[b]);
        return text.ToString();
    }

    /// <summary>The text that a token of the vocabulary stands for.</summary>
    public byte[] BytesOf(string token)
    {
        if (Rules.Blanks == Blanks.None)
            return [.. token.Select(c => ByteOf.TryGetValue(c, out var b) ? [b] : Encoding.UTF8.GetBytes([c])).SelectMany(b => b)];
        return IsByte(token, out var value) ? [value] : Encoding.UTF8.GetBytes(token.Replace('\u2581', ' '));
    }

    private static bool IsByte(string token, out byte value)
    {
        value = 0;
        return token.Length == 6
            && token.StartsWith("<0x", StringComparison.Ordinal)
            && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private int ByteId(int value)
    {
        var name = Rules.Blanks != Blanks.None ? $"<0x{value:X2}>" : Letters[value];
        return Ids.TryGetValue(name, out var id)
            ? id
            : throw new FormatException($"tokenizer.json: expected model.vocab to have the byte {value}, \"{name}\"; it is missing");
    }

    private void AddMerge(JsonElement merge)
    {
        string[] parts =
            merge.ValueKind == JsonValueKind.Array
                ? [.. merge.EnumerateArray().Select(p => p.GetString()!)]
                : merge.GetString()!.Split(' ');
        if (
            parts.Length != 2
            || !Ids.TryGetValue(parts[0], out var left)
            || !Ids.TryGetValue(parts[1], out var right)
            || !Ids.TryGetValue(parts[0] + parts[1], out var made)
        )
            throw new FormatException(
                $"tokenizer.json: expected model.merges of two tokens of the vocabulary into a third; one is {merge.GetRawText()}"
            );
        Merges.Add(left, right, made);
    }

    private static void Check(JsonElement model)
    {
        if (model.GetProperty("type").GetString() is not "BPE" and var type)
            throw new FormatException($"tokenizer.json: expected model.type BPE; it is {type}");
        foreach (var name in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (
                Find(model, name) is { } value
                && value is not { ValueKind: JsonValueKind.String } and not { ValueKind: JsonValueKind.Number }
            )
                throw new FormatException($"tokenizer.json: expected model.{name} null");
            if (Find(model, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 })
                throw new FormatException($"tokenizer.json: expected model.{name} null; it is {text.GetRawText()}");
            if (Find(model, name) is { ValueKind: JsonValueKind.Number } number && number.GetDouble() != 0)
                throw new FormatException($"tokenizer.json: expected model.{name} null; it is {number.GetRawText()}");
        }
    }

    private static AddedToken Token(JsonElement token)
    {
        AddedToken read = new(
            token.GetProperty("content").GetString()!,
            token.GetProperty("id").GetInt32(),
            Flag(token, "special"),
            Flag(token, "normalized")
        );
        if (read.Text.Length == 0)
            throw new FormatException($"tokenizer.json: expected added_tokens with content; that of id {read.Id} is empty");
        // a special token is written by its id, never found in a text
        foreach (var name in (string[])["single_word", "lstrip", "rstrip"])
        {
            if (!read.Special && Flag(token, name))
                throw new FormatException($"tokenizer.json: expected added_tokens with {name} false; \"{read.Text}\" has it true");
        }

        return read;
    }

    // Whether text is composed; where blanks are U+2581.
    private static (bool Composed, Blanks Blanks) Normalizer(JsonElement root)
    {
        if (Find(root, "normalizer") is not { } rule)
            return (false, Metaspace(root) ? Blanks.Start : Blanks.None);
        var steps = Steps(rule, "normalizers").ToArray();
        if (steps is [var only] && TypeOf(only) == "NFC")
            return (true, Blanks.None);
        var blanks =
            steps is [var first, var second]
            && TypeOf(first) == "Prepend"
            && first.GetProperty("prepend").GetString() == "\u2581"
            && TypeOf(second) == "Replace"
            && second.GetProperty("pattern").GetProperty("String").GetString() == " "
            && second.GetProperty("content").GetString() == "\u2581";
        return blanks
            ? (false, Blanks.EachPart)
            : throw new FormatException(
                $"tokenizer.json: expected normalizer null, NFC, or SentencePiece's Prepend and Replace; it is "
                    + string.Join(", ", steps.Select(TypeOf))
            );
    }

    // Newer files of SentencePiece have the blanks in the pre-tokenizer.
    private static bool Metaspace(JsonElement root) =>
        Find(root, "pre_tokenizer") is { } rule
        && TypeOf(rule) == "Metaspace"
        && !(Find(rule, "split")?.GetBoolean() ?? true)
        && rule.GetProperty("prepend_scheme").GetString() == "first"
        && rule.GetProperty("replacement").GetString() == "\u2581";

    private static List<TextSplitter> Splitters(JsonElement root, Blanks blanks)
    {
        List<TextSplitter> splitters = [];
        if (blanks == Blanks.Start)
            return splitters;
        if (Find(root, "pre_tokenizer") is not { } rule)
            return blanks != Blanks.None
                ? splitters
                : throw new FormatException("tokenizer.json: expected a pre_tokenizer of type ByteLevel; it is missing");
        var byteLevel = false;
        foreach (var step in Steps(rule, "pretokenizers"))
        {
            switch (TypeOf(step))
            {
                case "Digits":
                    splitters.Add(new DigitSplitter(Flag(step, "individual_digits")));
                    break;
                case "Split":
                    splitters.Add(Pattern(step));
                    break;
                case "ByteLevel" when Flag(step, "add_prefix_space"):
                    throw new FormatException("tokenizer.json: expected pre_tokenizer.add_prefix_space false");
                case "ByteLevel":
                    byteLevel = true;
                    if (Find(step, "use_regex")?.GetBoolean() ?? true)
                        splitters.Add(new PatternSplitter(Gpt2));
                    break;
                case var type:
                    throw new FormatException(
                        $"tokenizer.json: expected pre_tokenizer of types ByteLevel, Split and Digits; one is {type}"
                    );
            }
        }

        return byteLevel == (blanks == Blanks.None)
            ? splitters
            : throw new FormatException(
                "tokenizer.json: expected a pre_tokenizer of type ByteLevel, or none under a normalizer of SentencePiece"
            );
    }

    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private static PatternSplitter Pattern(JsonElement step)
    {
        if (Flag(step, "invert") || step.GetProperty("behavior").GetString() != "Isolated")
            throw new FormatException("tokenizer.json: expected a Split with behavior Isolated and invert false");
        if (Find(step.GetProperty("pattern"), "Regex")?.GetString() is not { } pattern)
            throw new FormatException("tokenizer.json: expected a Split by pattern.Regex");
        try
        {
            return new PatternSplitter(Translated(pattern));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"tokenizer.json: expected a Split whose pattern.Regex .NET reads: {e.Message}", e);
        }
    }

    // The other engine writes a code point as \x{80}, and its case-blind s is U+017F too.
    private static string Translated(string pattern) =>
        CodePoint()
            .Replace(pattern, m => $"\\u{Math.Min(int.Parse(m.Groups["hex"].ValueSpan, NumberStyles.AllowHexSpecifier), 0xFFFF):X4}")
            .Replace("(?i:'s|", "(?i:'[s\u017F]|", StringComparison.Ordinal);

    [GeneratedRegex(@"\\x\{(?<hex>[0-9A-Fa-f]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodePoint();

    private static IEnumerable<JsonElement> Steps(JsonElement rule, string name) =>
        TypeOf(rule) == "Sequence" ? rule.GetProperty(name).EnumerateArray() : [rule];

    private static string TypeOf(JsonElement rule) => rule.GetProperty("type").GetString()!;

    private static bool Flag(JsonElement from, string name) => Find(from, name)?.GetBoolean() ?? false;

    private static JsonElement? Find(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
