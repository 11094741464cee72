using System.Text;
using AiMe.Nano;
using AiMe.Serve.Chat;

namespace AiMe.Serve.Tests;

public sealed class AnswerTextTests
{
    [Fact]
    public void A_character_of_several_tokens_is_the_text_of_the_last_of_them()
    {
        var text = Of(["a", "\u00c3", "\u00a9", "b"]); // é as two bytes
        text.Pieces.Select(p => p.Text).ShouldBe(["a", "", "é", "b"]);
        text.Text.ShouldBe("aéb");
    }

    [Fact]
    public void Bytes_that_end_in_no_character_become_the_replacement_character() => Of(["a", "\u00c3"]).Text.ShouldBe("a\ufffd");

    [Theory]
    [InlineData("cd", "ab", new[] { "ab" })]
    [InlineData("de", "abc", new[] { "ab", "c" })]
    [InlineData("bcdef", "a", new[] { "a" })]
    [InlineData("ab", "", new string[0])]
    [InlineData("xy", "abcdef", new[] { "ab", "cd", "ef" })]
    [InlineData("fg", "abcdef", new[] { "ab", "cd", "ef" })]
    public void A_stop_string_ends_the_text_before_it_also_across_tokens(string stop, string text, string[] pieces)
    {
        var answer = Of(["ab", "cd", "ef"], stop);
        answer.Text.ShouldBe(text);
        answer.Pieces.Select(p => p.Text).ShouldBe(pieces);
        string.Concat(answer.Pieces.Select(p => p.Text)).ShouldBe(text);
    }

    [Fact]
    public void What_a_stop_string_could_take_back_is_held_until_it_cannot()
    {
        var answer = new AnswerText(BytesOf(["ab", "cd", "ef"]), ["cdx"]);
        answer.Add(new DrawnToken(0, -1, []));
        answer.Take(isEnd: false).Select(p => p.Text).ShouldBe(["ab"]);
        answer.Add(new DrawnToken(1, -1, []));
        answer.Take(isEnd: false).ShouldBeEmpty();
        answer.Add(new DrawnToken(2, -1, []));
        answer.Take(isEnd: false).Select(p => p.Text).ShouldBe(["cd", "ef"]);
    }

    [Fact]
    public void The_earliest_of_several_stop_strings_counts() => Of(["ab", "cd", "ef"], "ef", "cde").Text.ShouldBe("ab");

    private static AnswerText Of(string[] tokens, params string[] stops)
    {
        var text = new AnswerText(BytesOf(tokens), [.. stops]);
        for (var i = 0; i < tokens.Length && text.Add(new DrawnToken(i, -1, [])); i++) { }

        text.End();
        return text;
    }

    private static Func<int, byte[]> BytesOf(string[] tokens) => i => Encoding.Latin1.GetBytes(tokens[i]);
}
