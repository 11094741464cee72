using AiMe.Metrics.Statistics;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>Survival curves and the log-rank test within blocks.</summary>
public sealed class SurvivalTests
{
    /// <summary>Remission of maintained patients in acute myelogenous leukaemia, `aml` in R's survival; negative is censored.</summary>
    private static readonly SurvivalTime[] Maintained = Times(9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161);

    /// <summary>Weeks of remission of 21 pairs (Freireich et al. 1963), `gehan` in R's MASS.</summary>
    private static readonly SurvivalTime[] Control = Times(1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8);
    private static readonly SurvivalTime[] Treated = Times(
        10,
        7,
        -32,
        23,
        22,
        6,
        16,
        -34,
        -32,
        -25,
        -11,
        -20,
        -19,
        6,
        -17,
        -35,
        6,
        13,
        -9,
        -6,
        -10
    );

    [Theory]
    [InlineData(9, 11, 1, 0, 0.909, 0.508, 0.987)]
    [InlineData(13, 10, 1, 1, 0.818, 0.447, 0.951)]
    [InlineData(18, 8, 1, 0, 0.716, 0.350, 0.899)]
    [InlineData(23, 7, 1, 0, 0.614, 0.266, 0.835)]
    [InlineData(28, 6, 0, 1, 0.614, 0.266, 0.835)]
    [InlineData(31, 5, 1, 0, 0.491, 0.167, 0.753)]
    [InlineData(48, 2, 1, 0, 0.184, 0.0117, 0.525)]
    public void The_curve_of_maintained_patients_is_the_published_one(
        double time,
        int atRisk,
        int events,
        int censored,
        double survival,
        double low,
        double high
    )
    {
        var point = KaplanMeier.Curve(Maintained, 0.95).Single(p => p.Time == time);

        (point.AtRisk, point.Events, point.Censored).ShouldBe((atRisk, events, censored));
        point.Survival.ShouldBe(survival, 5e-4);
        point.Low.ShouldBe(low, 6e-4);
        point.High.ShouldBe(high, 6e-4);
    }

    [Fact]
    public void Without_censoring_the_curve_is_the_share_that_is_left() =>
        Draw.Hold(Draw.Lists(Gen.Choose(0, 9), 1, 20), rounds =>
            KaplanMeier
                .Curve([.. rounds.Select(r => new SurvivalTime(r, true))], 0.95)
                .All(p => Math.Abs(p.Survival - rounds.Count(r => r > p.Time) / (double)rounds.Length) < 1e-12)
        );

    [Fact]
    public void The_interval_holds_the_curve_and_is_undefined_at_1_and_0() =>
        Draw.Hold(Draw.Lists(Time, 0, 20), times =>
            KaplanMeier
                .Curve(times, 0.95)
                .All(p =>
                    p.Survival is > 0 and < 1 ? p.Low > 0 && p.Low < p.Survival && p.Survival < p.High && p.High < 1 : double.IsNaN(p.Low)
                )
        );

    [Fact]
    public void A_curve_of_nothing_known_is_empty()
    {
        KaplanMeier.Curve([], 0.95).ShouldBeEmpty();
        KaplanMeier.Curve([new(double.NaN, true), new(-1, true), new(double.PositiveInfinity, false)], 0.95).ShouldBeEmpty();
    }

