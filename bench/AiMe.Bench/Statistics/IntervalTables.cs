using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Statistics;

/// <summary>Coverage of intervals of a mean, and false claims of equivalence.</summary>
internal static class IntervalTables
{
    private const double Level = 0.95;

    /// <summary>How often a nominal 95% interval holds the true mean.</summary>
    /// <param name="draws">Resamples of the bootstrap; the product takes 9,999.</param>
    public static MarkdownTable Coverage(Trials trials, int draws) =>
        new(
            $"Coverage of nominal 95% intervals, {trials.Count:#,0} trials each; BCa with {draws:#,0} resamples",
            ["n", .. Headings("Student"), .. Headings("BCa")],
            [
                .. new[] { 5, 8, 20, 50 }.Select(n =>
                    (string[])
                        [
                            $"{n}",
                            .. Covered(trials, n, (values, _) => StudentT.Interval(values, Level)),
                            .. Covered(trials, n, (values, seed) => BcaInterval.OfAny(values, Level, seed, draws)),
                        ]
                ),
            ]
        );

    /// <summary>From how many replicates the bootstrap may be offered: see <see cref="BcaInterval.LeastReplicates"/>.</summary>
    public static MarkdownTable LeastForBca(Trials trials, int draws) =>
        new(
            $"Coverage of BCa around the number of replicates from which it is offered ({BcaInterval.LeastReplicates}), "
                + $"{trials.Count:#,0} trials each, {draws:#,0} resamples",
            ["n", .. Headings("BCa")],
            [
                .. new[] { -10, -5, 0, 5 }
                    .Select(more => BcaInterval.LeastReplicates + more)
                    .Select(n =>
                        (string[])[$"{n}", .. Covered(trials, n, (values, seed) => BcaInterval.OfAny(values, Level, seed, draws), 4)]
                    ),
            ]
        );

    /// <summary>How often equivalence is claimed although the true mean is at a bound.</summary>
    public static MarkdownTable Equivalence(Trials trials)
    {
        return new(
            $"Equivalence claimed with the true mean at a bound, alpha .05, {trials.Count:#,0} trials each",
            ["n, bounds", "normal", "Laplace", "exponential, upper bound", "exponential, lower bound"],
            [.. new[] { 5, 8, 20 }.SelectMany(n => new[] { 1.0, 3.0 }.Select(bound => Row(n, bound)))]
        );

        string[] Row(int n, double bound) =>
            [
                $"{n}, ±{bound:0} sd",
                Claimed(Shape.Normal, n, bound, bound),
                Claimed(Shape.Laplace, n, bound, bound),
                Claimed(Shape.Exponential, n, bound, bound),
                Claimed(Shape.Exponential, n, bound, -bound),
            ];

        string Claimed(Shape shape, int n, double bound, double mean) =>
            MarkdownTable.Number(trials.Share(s => EquivalenceTest.Test(s.Values(shape, n, mean), -bound, bound, 0.05).IsEquivalent));
    }

    private static IEnumerable<string> Covered(Trials trials, int n, Func<double[], ulong, Interval> interval, int decimals = 3) =>
        Enum.GetValues<Shape>()
            .Select(shape => trials.Share(s => interval(s.Values(shape, n), s.Seed()) is { Low: <= 0, High: >= 0 }))
            .Select(share => MarkdownTable.Number(share, decimals));

    private static IEnumerable<string> Headings(string interval) => Enum.GetNames<Shape>().Select(s => $"{interval}, {s}");
}
