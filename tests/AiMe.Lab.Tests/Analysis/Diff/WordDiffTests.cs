using AiMe.Lab.Analysis.Diff;

namespace AiMe.Lab.Tests.Analysis.Diff;

public sealed class WordDiffTests
{
    [Theory]
    [InlineData("a b c", "a b c", "a b c", "a b c")]
    [InlineData("a b c", "a x c", "a [b] c", "a [x] c")]
    [InlineData("a b", "a b c d", "a b", "a b [c d]")]
    [InlineData("x a b", "a b", "[x] a b", "a b")]
    [InlineData("", "", "", "")]
    [InlineData("a  b\nc", "a b c", "a b c", "a b c")]
    public void Words_that_one_side_has_alone_are_its_own(string first, string second, string marked, string markedToo)
    {
        var diff = WordDiff.Of(first, second);

        Marked(diff.First).ShouldBe(marked);
        Marked(diff.Second).ShouldBe(markedToo);
        diff.IsReworded.ShouldBeFalse();
    }

    [Fact]
    public void Where_hardly_a_word_is_common_none_is_marked()
    {
        var diff = WordDiff.Of("a b c d", "d e f g");

        diff.IsReworded.ShouldBeTrue();
        Marked(diff.First).ShouldBe("a b c d");
    }

    private static string Marked(IEnumerable<WordRun> runs) => string.Join(' ', runs.Select(r => r.IsOwn ? $"[{r.Text}]" : r.Text));
}
