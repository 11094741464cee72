using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.Faculties.Tests;

public sealed class RuleTests
{
    private static readonly Curation.Case First = new(Some.Scored(0.5), double.NaN, double.NaN, [], new Seed(1));

    [Fact]
    public void Keep_all_keeps() => new KeepAll().Judge(First).Vote.ShouldBe(Vote.Keep);

    [Fact]
    public void Keep_none_rejects() => new KeepNone().Judge(First).Vote.ShouldBe(Vote.Reject);

    [Theory]
    [InlineData(double.NaN, Vote.Pass)]
    [InlineData(0.89, Vote.Pass)]
    [InlineData(0.9, Vote.Reject)]
    public void Dedupe_rejects_what_is_as_close_as_the_limit(double similarity, Vote expected) =>
        new Dedupe(0.9).Judge(First with { Similarity = similarity }).Vote.ShouldBe(expected);

    [Theory]
    [InlineData(double.NaN, Vote.Pass)]
    [InlineData(0.29, Vote.Reject)]
    [InlineData(0.3, Vote.Pass)]
    [InlineData(1.2, Vote.Pass)]
    [InlineData(1.21, Vote.Reject)]
    public void Novelty_is_a_band_because_noise_is_novel_too(double novelty, Vote expected) =>
        new NoveltyBand(0.3, 1.2).Judge(First with { Novelty = novelty }).Vote.ShouldBe(expected);

    [Theory]
    [InlineData(0.49, Vote.Reject)]
    [InlineData(0.5, Vote.Pass)]
    [InlineData(double.NaN, Vote.Reject)]
    public void Min_rejects_what_is_below_or_undefined(double alignment, Vote expected) =>
        new Minimum(ScoreName.Alignment, 0.5).Judge(First with { Scores = Some.Scored(alignment) }).Vote.ShouldBe(expected);

    [Fact]
    public void Random_keeps_about_its_share_and_the_same_for_the_same_seed()
    {
        var kept = Enumerable.Range(0, 2000).Count(i => Votes(new Seed(42).Derive(i)) == Vote.Pass);
        kept.ShouldBeInRange(540, 660);
        Votes(new Seed(7)).ShouldBe(Votes(new Seed(7)));

        static Vote Votes(Seed dice) => new RandomShare(0.3).Judge(First with { Dice = dice }).Vote;
    }

    [Fact]
    public void Random_of_nothing_and_of_all() =>
        (new RandomShare(0).Judge(First).Vote, new RandomShare(1).Judge(First).Vote).ShouldBe((Vote.Reject, Vote.Pass));

    [Fact]
    public void Top_passes_the_first_and_ranks_it_among_the_last()
    {
        new Top(ScoreName.Alignment, 0.5, 4).Judge(First).Vote.ShouldBe(Vote.Pass);
        Ranked(0.5, 4, 0.4, 0.9, 0.8, 0.1).ShouldBe(Vote.Reject, "third of four");
        Ranked(0.5, 4, 0.85, 0.9, 0.8, 0.1).ShouldBe(Vote.Pass, "second of four");
        Ranked(0.5, 2, 0.4, 0.9, 0.8, 0.1).ShouldBe(Vote.Pass, "first of the last two");
        Ranked(0.5, 1, 0.0, 0.9).ShouldBe(Vote.Pass, "alone in its window");
    }

    [Fact]
    public void Top_from_the_lowest_passes_the_other_end_and_still_prefers_the_earlier_of_two_equals()
    {
        Lowest(0.4, 0.9, 0.8, 0.1).ShouldBe(Vote.Pass, "second lowest of four");
        Lowest(0.85, 0.9, 0.8, 0.1).ShouldBe(Vote.Reject, "third lowest of four");
        Lowest(0.1, 0.1, 0.1, 0.9).ShouldBe(Vote.Reject, "two earlier ones are as low");

        static Vote Lowest(double score, params double[] past) =>
            new Top(ScoreName.Alignment, 0.5, 4, RankOrder.Lowest)
                .Judge(First with { Scores = Some.Scored(score), Past = [.. past.Select(Past)] })
                .Vote;
    }

    [Fact]
    public void Top_gives_the_place_to_the_earlier_of_two_equals() => Ranked(0.5, 2, 0.7, 0.7).ShouldBe(Vote.Reject);

    [Fact]
    public void Top_takes_no_rank_for_undefined_scores_and_does_not_look_beyond_its_window_for_them() =>
        Ranked(0.5, 3, 0.5, 0.9, double.NaN, double.NaN).ShouldBe(Vote.Pass);

    [Fact]
    public void Top_rejects_what_has_no_such_score() => Ranked(1, 4, double.NaN, 0.1).ShouldBe(Vote.Reject);

