using AiMe.Lab.History;

namespace AiMe.Lab.Tests.History;

public sealed class AnswerWordsTests
{
    [Fact]
    public void A_long_draw_is_cut_after_its_first_numbers()
    {
        var told = AnswerWords.Of(string.Join(' ', Enumerable.Range(0, 6000).Select(i => i % 10)));
        told.ShouldBe("0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 ... (6,000 numbers)");
    }

    [Fact]
    public void A_short_draw_and_a_long_text_stay_whole()
    {
        var draw = string.Join(' ', Enumerable.Repeat("-0.123", 100));
        AnswerWords.Of(draw).ShouldBe(draw);
        var text = string.Join(' ', Enumerable.Repeat("one 2", 500));
        AnswerWords.Of(text).ShouldBe(text);
    }
}
