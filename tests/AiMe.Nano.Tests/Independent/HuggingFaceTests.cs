using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiMe.Nano.Tokens;

namespace AiMe.Nano.Tests.Independent;

/// <summary>Hugging Face's own library, written in Rust, reads our tokenizer.json and gives our ids.</summary>
public sealed class HuggingFaceTests : IDisposable
{
    private const string Corpus =
        "I am AiMe. What is the opposite of hot? It is cold. What's 3 plus 14? It is 17, I'd say; déjà vu — 你好! I was calm today, "
        + "and I'll be calm tomorrow.\n\nWhat is a tree? A tree is a plant that's tall. Grüße aus Köln, 🦊🦊.";

    private static readonly string[] Words =
    [
        "I",
        " am",
        "calm",
        " tomorrow",
        "What's",
        "17",
        " 3",
        ".",
        "?!",
        " -- ",
        "\n",
        "\r\n",
        "\t",
        " ",
        "   ",
        "'",
        "é",
        "e\u0301",
        "ß",
        "東京",
        "Привет",
        "שלום",
        "مرحبا",
        "🦊",
        "👍🏽",
        "👩‍👩‍👧",
        "\u00A0",
        "\u2028",
        "\u200B",
        "\uFEFF",
        "\v",
        "\f",
        "\u0085",
        "{\"a\": 1}",
        "<b>",
        "\\n",
        "𝔸",
        "\uFFFD",
        "１２",
        "½",
    ];

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("aime-tokens-").FullName, "tokenizer.json");
    private readonly Tokenizer _tokenizer = Tokenizer.Train([Corpus], 320, ["<|charter|>", "<|end|>"]);

    public HuggingFaceTests() => File.WriteAllBytes(_file, _tokenizer.ToJson());

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [SkippableFact]
    public void It_reads_the_file_and_gives_the_same_ids_for_every_text()
    {
        SkipElsewhere();
        using var theirs = new Tokenizers.DotNet.Tokenizer(_file);
        string[] texts = [.. Texts()];

        texts.Length.ShouldBeGreaterThan(200);
        foreach (var text in texts)
        {
            var ids = theirs.Encode(text);
            ids.Select(id => (int)id).ShouldBe(_tokenizer.Encode(text), $"of {JsonSerializer.Serialize(text)}");
            theirs.Decode(ids).ShouldBe(text);
        }
    }

    [SkippableFact]
    public void It_refuses_the_older_file_that_we_still_read()
    {
        SkipElsewhere();
        var older = Older();
        File.WriteAllText(_file, older);

        Should.Throw<Tokenizers.DotNet.TokenizerException>(() => new Tokenizers.DotNet.Tokenizer(_file));
        Tokenizer.FromJson(Encoding.UTF8.GetBytes(older)).Encode(Corpus).ShouldBe(_tokenizer.Encode(Corpus));
    }

    private static void SkipElsewhere() =>
        Skip.IfNot(OperatingSystem.IsLinux() && X86Base.IsSupported, "the library is referenced for Linux on x86-64 only");

    // As it was written before: the decoder has its type alone.
    private string Older()
    {
        var json = JsonNode.Parse(_tokenizer.ToJson())!;
        json["decoder"] = new JsonObject { ["type"] = "ByteLevel" };
        return json.ToJsonString();
    }

    private static IEnumerable<string> Texts()
    {
        yield return "";
        yield return Corpus;
        foreach (var word in Words)
            yield return word;
        var random = new Random(20260101);
        for (var i = 0; i < 200; i++)
            yield return string.Concat(Enumerable.Range(0, random.Next(2, 12)).Select(_ => Words[random.Next(Words.Length)]));
    }
}
