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
            ["test", "direction", "attainable size", "rejected"],
            [
                .. new[] { 5, 8 }.SelectMany(n =>
                    Both.SelectMany(d =>
                        Enum.GetValues<Shape>()
                            .Select(shape =>
                                Row(
                                    $"sign-flip, n = {n}, {shape}{(shape == Shape.Exponential ? " (not symmetric)" : "")}",
                                    d,
                                    SignFlip.AttainableSize(n, Alpha, d),
                                    s => SignFlip.PValue(s.Values(shape, n), 0, d)
                                )
                            )
                    )
                ),
                .. Both.Select(d => Row("Page, n = 8, k = 4, no ties", d, PageTrend.AttainableSize(8, 4, Alpha, d), s => Trend(s, d, 1e9))),
                .. Both.Select(d =>
                    Row("Page, n = 8, k = 4, values 0 to 3", d, PageTrend.AttainableSize(8, 4, Alpha, d), s => Trend(s, d, 4))
                ),
                .. Both.Select(d =>
                    Row("log-rank, n = 8, ends at round 10", d, SignFlip.AttainableSize(8, Alpha, d), s => Survival(s, d, 1))
                ),
                .. Both.Select(d =>
                    Row("log-rank, n = 8, some lost earlier", d, SignFlip.AttainableSize(8, Alpha, d), s => Survival(s, d, 0.9))
                ),
            ]
        );

        string[] Row(string test, Direction direction, double attainable, Func<Sampler, double> p) =>
            [test, direction.ToString(), MarkdownTable.Number(attainable, 4), MarkdownTable.Number(trials.Share(s => p(s) <= Alpha), 4)];
    }

    private static Direction[] Both => [Direction.Either, Direction.Greater];

    /// <param name="values">How many different values there are: few give ties.</param>
    private static double Trend(Sampler sampler, Direction direction, double values)
    {
        double[][] blocks =
        [
            .. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 4).Select(_ => Math.Floor(values * sampler.Uniform())).ToArray()),
        ];
        return PageTrend.Test(blocks, direction, 0).P;
    }

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
