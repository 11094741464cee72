using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class AnswerFormsTests
{
    private const string Four = "one two three four";

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("...")]
    public void An_answer_without_a_word_is_empty(string text) => Of(Answer(1, text), Answer(2, "Well.")).Empty.ShouldBe(0.5);

    [Fact]
    public void Case_marks_and_spaces_make_no_other_answer() =>
        Of(Answer(1, "I am well."), Answer(2, "i  AM well"), Answer(3, "I am not well.")).Repeated.ShouldBe(1 / 3.0);

    [Fact]
    public void Empty_answers_repeat_nothing_and_are_left_out_of_that_share()
    {
        Of(Answer(1, ""), Answer(2, ""), Answer(3, "Well."), Answer(4, "Well.")).Repeated.ShouldBe(0.5);
        Of(Answer(1, ""), Answer(2, "")).Repeated.ShouldBe(double.NaN);
    }

    [Fact]
    public void An_answer_may_repeat_one_of_an_earlier_round() =>
        AnswerForms.ByRound([.. Answer(1, "Well."), .. Answer(2, "Well.", round: 2)])[2].Repeated.ShouldBe(1);

    [Theory]
    [InlineData(Four, 1)]
    [InlineData(Four + " five", 1)] // one of two
    [InlineData(Four + " five six", 0)] // one of three
    public void Half_of_the_4_grams_make_a_recital(string answer, double recited) =>
        Of(Answer(1, answer, recalled: $"Q: Count. A: {Four}.")).Recited.ShouldBe(recited);

    [Fact]
    public void An_answer_below_four_words_is_left_out_of_the_recitals() =>
        Of(Answer(1, "one two three", recalled: Four), Answer(2, Four, recalled: Four)).Recited.ShouldBe(1);

    [Fact]
    public void What_was_recalled_for_another_answer_is_not_recited() =>
        Of(Answer(1, "five six seven eight", recalled: Four), Answer(2, Four)).Recited.ShouldBe(0);

    [Fact]
    public void The_length_is_in_words_and_counts_the_empty() => Of(Answer(1, ""), Answer(2, Four)).Length.ShouldBe(2);

    private static AnswerForms Of(params Event[][] answers) => AnswerForms.ByRound(answers.SelectMany(a => a))[1];

    private static Event[] Answer(int cycle, string text, int round = 1, string? recalled = null) =>
        [
            new Prompted(
                cycle,
                new ModelId("m"),
                new Prompt([
                    new(PartKind.Charter, "five six seven eight"),
                    .. recalled is null ? [] : new[] { new PromptPart(PartKind.Recalled, recalled) },
                ])
            ),
            StoredAnswer.Of(cycle, round, text),
        ];
}
