using AiMe.Console.Output;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Tests.Output;

public sealed class NewbornLineTests
{
    private static readonly CharterCoverage Coverage = new(
        Name: 0.8,
        Trade: 0.6,
        new SaidParts(["dry", "calm"], ["sly"]),
        new SaidParts(["craft"], []),
        new SaidParts([], ["learn"])
    );

    [Fact]
    public void Shares_and_counts_stand_in_one_sentence_and_what_is_silent_after_it() =>
        NewbornLine
            .Of(Coverage)
            .ShouldBe(
                "the newborn says its name in 80% of 20 answers and its trade in 60%, 2 of 3 traits, 1 of 1 value and 0 of 1 goal of its "
                    + "charter (not said: sly, learn)"
            );

    [Fact]
    public void Without_a_trade_none_is_told() =>
        NewbornLine.Of(Coverage with { Trade = null }).ShouldStartWith("the newborn says its name in 80% of 20 answers, 2 of 3 traits");
}
