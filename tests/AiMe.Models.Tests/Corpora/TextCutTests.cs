using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

/// <summary>Texts that are cut.</summary>
public sealed class TextCutTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\U0001F600", 3, "ab")]
    [InlineData("ab\U0001F600", 4, "ab\U0001F600")]
    [InlineData("\U0001F600", 1, "")]
    [InlineData("abc", 0, "")]
    public void The_beginning_never_ends_in_half_a_character(string text, int most, string beginning) =>
        TextCut.Beginning(text, most).ShouldBe(beginning);

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abc def", 6, "abc...")]
    [InlineData("ab\U0001F600efg", 6, "ab...")]
    public void A_mark_says_that_a_text_was_cut(string text, int most, string marked) => TextCut.Marked(text, most).ShouldBe(marked);
}