    [Fact]
    public void A_level_outside_0_and_1_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => KaplanMeier.Curve([], 1));

    /// <summary>survdiff on the same data: 9 observed and 19.3 expected with treatment, 21 and 10.7 without.</summary>
    [Fact]
    public void The_expected_events_are_those_published_for_Freireichs_patients()
    {
        var result = LogRank.Test(Treated, Control, Direction.Either, seed: 1);

        result.Observed.ShouldBe(9);
        result.Expected.ShouldBe(19.25, 0.005);
        result.ExpectedOther.ShouldBe(10.75, 0.005);
        result.Statistic.ShouldBe(-10.25, 0.005);
        result.Blocks.ShouldBe(21);
        result.P.ShouldBeLessThan(0.001);
    }

    [Fact]
    public void The_p_is_the_share_of_exchanges_that_are_as_far() =>
        Draw.Hold(Draw.Lists(Pair, 1, 6), pairs =>
            Enum.GetValues<Direction>().All(d => Math.Abs(Test(pairs, d).P - ByExchanging(pairs, d)) < 1e-12)
        );

    [Fact]
    public void Scores_that_differ_by_rounding_alone_are_a_tie()
    {
        // 0 - 1/3 and 1 - (1/3 + 1): the difference of the first block is 0 but for the last digits.
        (SurvivalTime, SurvivalTime)[] pairs =
        [
            (new SurvivalTime(7, false), new SurvivalTime(8, true)),
            (new SurvivalTime(1, true), new SurvivalTime(1, true)),
            (new SurvivalTime(3, false), new SurvivalTime(4, false)),
        ];
        Enum.GetValues<Direction>().ShouldAllBe(d => Test(pairs, d).P == 1);
    }

    [Fact]
    public void Both_arms_expect_all_events_together() => Draw.Hold(Draw.Lists(Pair, 1, 12), pairs =>
        {
            var result = Test(pairs, Direction.Either);
            var events = pairs.Sum(p => (p.First.Happened ? 1 : 0) + (p.Second.Happened ? 1 : 0));
            return Math.Abs(result.Expected + result.ExpectedOther - events) < 1e-9;
        });

    [Fact]
    public void Only_the_order_of_times_matters() =>
        Draw.Hold(Draw.Lists(Pair, 1, 12), pairs =>
            Math.Abs(Test(pairs, Direction.Either).P - Test([.. pairs.Select(p => (Later(p.First), Later(p.Second)))], Direction.Either).P)
            < 1e-12
        );

    [Fact]
    public void Events_that_always_come_sooner_give_the_smallest_possible_p()
    {
        var result = LogRank.Test(Times(1, 2, 3, 4, 5), Times(6, 7, 8, -9, -9), Direction.Greater, 0);

        result.P.ShouldBe(1 / 32.0);
        result.Statistic.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_block_of_which_a_time_is_unknown_is_left_out() =>
        LogRank
            .Test([.. Times(1, 2), new(double.NaN, true)], Times(3, -4, 5), Direction.Either, 0)
            .ShouldBe(LogRank.Test(Times(1, 2), Times(3, -4), Direction.Either, 0));

    [Fact]
    public void Without_a_block_all_is_undefined()
    {
        LogRank.Test([], [], Direction.Either, 0).P.ShouldBe(double.NaN);
        LogRank.Test([], [], Direction.Either, 0).Statistic.ShouldBe(double.NaN);
    }

    [Fact]
    public void Blocks_of_equal_times_raise_the_smallest_possible_p() =>
        LogRank
            .Test(Times(1, 2, 3, 4, 4), Times(5, 5, 5, 4, 4), Direction.Greater, 0)
            .SmallestPossibleP.ShouldBe(4 * SignFlip.SmallestPossibleP(5, Direction.Greater));

    [Fact]
    public void Without_an_event_no_arm_is_favoured() => LogRank.Test(Times(-1, -2), Times(-2, -2), Direction.Either, 0).P.ShouldBe(1);

    [Fact]
    public void Unpaired_blocks_are_refused() =>
        Should.Throw<ArgumentException>(() => LogRank.Test(Times(1, 2), Times(1), Direction.Either, 0)).Message.ShouldContain("2 and 1");

    private static FsCheck.Gen<SurvivalTime> Time =>
        Gen.Choose(1, 8).SelectMany(time => Gen.Elements(true, true, false).Select(happened => new SurvivalTime(time, happened)));

    private static FsCheck.Gen<(SurvivalTime First, SurvivalTime Second)> Pair => Time.SelectMany(a => Time.Select(b => (a, b)));

    private static SurvivalTime[] Times(params double[] weeks) => [.. weeks.Select(w => new SurvivalTime(Math.Abs(w), w > 0))];

    private static SurvivalTime Later(SurvivalTime t) => t with { Time = t.Time * t.Time + 3 };

    private static LogRankResult Test((SurvivalTime First, SurvivalTime Second)[] pairs, Direction direction) =>
        LogRank.Test([.. pairs.Select(p => p.First)], [.. pairs.Select(p => p.Second)], direction, 0);

    // By the definition: observed minus expected of the first arm, time by time, for each of the exchanges.
    private static double ByExchanging((SurvivalTime First, SurvivalTime Second)[] pairs, Direction direction)
    {
        var seen = direction.Size(Statistic(0));
        return Enumerable.Range(0, 1 << pairs.Length).Average(e => direction.Size(Statistic(e)) >= seen - 1e-9 ? 1.0 : 0.0);

        double Statistic(int exchanged)
        {
            var first = pairs.Select((p, i) => (exchanged >> i & 1) == 0 ? p.First : p.Second).ToArray();
            var all = pairs.SelectMany(p => new[] { p.First, p.Second }).ToArray();
            var expected = all.Where(t => t.Happened)
                .Select(t => t.Time)
                .Distinct()
                .Sum(t => all.Count(x => x.Happened && x.Time == t) * first.Count(x => x.Time >= t) / (double)all.Count(x => x.Time >= t));
            return first.Count(t => t.Happened) - expected;
        }
    }
}
