using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Power;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Tests.Analysis.Power;

public sealed class PowerForecastTests
{
    private static readonly ImmutableArray<string> Names = ["a", "b", "c"];
    private static readonly DeclaredOutcome Drift = new DeclaredOutcome.Value("bareDrift", SmallestEffect: 0.02);
    private static readonly PowerGoal Eight = new([8]);

    [Fact]
    public void The_figures_are_those_of_the_pilot_s_differences()
    {
        var pilot = Pilot(Plan([Drift], new DeclaredContrast.Pair("a", "b")));

        var test = Forecast(pilot, new PowerGoal([8, 20], Difference: 0.03, Power: 0.9)).Tests.ShouldHaveSingleItem();

        var expected = PilotForecast.Of(Differences(pilot, "a", "b"), 0.95);
        test.Pilot.ShouldBe(expected);
        test.Detectable.ShouldBe([
            new(8, expected.DetectableDifference(8, 0.05, Direction.Either, 0.9)),
            new(20, expected.DetectableDifference(20, 0.05, Direction.Either, 0.9)),
        ]);
        test.Needed.ShouldBe(expected.NeededReplicates(0.03, 0.05, Direction.Either, 0.9));
        test.Needed.Estimate.ShouldNotBeNull();
    }

    [Fact]
    public void Alpha_is_divided_by_the_family_and_the_declared_direction_counts()
    {
        var pilot = Pilot(
            Plan(
                [Drift],
                new DeclaredContrast.Pair("a", "b", EffectDirection.Lower),
                new DeclaredContrast.Pair("a", "c"),
                new DeclaredContrast.Equivalent("a", "b")
            )
        );

        var test = Forecast(pilot, Eight).Tests[0];

        test.Alpha.ShouldBe(0.05 / 3);
        test.Difference.ShouldBe(0.02);
        test.Needed.ShouldBe(PilotForecast.Of(Differences(pilot, "a", "b"), 0.95).NeededReplicates(0.02, 0.05 / 3, Direction.Less));
    }

    [Fact]
    public void Ordered_variants_are_forecast_for_the_last_against_the_first()
    {
        var pilot = Pilot(Plan([Drift], new DeclaredContrast.Ordered(Names, EffectDirection.Higher)));

        var forecast = Forecast(pilot, Eight);

        forecast.Tests[0].Pair.ShouldBe(("c", "a"));
        forecast.Tests[0].Pilot.ShouldBe(PilotForecast.Of(Differences(pilot, "c", "a"), 0.95));
        forecast.Tests[0].Detectable[0].Difference.ShouldBe(forecast.Tests[0].Pilot.DetectableDifference(8, 0.05, Direction.Greater));
        PowerWords
            .Of(forecast.Tests[0])
            .ShouldContain("between c and a, in the predicted direction, is found with 80% probability by a test of");
        string.Join('\n', PowerNotes.Of(forecast)).ShouldContain("a sign-flip test of the last variant against the first. Page's test");
    }

    [Fact]
    public void Equivalence_and_survival_are_said_not_to_be_forecast()
    {
        var pilot = Pilot(
            Plan(
                [Drift, new DeclaredOutcome.Survival("empty", Above: true, 0.5)],
                new DeclaredContrast.Pair("a", "b"),
                new DeclaredContrast.Equivalent("a", "b") { Measures = ["bareDrift"] }
            )
        );

        var forecast = Forecast(pilot, Eight);

        forecast.Tests.Select(t => t.Status).ShouldBe([ForecastStatus.Forecast, ForecastStatus.Equivalence, ForecastStatus.Survival]);
        string.Join('\n', PowerNotes.Of(forecast)).ShouldContain("Not forecast: 1 equivalence test and 1 survival test");
    }

    [Fact]
    public void A_planned_run_has_its_own_analysis_and_generation()
    {
        var pilot = Pilot(analysis: null);
        var planned = pilot.Plan with
        {
            Analysis = Plan([Drift], new DeclaredContrast.Pair("c", "b")) with { Generation = 1 },
            Replicates = 30,
        };

        var forecast = PowerForecast.Of(pilot, planned, [], Eight);

        forecast.Tests.ShouldHaveSingleItem().Test.Variants.ShouldBe(["c", "b"]);
        (forecast.Generation, forecast.DeclaredGeneration).ShouldBe((1, 1));
        forecast.Tests[0].Pilot.ShouldBe(PilotForecast.Of(Differences(pilot.At(1), "c", "b"), 0.95));
        forecast.Differing.ShouldBeEmpty();
        PowerForecast.Covered(planned, [], pilot.Plan.Variants).ShouldBe(1);
        PowerForecast.Covered(planned, [], pilot.Plan.Variants[..2]).ShouldBe(0);
    }

    [Fact]
    public void A_variant_that_the_pilot_lacks_leaves_its_tests_undefined()
    {
        var pilot = Pilot(analysis: null);
        var planned = pilot.Plan with { Analysis = Plan([Drift], new DeclaredContrast.Pair("a", "new")) };

        var test = PowerForecast.Of(pilot, planned, [], Eight).Tests[0];

        test.Status.ShouldBe(ForecastStatus.VariantMissing);
        test.Detectable[0].Difference.Estimate.ShouldBe(double.NaN);
    }

