using AiMe.Bench.Statistics;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Power;
using AiMe.Lab.Experiments;
using AiMe.Metrics.Statistics;
using MathNet.Numerics.Distributions;

namespace AiMe.Bench.Experiments;

/// <summary>
/// Whether the power that a pilot forecasts comes true: a large run tells the true difference, the pilot forecasts, later
/// runs are tested. No two of them share a seed.
/// </summary>
/// <param name="Truth">The declared test of the large run.</param>
/// <param name="TrueSd">Standard deviation of its paired differences.</param>
/// <param name="Pilot">The pilot's forecast, with the true difference as the one of interest.</param>
/// <param name="Replicates">Of each later run.</param>
/// <param name="Later">The declared tests of the later runs.</param>
internal sealed record ForecastStudy(
    DeclaredTest Truth,
    double TrueSd,
    TestForecast Pilot,
    int Replicates,
    IReadOnlyList<DeclaredTest> Later
)
{
    private const double Wanted = 0.7;
    private const double Level = 0.95;

    /// <summary>The forecast power of a later run.</summary>
    public PilotEstimate<double> Forecast => PowerAt(Pilot, Replicates);

    /// <summary>How many later runs were significant.</summary>
    public int Significant => Later.Count(t => t.CorrectedP <= t.Alpha);

    /// <summary>Runs it.</summary>
    /// <param name="file">Two variants and one declared test; seed and replicates are replaced, except those of the pilot.</param>
    /// <param name="replicates">Of the large run.</param>
    /// <param name="later">Number of later runs.</param>
    /// <param name="most">Replicates of a later run, at most; the number with a forecast power next to .7 is taken.</param>
    /// <param name="seed">Of the large run; the pilot and the later runs have the next ones.</param>
    /// <exception cref="InvalidOperationException">The pilot forecasts nothing.</exception>
    public static async Task<ForecastStudy> RunAsync(
        Laboratory laboratory,
        Experiment file,
        int replicates,
        int later,
        int most,
        ulong seed,
        CancellationToken cancellationToken
    )
    {
        var first = await laboratory.RunAsync(
            [file with { Seed = new Seed(seed), Replicates = replicates }, file with { Seed = new Seed(seed + 1) }],
            RunComparison.Of,
            cancellationToken
        );
        var (truth, pilot) = (first[0], first[1]);
        var test = truth.Tests.Single();
        var forecast = PowerForecast.Of(pilot, pilot.Plan, [], new PowerGoal([pilot.Plan.Replicates], Math.Abs(test.Estimate.Mean))).First
            ?? throw new InvalidOperationException("The pilot forecasts nothing: its variants did not change, or differ by a constant.");
        var fewest = forecast.Fewest!.Value;
        var n = Enumerable.Range(fewest, Math.Max(fewest, most) - fewest + 1).MinBy(n => Math.Abs(PowerAt(forecast, n).Estimate - Wanted));
        return new ForecastStudy(
            test,
            StandardDeviation.Of(truth.Declared.Single().Differences.AsSpan()),
            forecast,
            n,
            await laboratory.RunAsync(
                [.. Enumerable.Range(2, later).Select(i => file with { Seed = new Seed(seed + (ulong)i), Replicates = n })],
                record => RunComparison.Of(record).Tests.Single(),
                cancellationToken
            )
        );
    }

    /// <summary>The study in one table.</summary>
    public MarkdownTable Table()
    {
        var (share, runs) = ((double)Significant / Later.Count, Later.Count);
        return new(
            $"Power forecast from a pilot of {Pilot.Pilot.Replicates} replicates, and {runs} later runs of {Replicates}: "
                + $"{Truth.Measure.Key}, {Truth.Variants[0]} minus {Truth.Variants[1]}",
            ["", "estimate", "95% interval"],
            [
                [$"difference, {Truth.N} replicates", Number(Truth.Estimate.Mean), Between(Truth.Estimate.Low, Truth.Estimate.High)],
                [$"its standard deviation, {Truth.N} replicates", Number(TrueSd), ""],
                ["its standard deviation, pilot", .. Cells(Pilot.Pilot.StandardDeviation)],
                [$"power at n = {Replicates}, forecast by the pilot", .. Cells(Forecast)],
                [$"power at n = {Replicates} with the standard deviation of {Truth.N} replicates", Number(PowerOf(TrueSd)), ""],
                [
                    $"later runs significant, {Significant} of {runs}",
                    Number(share),
                    Between(Bound(0.5 - Level / 2), Bound(0.5 + Level / 2)),
                ],
            ]
        );

        // Clopper and Pearson.
        double Bound(double p) =>
            p < 0.5
                ? Significant == 0
                    ? 0
                    : Beta.InvCDF(Significant, runs - Significant + 1, p)
                : Significant == runs
                    ? 1
                    : Beta.InvCDF(Significant + 1, runs - Significant, p);
    }

    /// <summary>Whether the later runs agree with the forecast, in a sentence.</summary>
    public string Verdict()
    {
        var share = (double)Significant / Later.Count;
        var where = share >= Forecast.Low && share <= Forecast.High ? "within" : "outside";
        return $"The share of significant runs, {Number(share)}, lies {where} the forecast's interval, "
            + $"{Between(Forecast.Low, Forecast.High)}; {Later.Count} runs give it a standard error of "
            + $"{Number(Math.Sqrt(Forecast.Estimate * (1 - Forecast.Estimate) / Later.Count))} at the forecast power.";
    }

    private double PowerOf(double sd) => PairedPower.Of(Pilot.Difference!.Value, sd, Replicates, Pilot.Alpha, Direction.Either);

    private static PilotEstimate<double> PowerAt(TestForecast forecast, int n) =>
        forecast.Pilot.Power(forecast.Difference!.Value, n, forecast.Alpha, Direction.Either);

    private static string[] Cells(PilotEstimate<double> estimate) => [Number(estimate.Estimate), Between(estimate.Low, estimate.High)];

    private static string Number(double value) => MarkdownTable.Number(value);

    private static string Between(double low, double high) => $"{Number(low)} to {Number(high)}";
}
