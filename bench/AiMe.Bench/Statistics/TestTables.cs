using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Statistics;

/// <summary>How often tests reject if there is nothing to find.</summary>
internal static class TestTables
{
    private const double Alpha = 0.05;
    private const int Rounds = 10; // of the simulated runs, after which every instance is censored

    public static MarkdownTable Rejections(Trials trials)
    {
        return new(
            $"Rejections under the null at a nominal .05, {trials.Count:#,0} trials each",
            ["test", "attainable, two-sided", "rejected", "attainable, one-sided", "rejected"],
            [
                .. new[] { 5, 8 }.SelectMany(n => Enum.GetValues<Shape>().Select(shape => SignFlips(n, shape))),
                Row("Page, n = 8, k = 4, no ties", Page(4), (s, d) => Trend(s, d, 1e9)),
                Row("Page, n = 8, k = 4, values 0 to 3", Page(4), (s, d) => Trend(s, d, 4)),
                Row("Page, n = 8, k = 6, random walks (not exchangeable)", Page(6), (s, d) => PageTrend.Test(Walks(s), d, 0).P),
                Row(
                    "sign-flip of Page's deviations, n = 8, k = 6, random walks",
                    d => SignFlip.AttainableSize(8, Alpha, d),
                    (s, d) => SignFlip.PValue(PageTrend.Deviations(Walks(s)), 0, d)
                ),
                Row("log-rank, n = 8, ends at round 10", d => SignFlip.AttainableSize(8, Alpha, d), (s, d) => Survival(s, d, 1)),
                Row("log-rank, n = 8, some lost earlier", d => SignFlip.AttainableSize(8, Alpha, d), (s, d) => Survival(s, d, 0.9)),
            ]
        );

        string[] SignFlips(int n, Shape shape) =>
            Row(
                $"sign-flip, n = {n}, {shape}{(shape == Shape.Exponential ? " (not symmetric)" : "")}",
                d => SignFlip.AttainableSize(n, Alpha, d),
                (s, d) => SignFlip.PValue(s.Values(shape, n), 0, d)
            );

        Func<Direction, double> Page(int conditions) => d => PageTrend.AttainableSize(8, conditions, Alpha, d);

        string[] Row(string test, Func<Direction, double> attainable, Func<Sampler, Direction, double> p) =>
            [
                test,
                .. new[] { Direction.Either, Direction.Greater }.SelectMany(d =>
                    new[] { attainable(d), trials.Share(s => p(s, d) <= Alpha) }.Select(x => MarkdownTable.Number(x, 4))
                ),
            ];
    }

    /// <param name="values">How many different values there are: few give ties.</param>
    private static double Trend(Sampler sampler, Direction direction, double values)
    {
        double[][] blocks =
        [
            .. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 4).Select(_ => Math.Floor(values * sampler.Uniform())).ToArray()),
        ];
        return PageTrend.Test(blocks, direction, 0).P;
    }

    // Values that build on one another and have no trend, as a measure of successive generations may.
    private static double[][] Walks(Sampler sampler) =>
        [
            .. Enumerable
                .Range(0, 8)
                .Select(_ =>
                {
                    var at = 0.0;
                    return Enumerable.Range(0, 6).Select(_ => at += sampler.Value(Shape.Normal)).ToArray();
                }),
        ];

    /// <param name="stays">Probability that an instance is still seen in the next round.</param>
    private static double Survival(Sampler sampler, Direction direction, double stays)
    {
        SurvivalTime[] first = [.. Enumerable.Range(0, 8).Select(_ => One())];
        SurvivalTime[] second = [.. Enumerable.Range(0, 8).Select(_ => One())];
        return LogRank.Test(first, second, direction, 0).P;

        // An event has a chance of 15% in every round.
        SurvivalTime One()
        {
            for (var round = 1; round <= Rounds; round++)
            {
                if (sampler.Uniform() < 0.15)
                    return new(round, Happened: true);
                if (sampler.Uniform() >= stays)
                    return new(round, Happened: false);
            }

            return new(Rounds, Happened: false);
        }
    }
}
