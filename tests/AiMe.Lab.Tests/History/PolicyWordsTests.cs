using AiMe.Faculties.Curation;
using AiMe.Lab.History;
using AiMe.Lab.Tests.Analysis.Comparison;

namespace AiMe.Lab.Tests.History;

public sealed class PolicyWordsTests
{
    private static readonly Rule[] Every =
    [
        new KeepAll(),
        new KeepNone(),
        new RandomShare(0.5),
        new Dedupe(0.9),
        new Minimum(ScoreName.Quality, 0.4),
        new Top(ScoreName.Alignment, 0.5, 24),
        new NoveltyBand(0.1, 0.9),
        new PerplexityBand(ScoreName.Perplexity, 2, 60),
        new SelfReferenceBand(null, 20),
        new Verified(PassesUncheckable: true),
        new ModelJudge(
            "fit-1",
            new Rubric("fit", "?", ["plain"], [new(1, "bad", "No."), new(2, "good", "Yes.")], [], false, false),
            3,
            new Faculties.Sampling(0.2, 0, 1, 100),
            2,
            2,
            Vote.Reject
        ),
        new AllowEmpty(),
        new Review([new ReviewCondition.Share(0.1), new ReviewCondition.OfScore(ScoreName.Quality, Below: 0.2)], new(OnOpen.LeaveOut, 2)),
        new Matched("aligned", [new KeepAll()]),
    ];

    [Fact]
    public void Every_rule_there_is_has_words()
    {
        Every.Select(r => r.GetType()).ShouldBe(typeof(Rule).Assembly.GetTypes().Where(t => t.BaseType == typeof(Rule)), ignoreOrder: true);

        foreach (var rule in Every)
            PolicyWords
                .Keeping([new Dedupe(0.5), rule])
                .ShouldStartWith("leaves out answers with a similarity of 0.5 or more to a kept one; ");
    }

    [Fact]
    public void Rules_stand_in_the_order_of_the_policy() =>
        PolicyWords
            .Keeping([new Dedupe(0.9), new Top(ScoreName.Alignment, 0.5, 24)])
            .ShouldBe("leaves out answers with a similarity of 0.9 or more to a kept one; keeps the best 50% by alignment of the last 24");

    [Fact]
    public void The_control_arm_never_learns() =>
        PolicyWords.Learning(Lives.Variant("still", train: false).Trainer, every: 4).ShouldBe("never trains: the control arm");

    [Fact]
    public void Learning_tells_data_start_and_gate() =>
        PolicyWords
            .Learning(Lives.Variant("wild").Trainer, every: 4)
            .ShouldBe(
                "after every 4 experiences 2 passes over all kept experiences with 30% of anchor text, from the champion; a candidate is promoted if held-out cross-entropy rises by at most 5%, it drifts by at most 0.25 bits, cross-entropy on anchor text rises by at most 10%, at most 20% of its 4-grams repeat"
            );
}
