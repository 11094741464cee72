using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json.Nodes;

namespace AiMe.MiniLm.Tests;

/// <summary>Every id is that of Hugging Face's own library, written in Rust.</summary>
public sealed class WordPiecesTests : IDisposable
{
    private static readonly string[] Parts =
    [
        "I",
        " am",
        "calm",
        " tomorrow",
        "What's",
        "I'd",
        "17",
        " 3,000",
        "٣٤",
        "²½",
        ".",
        "?!",
        " -- ",
        "\n",
        "\r\n",
        "\t",
        " ",
        "   ",
        "\u00A0",
        "\u3000",
        "é",
        "e\u0301",
        "Ångström",
        "İstanbul",
        "ß",
        "ÀÇÑ",
        "naïve",
        "東京",
        "日本語",
        "Привет",
        "שלום",
        "مرحبا",
        "각",
        "🦊",
        "👍🏽",
        "𝔘𝔫𝔦",
        "𝟙",
        "\u200B",
        "\u0000",
        "[SEP]",
        "[unused5]",
        "##ing",
        "unbelievableness",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "a_b",
        "$5",
        "©",
        "…",
        "–",
        "Ω",
        "ﬁ",
        "\uFFFD",
    ];

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"aime-words-{Guid.CreateVersion7()}.json");

    public void Dispose() => File.Delete(_file);

    [SkippableFact]
    public void Words_are_cut_as_hugging_faces_library_cuts_them()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && X86Base.IsSupported, "the library is referenced for Linux on x86-64 only");
        var vocabulary = MiniLmFile.Read(Path.Combine(AppContext.BaseDirectory, MiniLmFile.Name)).Vocabulary;
        File.WriteAllText(_file, FileOf(vocabulary));
        WordPieces ours = new(vocabulary);
        using var theirs = new Tokenizers.DotNet.Tokenizer(_file);
        foreach (var text in Texts())
            ours.Encode(text, 256)[1..^1]
                .ShouldBe(theirs.Encode(text).Take(254).Select(id => (long)id), System.Text.Json.JsonSerializer.Serialize(text));
    }

    private static string FileOf(byte[] vocabulary)
    {
        JsonObject ids = [];
        foreach (var piece in Encoding.UTF8.GetString(vocabulary).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            ids[piece.TrimEnd('\r')] = ids.Count;
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = JsonNode.Parse(
                """{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}"""
            ),
            ["pre_tokenizer"] = JsonNode.Parse("""{"type": "BertPreTokenizer"}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = ids,
            },
        }.ToJsonString();
    }

    private static IEnumerable<string> Texts()
    {
        foreach (var part in Parts)
            yield return part;
        var random = new Random(20261201);
        for (var i = 0; i < 2000; i++)
        {
            var text = new StringBuilder();
            for (var n = 1 + random.Next(11); n > 0; n--)
                text.Append(Parts[random.Next(Parts.Length)]);
            yield return text.ToString();
        }

        for (var i = 0; i < 2000; i++)
        {
            var text = new StringBuilder();
            for (var n = 1 + random.Next(16); n > 0; n--)
                text.Append(AnyCharacter(random).ToString());
            yield return text.ToString();
        }
    }

    // Of all planes, the first ones more often. The library has an older version of Unicode, to which newer marks are letters.
    private static Rune AnyCharacter(Random random)
    {
        int[] ends = [0x80, 0x250, 0x700, 0x3100, 0x10000, 0x20000, 0x110000];
        while (true)
        {
            if (Rune.TryCreate(random.Next(ends[random.Next(ends.Length)]), out var rune) && (rune.Value < 0x250 || IsPlain(rune)))
                return rune;
        }
    }

    private static bool IsPlain(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.IsNumber(rune)
        || Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse;
}
