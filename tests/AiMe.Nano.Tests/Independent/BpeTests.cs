using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json.Nodes;
using AiMe.Nano.Tokens;
using AiMe.Nano.Tokens.Bpe;

namespace AiMe.Nano.Tests.Independent;

/// <summary>Files of the known families: every id is that of Hugging Face's own library, written in Rust.</summary>
public sealed class BpeTests : IDisposable
{
    private const string Corpus =
        "I am AiMe. What is the opposite of hot? It is cold. What's 3 plus 14? It is 17, I'd say; déjà vu — 你好! I was calm today, "
        + "and I'll be calm tomorrow.\n\nWhat is a tree? A tree is a plant that's tall. Grüße aus Köln, 🦊🦊 2026 12345 don't we've "
        + "Привет מה שלום İstanbul    four  two\t\ttabs\r\n\r\nend";

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"aime-bpe-{Guid.CreateVersion7()}.json");

    public void Dispose() => File.Delete(_file);

    private static readonly string[] Names =
    [
        "gpt2",
        "smollm2",
        "llama3",
        "qwen2",
        "llama2",
        "llama2-metaspace",
        "merges as texts",
        "added tokens",
        "nano",
    ];

    public static TheoryData<string> Families => [.. Names];

    [SkippableTheory]
    [MemberData(nameof(Families))]
    public void Every_id_is_that_of_hugging_faces_library(string family)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && X86Base.IsSupported, "the library is referenced for Linux on x86-64 only");
        var json = FileOf(family);
        File.WriteAllBytes(_file, json);
        var ours = BpeTokenizer.FromJson(json);
        using var theirs = new Tokenizers.DotNet.Tokenizer(_file);
        foreach (var text in Texts(family))
        {
            var ids = ours.Encode(text);
            ids.ShouldBe(theirs.Encode(text).Select(id => (int)id), $"of {Escaped(text)}");
            if (family != "qwen2" && !family.StartsWith("llama2", StringComparison.Ordinal))
                ours.Decode(ids).ShouldBe(text, Escaped(text));
        }
    }

    [Fact]
    public void Text_of_sentencepiece_comes_back()
    {
        var tokenizer = BpeTokenizer.FromJson(FileOf("llama2"));
        foreach (var text in Texts("llama2"))
            tokenizer.Decode(tokenizer.Encode(text)).ShouldBe(text, Escaped(text));
    }

    [Fact]
    public void The_text_of_a_special_token_is_ordinary_text()
    {
        foreach (var family in Names)
        {
            var tokenizer = BpeTokenizer.FromJson(FileOf(family));
            var special = tokenizer.Specials.First();
            var ids = tokenizer.Encode($"a{special}b");
            ids.ShouldNotContain(tokenizer.Special(special), family);
            tokenizer.Decode(ids).ShouldBe($"a{special}b", family);
            tokenizer.Decode([tokenizer.Special(special), .. ids]).Trim().ShouldBe($"a{special}b", family);
        }
    }

    [Fact]
    public void Nanos_own_file_gives_its_own_ids()
    {
        var own = Own();
        var read = BpeTokenizer.FromJson(own.ToJson());
        foreach (var text in Texts("nano"))
            read.Encode(text).ShouldBe(own.Encode(text), Escaped(text));
    }

    [Theory]
    [InlineData("""{"type": "WordPiece"}""", "model", "model.type BPE")]
    [InlineData("""{"type": "Lowercase"}""", "normalizer", "normalizer")]
    [InlineData("""{"type": "Whitespace"}""", "pre_tokenizer", "one is Whitespace")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true}""", "pre_tokenizer", "add_prefix_space")]
    [InlineData(
        """{"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "a++"}, "behavior": "Isolated"}]}""",
        "pre_tokenizer",
        "pattern.Regex"
    )]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Removed"}""", "pre_tokenizer", "behavior Isolated")]
    [InlineData("null", "pre_tokenizer", "ByteLevel")]
    public void What_is_not_supported_is_refused_by_its_key(string value, string key, string says)
    {
        var json = JsonNode.Parse(FileOf("gpt2"))!;
        json[key] = JsonNode.Parse(value);
        Should.Throw<FormatException>(() => BpeTokenizer.FromJson(Encoding.UTF8.GetBytes(json.ToJsonString()))).Message.ShouldContain(says);
    }

    [Fact]
    public void A_file_without_a_byte_or_with_a_merge_of_unknown_tokens_is_refused()
    {
        var json = JsonNode.Parse(FileOf("gpt2"))!;
        json["model"]!["vocab"]!.AsObject().Remove("!");
        Refused(json, "byte 33");
        json = JsonNode.Parse(FileOf("gpt2"))!;
        json["model"]!["merges"]!.AsArray().Add(new JsonArray("q", "zzz"));
        Refused(json, "zzz");
        json = JsonNode.Parse(FileOf("gpt2"))!;
        json["model"]!["end_of_word_suffix"] = "</w>";
        Refused(json, "end_of_word_suffix");
        json = JsonNode.Parse(FileOf("added tokens"))!;
        json["added_tokens"]!.AsArray().Last()!["lstrip"] = true;
        Refused(json, "lstrip");

        foreach (var id in (int[])[-5, int.MaxValue])
        {
            json = JsonNode.Parse(FileOf("added tokens"))!;
            json["added_tokens"]!.AsArray().Last()!["id"] = id;
            Refused(json, "expected ids from 0");
        }

        json = JsonNode.Parse(FileOf("added tokens"))!;
        json["added_tokens"]!.AsArray().Add(json["added_tokens"]!.AsArray().Last()!.DeepClone());
        Refused(json, "twice");

        static void Refused(JsonNode json, string says) =>
            Should
                .Throw<FormatException>(() => BpeTokenizer.FromJson(Encoding.UTF8.GetBytes(json.ToJsonString())))
                .Message.ShouldContain(says);
    }

    private static Tokenizer Own() => Tokenizer.Train([Corpus, Corpus], 420, ["<|end|>", "<|user|>"]);

    /// <summary>A small file of a family, its merges learned from the corpus.</summary>
    private static byte[] FileOf(string family)
    {
        var json = JsonNode.Parse(Own().ToJson())!;
        if (family == "nano")
            return Own().ToJson();
        json["decoder"] = JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""");
        Shuffle(json);
        const string ByteLevel = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": USE}""";
        string bytes = ByteLevel.Replace("USE", "true"),
            alone = ByteLevel.Replace("USE", "false");
        static string Split(string pattern) =>
            $$$"""{"type": "Split", "pattern": {"Regex": {{{System.Text.Json.JsonSerializer.Serialize(pattern)}}}}, "behavior": "Isolated", "invert": false}""";
        static string Both(string first, string second) => $$"""{"type": "Sequence", "pretokenizers": [{{first}}, {{second}}]}""";
        const string Words =
            @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        json["pre_tokenizer"] = JsonNode.Parse(
            family switch
            {
                "smollm2" => Both("""{"type": "Digits", "individual_digits": true}""", bytes),
                "llama3" => Both(Split(Words.Replace("DIGITS", "{1,3}")), alone),
                "qwen2" => Both(Split(Words.Replace("DIGITS", "")), alone),
                _ => bytes,
            }
        );
        switch (family)
        {
            case "llama3":
                json["model"]!["ignore_merges"] = true;
                break;
            case "qwen2":
                json["normalizer"] = JsonNode.Parse("""{"type": "NFC"}""");
                break;
            case "merges as texts":
                json["model"]!["merges"] = new JsonArray([
                    .. json["model"]!["merges"]!.AsArray().Select(m => (JsonNode)$"{m![0]!.GetValue<string>()} {m[1]!.GetValue<string>()}"),
                ]);
                break;
            case "added tokens":
                Add(json, "<tool>", special: false, normalized: false);
                Add(json, "<tool>s", special: false, normalized: false);
                Add(json, "calm", special: false, normalized: true);
                break;
            case "llama2" or "llama2-metaspace":
                SentencePiece(json, family == "llama2");
                break;
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    // Ids in an order of their own, as in files that others made.
    private static void Shuffle(JsonNode json)
    {
        var vocabulary = json["model"]!["vocab"]!.AsObject();
        var names = vocabulary.Select(t => t.Key).ToArray();
        var ids = Enumerable.Range(0, names.Length).ToArray();
        new Rng(5).Shuffle<int>(ids);
        for (var i = 0; i < names.Length; i++)
            vocabulary[names[i]] = ids[i];
        foreach (var token in json["added_tokens"]!.AsArray())
            token!["id"] = vocabulary[token["content"]!.GetValue<string>()]!.GetValue<int>();
        json["added_tokens"] = new JsonArray([
            .. json["added_tokens"]!.AsArray().OrderBy(t => t!["id"]!.GetValue<int>()).Select(t => t!.DeepClone()),
        ]);
    }

    private static void Add(JsonNode json, string text, bool special, bool normalized)
    {
        var known = json["model"]!["vocab"]!.AsObject().Select(t => t.Value).Concat(json["added_tokens"]!.AsArray().Select(t => t!["id"]));
        var id = known.Max(i => i!.GetValue<int>()) + 1;
        json["added_tokens"]!
            .AsArray()
            .Add(
                new JsonObject
                {
                    ["id"] = id,
                    ["content"] = text,
                    ["single_word"] = false,
                    ["lstrip"] = false,
                    ["rstrip"] = false,
                    ["normalized"] = normalized,
                    ["special"] = special,
                }
            );
    }

    // Characters, bytes for the others, and merges that the most frequent pairs of a text of blanks make.
    private static void SentencePiece(JsonNode json, bool prepended)
    {
        var vocabulary = new JsonObject();
        foreach (var special in (string[])["<unk>", "<s>", "</s>"])
            vocabulary[special] = vocabulary.Count;
        for (var b = 0; b < 256; b++)
            vocabulary[$"<0x{b:X2}>"] = vocabulary.Count;
        var text = ("\u2581" + Corpus.Replace(' ', '\u2581')).EnumerateRunes().Where(r => r.Value < 0x400 || r.Value == 0x2581).ToArray();
        foreach (var rune in text)
            vocabulary[rune.ToString()] ??= vocabulary.Count;
        List<string> symbols = [.. text.Select(r => r.ToString())];
        var merges = new JsonArray();
        for (var m = 0; m < 90; m++)
        {
            var best = symbols
                .Zip(symbols.Skip(1))
                .GroupBy(p => p)
                .OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key.First, StringComparer.Ordinal)
                .ThenBy(g => g.Key.Second, StringComparer.Ordinal)
                .First()
                .Key;
            merges.Add(new JsonArray(best.First, best.Second));
            vocabulary[best.First + best.Second] ??= vocabulary.Count;
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if ((symbols[i], symbols[i + 1]) != best)
                    continue;
                symbols[i] += symbols[i + 1];
                symbols.RemoveAt(i + 1);
            }
        }

        json["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = "<unk>",
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = true,
            ["byte_fallback"] = true,
            ["vocab"] = vocabulary,
            ["merges"] = merges,
        };
        json["added_tokens"] = new JsonArray();
        foreach (var (special, id) in new[] { ("<unk>", 0), ("<s>", 1), ("</s>", 2) })
        {
            Add(json, special, special: true, normalized: false);
            json["added_tokens"]!.AsArray().Last()!["id"] = id;
        }

        json["normalizer"] = prepended
            ? JsonNode.Parse(
                """
                {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
                """
            )
            : null;
        json["pre_tokenizer"] = prepended
            ? null
            : JsonNode.Parse("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false}""");
        json["decoder"] = null;
    }

    private static IEnumerable<string> Texts(string family)
    {
        yield return Corpus;
        yield return "<tool>s of a calm <tool>calm.";
        string[] parts =
        [
            "I",
            " am",
            "calm",
            " tomorrow",
            "What's",
            "'S",
            "we'VE",
            "it'\u017F",
            "17",
            " 3",
            "12345",
            "٣٤",
            "Ⅷ",
            "²½",
            ".",
            "?!",
            " -- ",
            "\n",
            "\r\n",
            "\n\n \n",
            "\t",
            " ",
            "   ",
            "\u00A0",
            "\u2028",
            "\u3000",
            "'",
            "é",
            "e\u0301",
            "a\u0323\u0307",
            "\u1100\u1161\u11A8",
            "각",
            "ß",
            "東京",
            "Привет",
            "שלום",
            "مرحبا",
            "🦊",
            "👍🏽",
            "👩‍👩‍👧",
            "𝔘𝔫𝔦",
            "𝟙𝟚",
            "𐍈",
            "\U0001F1E9",
            "𝅘𝅥",
            "\u200B",
            "\uFEFF",
            "\v\f",
            "\u0085",
            "\u0000",
            "<|end|",
            "İ",
            "==========",
            "aaaaaaaaaaaaaaaaaaaa",
            "Ångström",
            "\u212B",
            "ﬁ",
        ];
        foreach (var part in parts)
            yield return part;
        var rng = new Rng(20261130);
        for (var i = 0; i < (family == "gpt2" ? 3000 : 1000); i++)
        {
            var text = new StringBuilder();
            for (var n = 1 + rng.NextInt(11); n > 0; n--)
                text.Append(parts[rng.NextInt(parts.Length)]);
            yield return text.ToString();
        }

        for (var i = 0; i < 1000; i++)
        {
            var text = new StringBuilder();
            for (var n = 1 + rng.NextInt(16); n > 0; n--)
                text.Append(AnyCharacter(rng).ToString());
            yield return text.ToString();
        }
    }

    // Of all planes, the first ones more often.
    private static Rune AnyCharacter(Rng rng)
    {
        int[] ends = [0x80, 0x250, 0x700, 0x3100, 0x10000, 0x20000, 0x110000];
        while (true)
        {
            if (
                Rune.TryCreate(rng.NextInt(ends[rng.NextInt(ends.Length)]), out var rune)
                && Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned
            )
                return rune;
        }
    }

    private static string Escaped(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
