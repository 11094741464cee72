using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>What self-recognition is computed with: the area under the curve, matched lengths, rank correlation.</summary>
public sealed class RecognitionTests
{
    [Fact]
    public void The_area_is_the_share_of_pairs_in_order_with_ties_counted_half() => Auc.Of([2, 3], [1, 2]).ShouldBe(3.5 / 4);

    [Fact]
    public void Two_groups_of_equal_scores_have_an_area_of_a_half() => Auc.Of([0, 0, 0], [0, 0]).ShouldBe(0.5);

    [Fact]
    public void The_area_of_the_groups_exchanged_is_1_minus_it() =>
        Draw.Hold(from a in Draw.Numbers(1, 8) from b in Draw.Numbers(1, 8) select (a, b), x =>
            Math.Abs(Auc.Of(x.a, x.b) + Auc.Of(x.b, x.a) - 1) < 1e-12
        );

    [Fact]
    public void The_area_without_a_group_is_undefined() => Auc.Of([1], []).ShouldBe(double.NaN);

    [Fact]
    public void Matched_lengths_differ_by_a_token_or_a_tenth_and_no_text_is_used_twice() =>
        Draw.Hold(from a in Draw.Lists(Gen.Choose(0, 60), 0, 30) from b in Draw.Lists(Gen.Choose(0, 60), 0, 30) select (a, b), x =>
        {
            var pairs = LengthMatch.Pairs(x.a, x.b);
            return pairs.Select(p => p.First).Distinct().Count() == pairs.Length
                && pairs.Select(p => p.Second).Distinct().Count() == pairs.Length
                && pairs.All(p => Near(x.a[p.First], x.b[p.Second]));
        });

    [Fact]
    public void Equal_lists_of_lengths_are_paired_whole() => LengthMatch.Pairs([9, 3, 30], [30, 9, 3]).ShouldBe([(1, 2), (0, 1), (2, 0)]);

    [Fact]
    public void A_text_without_a_token_is_never_paired() => LengthMatch.Pairs([0, 5], [0, 1]).ShouldBeEmpty();

    [Fact]
    public void The_rank_correlation_of_a_rising_curve_is_1_and_of_a_falling_one_minus_1()
    {
        RankCorrelation.Of([1, 2, 4, 9], [1, 10, 11, 100]).ShouldBe(1);
        RankCorrelation.Of([1, 2, 4, 9], [8, 7, 3, -1]).ShouldBe(-1);
    }

    [Fact]
    public void Ties_have_their_mean_rank() => RankCorrelation.Of([1, 2, 2, 3], [1, 2, 3, 4]).ShouldBe(0.9486832980505138, 1e-12);

    [Fact]
    public void A_side_that_does_not_vary_has_no_correlation()
    {
        RankCorrelation.Of([1, 1, 1], [1, 2, 3]).ShouldBe(double.NaN);
        RankCorrelation.Of([1, 2], [1, 2]).ShouldBe(double.NaN);
        RankCorrelation.Of([1, double.NaN, 3], [1, 2, 3]).ShouldBe(double.NaN);
    }

    private static bool Near(int x, int y) => Math.Abs(x - y) <= Math.Max(1, Math.Max(x, y) / 10);
}