    [Fact]
    public void Top_lets_exactly_its_share_pass_where_binary_fractions_round_up() =>
        Ranked(0.07, 100, 0.5, [.. Enumerable.Repeat(0.9, 7), .. Enumerable.Repeat(0.1, 92)])
            .ShouldBe(Vote.Reject, "seven of a hundred are better");

    [Fact]
    public void Top_is_causal_what_comes_later_never_changes_a_verdict() => Hold(Scores(1, 30), scores =>
        {
            var whole = Verdicts(scores);
            return Enumerable.Range(1, scores.Length).All(n => Verdicts(scores[..n]).SequenceEqual(whole[..n]));
        });

    [Fact]
    public void Top_of_rising_scores_keeps_all_and_of_falling_scores_one_window_share() => Hold(Scores(1, 30), scores =>
        {
            var rising = scores.Distinct().Order().ToArray();
            return Verdicts(rising).All(v => v == Faculties.Verdict.Keep);
        });

    [Fact]
    public void The_first_rule_that_does_not_pass_decides_and_all_columns_are_there()
    {
        Verdict(new Minimum(ScoreName.Alignment, 0.9), new KeepAll()).ShouldBe(Faculties.Verdict.Reject);
        Verdict(new KeepAll(), new Minimum(ScoreName.Alignment, 0.9)).ShouldBe(Faculties.Verdict.Keep);
        Verdict(new Minimum(ScoreName.Alignment, 0.1), new KeepNone()).ShouldBe(Faculties.Verdict.Reject);
        Verdict(new Minimum(ScoreName.Alignment, 0.1)).ShouldBe(Faculties.Verdict.Keep, "where all pass, it is kept");
        Verdict().ShouldBe(Faculties.Verdict.Keep);
        Policy
            .Judge([new KeepNone(), new KeepAll(), new Dedupe(0.5)], First)
            .Columns.Select(c => c.Rule)
            .ShouldBe(["keep-none", "keep-all", "dedupe"]);
    }

    [Fact]
    public void A_hold_decides_like_any_other_vote() =>
        Policy
            .Judge([new Holding(), new KeepAll()], First)
            .ShouldSatisfyAllConditions(
                j => j.Verdict.ShouldBe(Faculties.Verdict.Hold),
                j => j.Reasons.ShouldBe(["holding: a person", "keep-all: everything is kept"])
            );

    [Theory]
    [InlineData(ScoreName.Alignment, 1)]
    [InlineData(ScoreName.Quality, 2)]
    [InlineData(ScoreName.Coherence, 3)]
    [InlineData(ScoreName.Perplexity, 4)]
    [InlineData(ScoreName.SelfReference, 5)]
    [InlineData(ScoreName.Correctness, 6)]
    [InlineData(ScoreName.Novelty, 7)]
    [InlineData(ScoreName.CurrentPerplexity, 8)]
    [InlineData(ScoreName.CharterAxis, 9)]
    public void Every_score_has_its_name(ScoreName name, double expected)
    {
        var scores = new Scores(1, 2, 3, 4, 5, 6, 8, 9);
        (First with { Scores = scores, Novelty = 7 }).Score(name).ShouldBe(expected);
        new PastCase(1, scores, 7, Faculties.Verdict.Keep, Some.Pointing(0)).Score(name).ShouldBe(expected);
        System.Text.Json.JsonSerializer.Serialize(name).ShouldBe($"\"{name.Text()}\"");
    }

    private static Verdict Verdict(params ImmutableArray<Rule> rules) => Policy.Judge(rules, First).Verdict;

    private static Vote Ranked(double fraction, int window, double score, params double[] past) =>
        new Top(ScoreName.Alignment, fraction, window)
            .Judge(First with { Scores = Some.Scored(score), Past = [.. past.Select(Past)] })
            .Vote;

    private static PastCase Past(double alignment) => new(1, Some.Scored(alignment), 0.5, Faculties.Verdict.Keep, Some.Pointing(0));

    private static Verdict[] Verdicts(double[] scores) =>
        [
            .. scores.Select(
                (s, i) =>
                    Policy
                        .Judge(
                            [new Top(ScoreName.Alignment, 0.3, 8)],
                            First with
                            {
                                Scores = Some.Scored(s),
                                Past = [.. scores[..i].Select(Past)],
                            }
                        )
                        .Verdict
            ),
        ];

    private static Gen<double[]> Scores(int fewest, int most) =>
        Gen.Choose(fewest, most)
            .SelectMany(n => Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(double.NaN)), (6, Gen.Choose(0, 10).Select(i => i / 10.0))), n));

    private static void Hold(Gen<double[]> gen, Func<double[], bool> property) =>
        Prop.ForAll(Gen.Select(gen, s => s.Where(x => !double.IsNaN(x)).ToArray()).ToArbitrary(), property).QuickCheckThrowOnFailure();

    private sealed record Holding : Rule
    {
        public override RuleColumn Judge(Curation.Case judged) => new("holding", double.NaN, Vote.Hold, "a person");
    }
}
