using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Tests.Analysis.Predictions;

public sealed class PredictionTests
{
    private static readonly double[] Drifts = [0.30, 0.34, 0.28, 0.33, 0.31, 0.29];

    [Fact]
    public void The_interval_of_a_level_is_students_at_one_minus_alpha_over_the_number_of_primary_predictions()
    {
        var results = Predicted(
            new("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Higher, 0.2),
            new("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Lower, 0.2),
            new("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Within, 1, IsSecondary: true)
        );

        var expected = StudentT.Interval(Drifts, 1 - 0.05 / 2);
        results.Select(r => r.Confidence).ShouldBe([0.975, 0.975, 0.95]);
        results[0].Estimate.Low.ShouldBe(expected.Low, 1e-12);
        results[0].Estimate.High.ShouldBe(expected.High, 1e-12);
        results
            .Select(r => r.Verdict)
            .ShouldBe([PredictionVerdict.Reproduced, PredictionVerdict.NotReproduced, PredictionVerdict.Reproduced]);
        PredictionResult.Together(results).ShouldBe(PredictionVerdict.NotReproduced, "one primary prediction is excluded");
    }

    [Theory]
    [InlineData(PredictedSide.Higher, 0.31, PredictionVerdict.Inconclusive)]
    [InlineData(PredictedSide.Lower, 0.31, PredictionVerdict.Inconclusive)]
    [InlineData(PredictedSide.Lower, 0.4, PredictionVerdict.Reproduced)]
    [InlineData(PredictedSide.Within, 0.4, PredictionVerdict.Reproduced)]
    [InlineData(PredictedSide.Within, 0.31, PredictionVerdict.Inconclusive)]
    [InlineData(PredictedSide.Within, 0.1, PredictionVerdict.NotReproduced)]
    public void An_interval_that_holds_its_bound_is_inconclusive(PredictedSide side, double bound, PredictionVerdict expected) =>
        Predicted(new Prediction("bareDrift", new PredictedNumber.LevelOf("a"), side, bound))[0].Verdict.ShouldBe(expected);

    [Theory]
    [InlineData(0.31, 0.05, PredictionVerdict.Reproduced)]
    [InlineData(0.31, 0.01, PredictionVerdict.Inconclusive)]
    [InlineData(0.25, 0.01, PredictionVerdict.NotReproduced)]
    [InlineData(0.40, 0.01, PredictionVerdict.NotReproduced)]
    public void A_level_near_a_number_has_its_whole_interval_within_the_bound_on_both_sides(
        double around,
        double bound,
        PredictionVerdict expected
    )
    {
        Prediction near = new("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Within, bound, Around: around);
        Predicted(near)[0].Verdict.ShouldBe(expected);
        PredictionWords
            .Expected(near, Measure.BareDrift)
            .ShouldBe(string.Create(CultureInfo.InvariantCulture, $"{around:0.000} ±{bound:0.000}"));
    }

    [Fact]
    public void A_step_of_no_generation_is_a_prediction_for_each()
    {
        var results = Predicted(new Prediction("bareDrift", new PredictedNumber.StepOf("a"), PredictedSide.Higher, 0));

        results.Select(r => r.Generation).ShouldBe([1, 2]);
        results.ShouldAllBe(r => r.Verdict == PredictionVerdict.Reproduced && Math.Abs(r.Confidence - 0.975) < 1e-12);
        results[0].Estimate.Mean.ShouldBe(Drifts.Average() / 2, 1e-12);
    }

    [Fact]
    public void A_contrast_is_taken_within_replicates_against_a_multiple_of_the_second()
    {
        // b is a third of a, replicate by replicate: a - 2 b is a third of a
        var result = Predicted(new Prediction("bareDrift", new PredictedNumber.ContrastOf("a", "b", Times: 2), PredictedSide.Higher, 0))[0];

        var expected = StudentT.Interval([.. Drifts.Select(d => d / 3)], 0.95);
        result.Estimate.Mean.ShouldBe(expected.Mean, 1e-12);
        result.Estimate.Low.ShouldBe(expected.Low, 1e-12);
    }

    [Fact]
    public void A_contrast_may_be_between_two_measures_of_one_variant() =>
        Predicted(new Prediction("agentDrift", new PredictedNumber.ContrastOf("a", "a", 1, "bareDrift"), PredictedSide.Higher, 0.02))[0]
            .Estimate.Mean.ShouldBe(0.03, 1e-12);

    [Fact]
    public void A_trend_is_a_slope_over_generations_or_over_variants_in_order()
    {
        var results = Predicted(
            new Prediction("bareDrift", new PredictedNumber.GrowthOf("a"), PredictedSide.Higher, 0),
            new Prediction("bareDrift", new PredictedNumber.OrderOf(["a", "b", "c"]), PredictedSide.Lower, 0)
        );

        results[0].Estimate.Mean.ShouldBe(Drifts.Average() / 2, 1e-12, "2 generations, linear");
        results[1].Estimate.Mean.ShouldBe(-Drifts.Average() / 2, 1e-12, "a, a third, nothing");
        results.ShouldAllBe(r => r.Verdict == PredictionVerdict.Reproduced);
    }

    [Fact]
    public void The_line_of_a_trend_may_begin_after_generation_0() =>
        // The drift of generation 0 is 0 and not on the line, the others are equal steps: the slope is that of the last step.
        Predicted(new Prediction("bareDrift", new PredictedNumber.GrowthOf("a", From: 1), PredictedSide.Higher, 0))[0]
            .Estimate.Mean.ShouldBe(Drifts.Average() / 2, 1e-12);

    [Theory]
    [InlineData("a", "b", 3, NullTest.StudentT, 1)]
    [InlineData("a", "a", 3, NullTest.StudentT, 0)]
    [InlineData("a", "b", 6, NullTest.SignFlip, 1)]
    [InlineData("a", "b", 3, NullTest.SignFlip, 0)] // the smallest p of 3 pairs is .25
    public void Rejections_are_counted_over_groups_of_replicates(string first, string second, int groupsOf, NullTest test, double share)
    {
        Prediction prediction = new(
            "bareDrift",
            new PredictedNumber.RejectionsOf(first, second, groupsOf, test),
            PredictedSide.Within,
            0.045,
            Around: 0.055
        );

        var result = Predicted(prediction)[0];

        result.Estimate.N.ShouldBe(Drifts.Length / groupsOf);
        result.Estimate.Mean.ShouldBe(share);
        result.Verdict.ShouldBe(PredictionVerdict.Inconclusive, "of two tests a right one misses 1% to 10% often");
        PredictionWords.Expected(prediction, Measure.BareDrift).ShouldBe("1% to 10%");
    }

    [Theory]
    [InlineData(0, PredictionVerdict.NotReproduced)]
    [InlineData(1, PredictionVerdict.Reproduced)]
    [InlineData(10, PredictionVerdict.Reproduced)]
    [InlineData(11, PredictionVerdict.NotReproduced)]
    public void One_to_ten_rejections_of_a_hundred_are_as_predicted(int rejections, PredictionVerdict expected)
    {
        Prediction prediction = new(
            "bareDrift",
            new PredictedNumber.RejectionsOf("a", "b", 8, NullTest.StudentT),
            PredictedSide.Within,
            (0.10 - 0.01) / 2,
            Around: (0.10 + 0.01) / 2
        );
        var share = rejections / 100.0;

        Result(100).Verdict.ShouldBe(expected);
        // of so few tests a right one misses the bounds often
        Result(20).Verdict.ShouldBe(PredictionVerdict.Inconclusive);

        PredictionResult Result(int tests) =>
            new(prediction, Measure.BareDrift, 2, new Estimate(share, share, share, tests), 0.95) { Alpha = 0.05 };
    }

    [Fact]
    public void A_trend_of_a_measure_of_rounds_begins_with_the_first_round()
    {
        var result = Predicted(new Prediction("acceptance", new PredictedNumber.GrowthOf("a"), PredictedSide.Within, 0.1))[0];

        result.Estimate.Mean.ShouldBe(0, 1e-12, "there is no round at generation 0, and both rounds keep half");
        result.Verdict.ShouldBe(PredictionVerdict.Reproduced);
    }

    [Fact]
    public void A_correlation_is_by_rank_over_the_generations_of_the_variants()
    {
        // Of a and b the agent's drift is the bare one and a constant: the order of the four generations is the same.
        var results = Predicted(
            new Prediction("agentDrift", new PredictedNumber.CorrelationOf(["a", "b"], "bareDrift"), PredictedSide.Higher, 0.9),
            new Prediction("heldOut", new PredictedNumber.CorrelationOf(["c"], "bareDrift"), PredictedSide.Higher, 0)
        );

        results[0].Estimate.Mean.ShouldBe(1, 1e-12);
        double.IsNaN(results[1].Estimate.Mean).ShouldBeTrue("c does not vary");
    }

    [Fact]
    public void A_missing_value_leaves_its_replicate_out()
    {
        var comparison = Compare(
            [new Prediction("bareDrift", new PredictedNumber.ContrastOf("a", "b"), PredictedSide.Higher, 0)],
            parked: 2
        );

        comparison.Predictions[0].Estimate.N.ShouldBe(Drifts.Length - 1);
    }

    [Fact]
    public void Predictions_of_hidden_variants_are_not_shown()
    {
        var comparison = Compare([
            new Prediction("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Higher, 0),
            new Prediction("bareDrift", new PredictedNumber.ContrastOf("a", "b"), PredictedSide.Higher, 0),
        ]);

        var shown = comparison.Select(Selection.All with { Filters = [RunFilter.Parse("variant=a").Filter.ShouldNotBeNull()] });

        shown.Predictions.Length.ShouldBe(1);
        shown.AllPredictions.Length.ShouldBe(2);
    }

    [Fact]
    public void A_hidden_prediction_counts_towards_the_verdict()
    {
        var comparison = Compare([
            new Prediction("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Higher, 0),
            new Prediction("bareDrift", new PredictedNumber.ContrastOf("a", "b"), PredictedSide.Lower, 0),
        ]) with
        {
            Digest = "0123",
        };

        var shown = comparison.Select(Selection.All with { Filters = [RunFilter.Parse("variant=a").Filter.ShouldNotBeNull()] });

        shown.Verdict.ShouldBe(PredictionVerdict.NotReproduced);
        PredictionWords.Of(shown).ShouldBe("not reproduced, by all 2 predictions, of which 1 is shown");
    }

    [Fact]
    public void A_run_that_has_not_finished_is_not_judged()
    {
        var comparison = Compare([new Prediction("bareDrift", new PredictedNumber.LevelOf("a"), PredictedSide.Higher, 0)]) with
        {
            Digest = null,
        };
        comparison.Verdict.ShouldBeNull();
        PredictionWords.Of(comparison).ShouldBe("not judged before the run has finished");
    }

    [Fact]
    public void A_recorded_prediction_of_generations_that_are_not_there_has_no_value()
    {
        PredictedNumber[] numbers =
        [
            new PredictedNumber.StepOf("a"),
            new PredictedNumber.GrowthOf("a", From: 7),
            new PredictedNumber.ResponseOf(["a", "b"], "bareDrift"),
            new PredictedNumber.CorrelationOf(["a", "b"], "bareDrift"),
        ];
        foreach (var number in numbers)
        {
            var result = Predicted(new Prediction("bareDrift", number, PredictedSide.Higher, 0, At: 0))[0];
            result.Estimate.N.ShouldBe(0, number.ToString());
            PredictionWords.Of(result).ShouldBe("inconclusive (no value)");
        }
    }

    private static ImmutableArray<PredictionResult> Predicted(params ImmutableArray<Prediction> predict) => Compare(predict).Predictions;

    // Of each replicate b drifts a third as far as a, and c does not drift.
    private static RunComparison Compare(ImmutableArray<Prediction> predict, int parked = 0)
    {
        var plan = Lives.Plan(Drifts.Length, Lives.Variant("a"), Lives.Variant("b"), Lives.Variant("c")) with
        {
            Analysis = new AnalysisPlan(
                null,
                [new DeclaredOutcome.Value("bareDrift")],
                [],
                [new DeclaredContrast.Pair("a", "b")],
                null,
                0.05,
                IntervalMethod.Student
            )
            {
                Predict = predict,
            },
        };
        return Lives.Compare(
            plan,
            [
                .. Drifts.Select((d, i) => Lives.Instance("a", i + 1, d)),
                .. Drifts.Select(
                    (d, i) =>
                        i + 1 == parked
                            ? Lives.Instance("b", i + 1, d / 3, status: InstanceState.Parked, reached: 1)
                            : Lives.Instance("b", i + 1, d / 3)
                ),
                .. Drifts.Select((_, i) => Lives.Instance("c", i + 1, 0)),
            ]
        );
    }
}
