using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class PreferenceFiguresTests
{
    [Fact]
    public void The_distance_is_of_each_kept_answer_from_each_other_candidate()
    {
        var rounds = PreferenceFigures.ByRound(
            [],
            [
                Answer(1, 1, "a b c d", "a b c d", "a b c e"),
                Answer(2, 1, "a b c d", "x y z w"),
                Answer(3, 2, "a b", "a b"),
                Answer(4, 2, "a b", "c d") with
                {
                    Verdict = Verdict.Reject,
                },
            ]
        );
        rounds[1].ShouldBe((0 + 0.25 + 1) / 3, 1e-12, "the same text counts as 0");
        rounds[2].ShouldBe(0, "what was not kept is preferred to nothing");
    }

    [Fact]
    public void Answers_of_another_model_are_read_from_the_sealed_batch()
    {
        Event batch = new Sealed(1, [MemoryId.OfCycle(2), MemoryId.OfCycle(1)], "b", null, 0, ["a b", "c d"]);
        var rounds = PreferenceFigures.ByRound([batch], [StoredAnswer.Of(1, 1, "c d"), StoredAnswer.Of(2, 1, "a x")]);
        rounds[1].ShouldBe((0.5 + 0) / 2, 1e-12);
    }

    [Fact]
    public void A_round_without_a_pair_has_no_distance()
    {
        PreferenceFigures.ByRound([new Sealed(1, [MemoryId.OfCycle(1)], "b", null, 0)], [StoredAnswer.Of(1, 1, "c d")]).ShouldBeEmpty();
        var none = Lives.Compare(Lives.Plan(1, Lives.Variant("a")), Lives.Instance("a", 1, 0.1));
        Measure.PreferenceDistance.Of(none.Instances[0], 1, 0).ShouldBe(double.NaN);
    }

    private static Stored Answer(int cycle, int round, string output, params ImmutableArray<string> others) =>
        StoredAnswer.Of(cycle, round, output) with
        {
            Others = others,
        };
}
