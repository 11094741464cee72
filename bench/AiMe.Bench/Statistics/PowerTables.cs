using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Statistics;

/// <summary>Whether a forecast of power comes true.</summary>
internal static class PowerTables
{
    private const double Alpha = 0.05;
    private const int PilotOf = 8;
    private static readonly Shape[] Shapes = [Shape.Normal, Shape.Laplace];

    /// <summary>The power of the exact sign-flip test beside that of the t test, which is forecast.</summary>
    public static MarkdownTable SignFlipPower(Trials trials)
    {
        return new(
            $"Power of the sign-flip test, two-sided .05, {trials.Count:#,0} trials each",
            ["n, difference", "forecast", "forecast at the attainable size", .. Shapes.Select(s => $"simulated, {s}")],
            [
                .. new[] { (6, 1.8), (7, 1.4), (8, 0.8), (8, 1.2), (9, 1.1), (10, 1), (12, 0.9), (15, 0.8) }.Select(x =>
                    Row(x.Item1, x.Item2)
                ),
            ]
        );

        string[] Row(int n, double difference) =>
            [
                $"{n}, {difference:0.0} sd",
                MarkdownTable.Number(PairedPower.Of(difference, 1, n, Alpha, Direction.Either)),
                MarkdownTable.Number(
                    PairedPower.Of(difference, 1, n, SignFlip.AttainableSize(n, Alpha, Direction.Either), Direction.Either)
                ),
                .. Shapes
                    .Select(shape => trials.Share(s => SignFlip.PValue(s.Values(shape, n, difference), 0) <= Alpha))
                    .Select(share => MarkdownTable.Number(share)),
            ];
    }

    /// <summary>Pilots, and later runs of as many replicates as each of them says are needed.</summary>
    /// <remarks>The true difference, and the smallest of interest, is one standard deviation.</remarks>
    public static IEnumerable<MarkdownTable> Pilots(Trials trials)
    {
        var truth = PairedPower.NeededReplicates(1, 1, Alpha, Direction.Either)!.Value;
        var runs = Shapes.Select(shape => trials.Outcomes(s => Pilot(s, shape, truth))).ToArray();
        yield return new MarkdownTable(
            $"Later runs with the replicates that a pilot of {PilotOf} forecast for a power of .8 (needed: {truth}), "
                + $"{trials.Count:#,0} pilots each",
            ["replicates", .. Shapes.SelectMany(s => new[] { $"median n (quartiles), {s}", $"significant, {s}" })],
            [
                .. new[] { "lower bound", "estimate", "upper bound" }.Select(
                    (name, i) => (string[])[name, .. runs.SelectMany(r => Cells(r, i))]
                ),
            ]
        );
        yield return new MarkdownTable(
            "95% intervals of such forecasts",
            ["interval of", .. Shapes.Select(s => $"holds the truth, {s}")],
            [
                ["standard deviation", .. runs.Select(r => MarkdownTable.Number(r.Average(x => x.HoldsSd ? 1.0 : 0)))],
                ["needed replicates", .. runs.Select(r => MarkdownTable.Number(r.Average(x => x.HoldsNeeded ? 1.0 : 0)))],
                [$"power at n = {truth}", .. runs.Select(r => MarkdownTable.Number(r.Average(x => x.HoldsPower ? 1.0 : 0)))],
            ]
        );

        static string[] Cells(Outcome[] runs, int i)
        {
            int[] sizes = [.. runs.Select(r => r.Sizes[i]).Order()];
            return [$"{At(0.5)} ({At(0.25)} to {At(0.75)})", MarkdownTable.Number(runs.Average(r => r.Significant[i] ? 1.0 : 0))];

            int At(double q) => sizes[(int)(q * (sizes.Length - 1))];
        }
    }

    private static Outcome Pilot(Sampler sampler, Shape shape, int truth)
    {
        var pilot = PilotForecast.Of(sampler.Values(shape, PilotOf, 1), 0.95);
        var needed = pilot.NeededReplicates(1, Alpha, Direction.Either);
        var power = pilot.Power(1, truth, Alpha, Direction.Either);
        var truePower = PairedPower.Of(1, 1, truth, Alpha, Direction.Either);
        int[] sizes = [.. new[] { needed.Low, needed.Estimate, needed.High }.Select(n => n ?? PairedPower.MostReplicates)];
        return new Outcome(
            sizes,
            [.. sizes.Select(n => SignFlip.PValue(sampler.Values(shape, n, 1), sampler.Seed()) <= Alpha)],
            pilot.StandardDeviation is { Low: <= 1, High: >= 1 },
            sizes[0] <= truth && truth <= sizes[2],
            power.Low <= truePower && truePower <= power.High
        );
    }

    private sealed record Outcome(int[] Sizes, bool[] Significant, bool HoldsSd, bool HoldsNeeded, bool HoldsPower);
}
