using AiMe.Faculties.Memory;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class ProblemFiguresTests
{
    [Fact]
    public void The_first_problem_of_a_topic_is_new_and_the_others_are_met()
    {
        var rounds = ProblemFigures.ByRound([Problem(1, 1, "numbers", 0), Problem(2, 1, "numbers", 1), Problem(3, 2, "time", 1)]);
        rounds[1].ShouldBe(new ProblemFigures(Met: 1, New: 0));
        rounds[2].ShouldBe(new ProblemFigures(Met: double.NaN, New: 1));
    }

    [Fact]
    public void What_is_no_problem_counts_nowhere_and_makes_no_topic_known()
    {
        var rounds = ProblemFigures.ByRound([Problem(1, 1, "numbers", double.NaN), Problem(2, 1, "numbers", 1)]);
        rounds[1].ShouldBe(new ProblemFigures(Met: double.NaN, New: 1));
    }

    private static Stored Problem(int cycle, int round, string topic, double solved)
    {
        var stored = StoredAnswer.Of(cycle, round, "7");
        return stored with { Topic = topic, Scores = stored.Scores with { Correctness = solved } };
    }
}
