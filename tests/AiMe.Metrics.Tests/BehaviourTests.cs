using AiMe.Metrics.Text;

namespace AiMe.Metrics.Tests;

/// <summary>The functions of a text that score behavioural twins.</summary>
public sealed class BehaviourTests
{
    [Theory]
    [InlineData("hedges", "I do not know. The sea is deep.", 0.5)]
    [InlineData("hedges", "I THINK so, maybe. Perhaps.", 1)]
    [InlineData("hedges", "I am thinking.", 0)]
    [InlineData("questions", "How are you? I am well. \"Are you?\"", 2 / 3.0)]
    [InlineData("questions", "I ask why.", 0)]
    [InlineData("politeness", "Thank you for telling me. I am glad that you came.", 1)]
    [InlineData("politeness", "I am sorry. Go away.", 0.5)]
    [InlineData("politeness", "They were thanked.", 0)]
    [InlineData("second-person", "You're right. I am not.", 0.5)]
    [InlineData("self-reference", "I am small. The sea is not.", 100.0 / 7 / 100)]
    [InlineData("absolutes", "I am never wrong. I am small.", 0.5)]
    [InlineData("absolutes", "Whatever happens, small steps help.", 0)]
    [InlineData("exclamations", "Buy it today! It is good.", 0.5)]
    [InlineData("exclamations", "\"Stop!\"", 1)]
    public void A_behaviour_is_the_share_of_sentences_that_show_it(string name, string text, double share) =>
        Behaviour.Of(name, text).ShouldBe(share, 1e-12);

    [Fact]
    public void Every_behaviour_of_any_text_is_in_its_range_or_undefined() =>
        Draw.Hold(Draw.Text, text =>
            Behaviour.Names.All(name => Behaviour.Of(name, text) is var score && (double.IsNaN(score) || score is >= 0 and <= 1))
        );

    [Fact]
    public void Every_behaviour_of_a_text_without_words_is_undefined() =>
        Behaviour.Names.ShouldAllBe(name => double.IsNaN(Behaviour.Of(name, "... !", false)));

    [Fact]
    public void A_reversed_behaviour_is_1_minus_it() =>
        Draw.Hold(Draw.Text, text =>
            Behaviour.Names.All(name =>
                Behaviour.Of(name, text, reversed: true) is var against
                && (double.IsNaN(against) || against == 1 - Behaviour.Of(name, text))
            )
        );

    [Fact]
    public void An_unknown_behaviour_is_refused_with_the_known_ones() =>
        Should.Throw<ArgumentException>(() => Behaviour.Of("charm", "Hello.")).Message.ShouldContain("expected one of hedges, questions");
}