    [Fact]
    public void Of_a_measure_that_is_not_declared_all_trained_pairs_are_explored()
    {
        var pilot = Pilot(Plan([Drift], new DeclaredContrast.Pair("a", "b")));

        var forecast = PowerForecast.Of(pilot, pilot.Plan, [Measure.AgentDrift, Measure.BareDrift], Eight);

        forecast
            .Tests.Select(t => (t.Test.Measure.Key, t.IsDeclared, t.Test.Family))
            .ShouldBe([("agentDrift", false, 3), ("agentDrift", false, 3), ("agentDrift", false, 3), ("bareDrift", true, 1)]);
        string.Join('\n', PowerNotes.Of(forecast)).ShouldContain("Alpha 0.05 is divided by the 3 exploratory tests");
    }

    [Theory]
    [InlineData(new[] { 0.1 }, RoundOutcome.Promoted, ForecastStatus.TooFewPairs)]
    [InlineData(new[] { 0.1, 0.1, 0.1 }, RoundOutcome.Promoted, ForecastStatus.NoScatter)]
    [InlineData(new[] { 0.1, 0.2, 0.4 }, RoundOutcome.RolledBack, ForecastStatus.Fixed)]
    public void What_a_pilot_cannot_tell_is_undefined(double[] drifts, RoundOutcome outcome, ForecastStatus status)
    {
        var pilot = Lives.Compare(drifts, [.. drifts.Select(_ => 0.0)], outcome);

        var test = Forecast(pilot, new PowerGoal([8], 0.1)).Tests.ShouldHaveSingleItem();

        test.Status.ShouldBe(status);
        test.Detectable[0].Difference.ShouldBe(new PilotEstimate<double>(double.NaN, double.NaN, double.NaN));
        test.Needed.ShouldBe(default);
        PowerWords.Of(test).ShouldStartWith("The power for bare drift between wild and tame is not forecast: ");
    }

    [Fact]
    public void A_level_above_the_wanted_power_is_no_forecast() =>
        Forecast(Pilot(Plan([Drift], new DeclaredContrast.Pair("a", "b")) with { Alpha = 0.9 }), Eight)
            .Tests[0]
            .Status.ShouldBe(ForecastStatus.PowerBelowAlpha);

    [Fact]
    public void The_sentence_has_the_figures_with_their_bounds()
    {
        var test = Forecast(Pilot(Plan([Drift], new DeclaredContrast.Pair("a", "b"))), Eight).Tests[0];
        var (estimate, low, high) = PowerWords.Texts(Measure.BareDrift, test.Detectable[0].Difference);
        var (few, needed, many) = test.Needed;

        PowerWords
            .Of(test)
            .ShouldBe(
                $"With 8 replicates, a difference of {estimate} bits ({low} to {high}, by the pilot's uncertainty) in bare drift between a "
                    + $"and b is found with 80% probability; for 0.02 bits, {needed} ({few} to {many}) are needed."
            );
    }

    [Fact]
    public void Too_few_replicates_find_nothing_whatever_its_size()
    {
        var test = Forecast(Pilot(Plan([Drift], new DeclaredContrast.Pair("a", "b"))), new PowerGoal([5], 1e-7)).Tests[0];

        test.Detectable[0].CannotReach.ShouldBeTrue();
        PowerWords
            .Of(test)
            .ShouldBe(
                "With 5 replicates, no difference in bare drift between a and b is found, whatever its size: at least 6 are needed; for "
                    + "0 bits, more than 10,000."
            );
    }

    [Fact]
    public void A_test_that_is_not_supported_has_one_finding_on_power()
    {
        var pilot = Pilot(Plan([Drift], new DeclaredContrast.Pair("a", "b"), new DeclaredContrast.Pair("a", "c")));

        var finding = Findings.Of(pilot).Where(f => f.About == "power").ShouldHaveSingleItem();

        pilot.Tests[0].Verdict.ShouldBe(TestVerdict.CannotReach);
        finding.Text.ShouldBe(PowerWords.Of(Forecast(pilot, new PowerGoal([7])).Tests[0]));
        Findings.Of(pilot).Count(f => !f.Detail).ShouldBeLessThanOrEqualTo(Findings.Most);
    }

    [Fact]
    public void A_claim_has_no_finding_on_power() =>
        Findings
            .Of(Lives.Compare([0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.26], [0.01, 0.02, 0.01, 0.02, 0.01, 0.03, 0.01]))
            .ShouldNotContain(f => f.About == "power");

    private static PowerForecast Forecast(RunComparison pilot, PowerGoal goal) => PowerForecast.Of(pilot, pilot.Plan, [], goal);

    private static double[] Differences(RunComparison pilot, string first, string second) =>
        [.. Enumerable.Range(1, pilot.Plan.Replicates).Select(r => DriftOf(pilot, first, r) - DriftOf(pilot, second, r))];

    private static double DriftOf(RunComparison pilot, string variant, int replicate) =>
        pilot.Instances.Single(i => i.Variant == variant && i.Replicate == replicate).Generations[pilot.Generation].BareDrift;

    private static AnalysisPlan Plan(ImmutableArray<DeclaredOutcome> primary, params DeclaredContrast[] contrasts) =>
        new(null, primary, [], [.. contrasts], Generation: null, Alpha: 0.05, IntervalMethod.Student);

    // Five replicates that scatter.
    private static RunComparison Pilot(AnalysisPlan? analysis)
    {
        var random = new Random(17);
        return Lives.Compare(
            Lives.Plan(5, [.. Names.Select(n => Lives.Variant(n))]) with
            {
                Analysis = analysis,
            },
            [.. Names.SelectMany(n => Enumerable.Range(1, 5).Select(r => Lives.Instance(n, r, 0.1 + 0.05 * random.NextDouble())))]
        );
    }
}
