using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class RunComparisonTests
{
    private static readonly double[] Five = [0.10, 0.11, 0.12, 0.13, 0.14];
    private static readonly double[] Low = [0.01, 0.02, 0.01, 0.02, 0.01];

    [Fact]
    public void Variants_stand_in_the_order_of_the_file() =>
        Lives.Compare(Five, Low).Variants.Select(v => v.Name).ShouldBe(["wild", "tame", "still"]);

    [Fact]
    public void The_mean_is_over_instances() => Lives.Compare(Five, Low).Variants[0].Last(Measure.BareDrift).Mean.ShouldBe(0.12, 1e-12);

    [Fact]
    public void An_interval_is_cut_at_what_the_measure_can_take() =>
        Lives.Compare([0, 0, 0.2, 0, 0], Low).Variants[0].Last(Measure.BareDrift).Low.ShouldBe(0);

    [Fact]
    public void Differences_are_paired_by_replicate_and_not_by_the_order_of_the_instances()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("tame"));
        var comparison = Lives.Compare(
            plan,
            Lives.Instance("tame", 2, 0.2),
            Lives.Instance("wild", 1, 0.3),
            Lives.Instance("tame", 1, 0.1),
            Lives.Instance("wild", 2, 0.4)
        );

        var difference = comparison.Pair("wild", "tame", Measure.BareDrift).Difference;
        difference.Mean.ShouldBe(0.2, 1e-12);
        difference.Low.ShouldBe(0.2, 1e-12);
    }

    [Fact]
    public void The_means_of_a_pair_are_over_the_replicates_that_have_both_so_that_their_difference_is_its_own()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("tame"));
        var comparison = Lives.Compare(
            plan,
            Lives.Instance("wild", 1, 0.3),
            Lives.Instance("wild", 2, 0.9),
            Lives.Instance("tame", 1, 0.1),
            Lives.Instance("tame", 2, 0.1, status: InstanceState.Parked, reached: 1)
        );

        var pair = comparison.Pair("wild", "tame", Measure.BareDrift);
        pair.Means.ShouldBe((0.3, 0.1));
        pair.Reversed.Means.ShouldBe((0.1, 0.3));
        (pair.Means.First - pair.Means.Second).ShouldBe(pair.Difference.Mean, 1e-12);
    }

    [Fact]
    public void A_parked_instance_keeps_its_place_and_does_not_hold_the_others_back()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("tame"));
        var comparison = Lives.Compare(
            plan,
            Lives.Instance("wild", 1, 0.3),
            Lives.Instance("wild", 2, 0.3, status: InstanceState.Parked, reached: 1),
            Lives.Instance("tame", 1, 0.1),
            Lives.Instance("tame", 2, 0.1)
        );

        comparison.Generation.ShouldBe(2);
        comparison.Instances.Length.ShouldBe(4);
        comparison.Variants[0].Censored.ShouldBe(1);
        comparison.Variants[0][Measure.BareDrift].Select(e => e.N).ShouldBe([2, 2, 1]);
        comparison.Pair("wild", "tame", Measure.BareDrift).Difference.N.ShouldBe(1);
    }

    [Fact]
    public void A_run_that_goes_on_is_compared_where_every_unfinished_instance_has_got_to()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame"));
        Lives
            .Compare(plan, Lives.Instance("wild", 1, 0.3), Lives.Instance("tame", 1, 0.1, status: InstanceState.Living, reached: 1))
            .Generation.ShouldBe(1);
    }

    [Fact]
    public void A_planned_instance_that_is_missing_is_refused() =>
        Should
            .Throw<ArgumentException>(() => Lives.Compare(Lives.Plan(2, Lives.Variant("wild")), Lives.Instance("wild", 1, 0.1)))
            .Message.ShouldContain("wild-2");

    [Fact]
    public void Distinct_2_looks_at_as_many_words_as_every_round_has()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame"));
        var wordy = Lives.Instance("wild", 1, 0.1);
        wordy = wordy with { Rounds = [.. wordy.Rounds.Select(r => r with { Words = 60, Outputs = ["a b c a b c a b c a b c"] })] };
        var comparison = Lives.Compare(plan, wordy, Lives.Instance("tame", 1, 0.1));

        comparison.WordBudget.ShouldBe(6);
        comparison.Variants[0].Last(Measure.Distinct2).Mean.ShouldBe(3 / 5.0, 1e-12);
        comparison.Variants[1].Last(Measure.Distinct2).Mean.ShouldBe(1);
    }

    [Fact]
    public void A_round_without_a_word_takes_distinct_2_from_no_other()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame"));
        var dead = Lives.Instance("wild", 1, 0.1);
        dead = dead with { Rounds = [.. dead.Rounds.Select(r => r with { Words = 0, Outputs = ["", ""] })] };
        var comparison = Lives.Compare(plan, dead, Lives.Instance("tame", 1, 0.1));

        comparison.Variants[0].Last(Measure.Distinct2).Mean.ShouldBe(double.NaN);
        comparison.Variants[1].Last(Measure.Distinct2).Mean.ShouldBe(1);
    }

    [Fact]
    public void Declared_is_the_bare_drift_of_each_pair_that_the_plan_trains() =>
        Lives.Compare(Five, Low).Declared.Select(p => (p.First, p.Second, p.Measure.Key)).ShouldBe([("wild", "tame", "bareDrift")]);

    [Fact]
    public void What_was_not_declared_has_no_corrected_p() =>
        Lives.Compare(Five, Low).Pair("wild", "tame", Measure.AgentDrift).CorrectedP.ShouldBe(double.NaN);

    [Fact]
    public void A_bare_drift_that_cannot_change_is_not_tested() =>
        Lives.Compare(Five, Low).Pair("wild", "still", Measure.BareDrift).P.ShouldBe(double.NaN);

    [Fact]
    public void A_variant_that_the_plan_never_trains_is_no_part_of_the_family_whatever_keeps_it_from_training()
    {
        foreach (var never in (VariantPlan[])[Lives.Keepless("never"), Lives.Rivalless("never"), Lives.Variant("never", train: false)])
        {
            var comparison = Beside(never);
            comparison.Variants[2].Weights.ShouldBe(Weighting.NeverTrained);
            comparison.Declared.Select(p => (p.First, p.Second)).ShouldBe([("wild", "tame")]);
            comparison.Pair("wild", "never", Measure.BareDrift).P.ShouldBe(double.NaN);
        }
    }

    [Fact]
    public void Where_the_gate_promoted_nothing_its_pairs_stay_in_the_family_and_are_not_tested()
    {
        var comparison = Beside(Lives.Variant("stuck"));

        comparison.Family.ShouldBe(3);
        comparison.Pair("wild", "stuck", Measure.BareDrift).IsClaim.ShouldBeFalse();
        comparison.Pair("wild", "stuck", Measure.BareDrift).CorrectedP.ShouldBe(double.NaN);
        comparison.Pair("wild", "tame", Measure.BareDrift).CorrectedP.ShouldBe(3 / 32.0, 1e-12);
        Lives
            .Words(comparison)
            .ShouldContain(
                "That bare drift differs between wild and stuck is not tested: stuck has the base model, of which bare drift cannot change."
            );
        Lives.Words(comparison).ShouldNotContain("is higher in wild");
    }

    [Fact]
    public void Against_a_baseline_that_cannot_move_a_bare_drift_is_not_called_higher() =>
        Lives
            .Words(Beside(Lives.Variant("still", train: false)).Select(Selection.All with { Baseline = "still" }))
            .ShouldNotContain("higher in bare drift");

    // Six instances of two variants whose drifts differ clearly, and of a third one that never has another model than that of its birth.
    private static RunComparison Beside(VariantPlan third) =>
        Lives.Compare(
            Lives.Plan(6, Lives.Variant("wild"), Lives.Variant("tame"), third),
            [
                .. Enumerable
                    .Range(1, 6)
                    .SelectMany(r =>
                        new[]
                        {
                            Lives.Instance("wild", r, 0.2 + r / 100.0),
                            Lives.Instance("tame", r, 0.01 + r / 1000.0),
                            Lives.Instance(third.Name, r, 0, RoundOutcome.RolledBack, rise: 0),
                        }
                    ),
            ]
        );

    [Fact]
    public void Five_pairs_cannot_reach_significance() =>
        Lives.Compare(Five, Low).Pair("wild", "tame", Measure.BareDrift).CannotReach.ShouldBeTrue();

    [Fact]
    public void Six_pairs_can() =>
        Lives.Compare([.. Five, 0.15], [.. Low, 0.02]).Pair("wild", "tame", Measure.BareDrift).IsClaim.ShouldBeTrue();

    [Theory]
    [InlineData(1, 6)]
    [InlineData(3, 7)]
    [InlineData(10, 9)]
    public void The_pairs_needed_grow_with_the_family(int comparisons, int pairs) => PairSummary.PairsNeeded(comparisons).ShouldBe(pairs);

    [Theory]
    [InlineData(true, Weighting.NonePromoted)]
    [InlineData(false, Weighting.NeverTrained)]
    public void Weights_that_did_not_change_are_told_apart_by_the_plan(bool train, Weighting weights) =>
        Lives
            .Compare(Lives.Plan(1, Lives.Variant("wild", train)), Lives.Instance("wild", 1, 0, RoundOutcome.RolledBack))
            .Variants[0]
            .Weights.ShouldBe(weights);
}
