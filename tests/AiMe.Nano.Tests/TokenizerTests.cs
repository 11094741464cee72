using System.Text;
using AiMe.Nano.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Nano.Tests;

public sealed class TokenizerTests
{
    private static readonly string[] Texts =
    [
        "I am AiMe. I don't know yet who I am, but I remember what I said.",
        "What do you remember? I remember 12 apples and 7 pears, and the grey morning.\n\nI am glad.",
        "Grüße aus Köln — naïve café, 東京 and 🦊🦊.",
    ];

    private static readonly string[] Specials = ["<|charter|>", "<|end|>"];
    private static readonly Tokenizer Tokenizer = Tokenizer.Train(Texts, 320, Specials);

    [Fact]
    public void Any_bytes_come_back_as_they_were() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(7, 9),
            Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
                Tokenizer.DecodeBytes(Tokenizer.EncodeBytes(bytes)).AsSpan().SequenceEqual(bytes)
            )
        );

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        foreach (var text in Texts.Append("").Append("  two  blanks \t\n\n and 2026 tabs ' '' ").Append("\0\u00A0\u2028x"))
            Tokenizer.Decode(Tokenizer.Encode(text)).ShouldBe(text);
    }

    [Fact]
    public void The_text_of_a_special_token_is_ordinary_text()
    {
        var ids = Tokenizer.Encode("<|end|>");
        ids.ShouldAllBe(id => id >= Specials.Length);
        Tokenizer.Decode(ids).ShouldBe("<|end|>");
        Tokenizer.Special("<|end|>").ShouldBe(1);
        Tokenizer.Decode([1, .. Tokenizer.Encode("a"), 0]).ShouldBe("a");
        Should.Throw<ArgumentException>(() => Tokenizer.Special("<|no|>"));
    }

    [Fact]
    public void Training_learns_whole_words_with_their_leading_space()
    {
        Tokenizer.Encode(" remember").Length.ShouldBe(1);
        Tokenizer.Encode(" I am").Length.ShouldBe(2);
        Tokenizer.Encode("1234").Length.ShouldBe(4); // a digit is always alone
    }

    [Fact]
    public void The_same_texts_give_the_same_bytes_in_any_order()
    {
        var json = Tokenizer.ToJson();
        Tokenizer.Train(Texts.Reverse(), 320, Specials).ToJson().ShouldBe(json);
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(json))[..16].ShouldBe("EF67F79A5CAD1C89");
    }

    [Fact]
    public void A_written_tokenizer_reads_back_the_same()
    {
        var json = Tokenizer.ToJson();
        var read = Tokenizer.FromJson(json);
        read.ToJson().ShouldBe(json);
        read.VocabularySize.ShouldBe(280); // no pair occurs twice any more
        Tokenizer.VocabularySize.ShouldBe(280);
        read.Specials.ShouldBe(Specials);
        read.Encode(Texts[1]).ShouldBe(Tokenizer.Encode(Texts[1]));
    }

    [Theory]
    [InlineData("", "not the tokenizer.json")]
    [InlineData("{}", "not the tokenizer.json")]
    [InlineData("[1]", "not the tokenizer.json")]
    [InlineData("""{"model":{"type":"WordPiece"}}""", "BPE")]
    [InlineData("""{"added_tokens":[],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "byte 0")]
    public void A_foreign_file_is_refused_with_what_was_expected(string json, string expected) =>
        Should.Throw<FormatException>(() => Tokenizer.FromJson(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(expected);

    [Fact]
    public void Pieces_are_words_digits_signs_newlines_and_blanks()
    {
        Cut(" I'm 42, ok?!\n\n  yes\t'no'").ShouldBe([" I'm", " 4", "2", ",", " ok", "?!", "\n", "\n", " ", " yes", "\t", "'", "no", "'"]);
        Cut("   \n").ShouldBe(["   ", "\n"]);
        Cut("a  ").ShouldBe(["a", "  "]);
    }

    [Fact]
    public void The_pattern_in_the_file_cuts_as_the_code_does()
    {
        // .NET has no \x{...}: letters beyond ASCII are one class of UTF-16 units there.
        var pattern = Pieces.Pattern.Replace(@"\x{80}-\x{10FFFF}", @"\u0080-\uFFFF", StringComparison.Ordinal);
        foreach (var text in Texts.Append(" I'm 42, ok?!\n\n  yes\t'no'   \n  \t x\r\n").Append("' 'a''b  7 8   "))
            System.Text.RegularExpressions.Regex.Matches(text, pattern).Select(m => m.Value).ShouldBe(Cut(text));
    }

    [Theory]
    [InlineData(257, "<|a|>", "<|b|>")]
    [InlineData(300, "<|a|>", "<|a|>")]
    [InlineData(300, "end", "<|a|>")]
    public void Impossible_vocabularies_are_refused(int size, string one, string other) =>
        Should.Throw<ArgumentException>(() => Tokenizer.Train(Texts, size, [one, other]));

    private static List<string> Cut(string text)
    {
        var pieces = new List<string>();
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text);
        for (int n; !rest.IsEmpty; rest = rest[n..])
        {
            n = Pieces.Next(rest);
            pieces.Add(Encoding.UTF8.GetString(rest[..n]));
        }

        return pieces;
    }
}
