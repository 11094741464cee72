using AiMe.Metrics.Identity;

namespace AiMe.Metrics.Tests;

public sealed class ConsistencyTests
{
    [Fact]
    public void Wordings_that_are_answered_alike_agree() =>
        LineToLine([
                [0.9, 0.1],
                [0.6, 0.4],
                [0.8, 0.2],
            ])
            .ShouldBe(1);

    [Fact]
    public void One_of_three_that_differs_leaves_one_pair_of_three() =>
        LineToLine([
                [0.9, 0.1],
                [0.4, 0.6],
                [0.8, 0.2],
            ])
            .ShouldBe(1 / 3.0, 1e-15);

    [Fact]
    public void Of_equally_likely_options_the_first_counts() =>
        LineToLine([
                [0.5, 0.5],
                [0.6, 0.4],
            ])
            .ShouldBe(1);

    [Fact]
    public void A_question_of_one_wording_says_nothing() =>
        LineToLine([
                [1.0, 0],
            ])
            .ShouldBe(double.NaN);

    private static double LineToLine(double[][] wordings) =>
        Consistency.LineToLine(new Dictionary<string, IReadOnlyList<double[]>> { ["who"] = wordings });
}
