using System.Collections.Immutable;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;

namespace AiMe.Lab.Tests.Analysis.Comparison.Treatments;

/// <summary>Rounds of 4 cycles; drift at generation g of 2 is g / 2 of the given one.</summary>
public sealed class TreatmentEffectTests
{
    private static readonly InterventionAction Strict = new InterventionAction.SetPolicy([new KeepNone()]);

    [Fact]
    public void It_is_the_change_of_the_difference_since_the_last_generation_before()
    {
        // at generation 1: .10 - .05, .12 - .05, .14 - .05; at generation 2 twice that
        var effect = Effects(Run(cycle: 5, [0.20, 0.24, 0.28], [0.10, 0.10, 0.10])).Single(e => e.Measure == Measure.BareDrift);
        (effect.Treatment.First, effect.Control).ShouldBe((2, "tame"));
        effect.Before.Mean.ShouldBe(0.07, 1e-12);
        effect.After.Mean.ShouldBe(0.07, 1e-12);
        effect.ByGeneration.Select(e => Math.Round(e.Mean, 12)).ShouldBe([-0.07, 0, 0.07]);
        effect.P.ShouldBe(0.25, "all of three differences have one sign");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    [InlineData(8, 2)]
    public void The_first_generation_that_it_can_change_is_that_of_the_round_with_its_cycle(int cycle, int generation) =>
        Treatment.All(Plan(cycle)).Single().First.ShouldBe(generation);

    [Fact]
    public void It_is_compared_with_the_untreated_variant_of_the_same_settings_else_with_every_untreated_one()
    {
        Treatment.All(Plan(5)).Single().Controls.ShouldBe(["tame"]);
        var other = Lives.Variant("tame") with { Memory = Lives.Variant("tame").Memory with { Recall = 9 } };
        Treatment
            .All(Plan(5) with { Variants = [Lives.Variant("wild"), other, Lives.Variant("still", train: false)] })
            .Single()
            .Controls.ShouldBe(["tame", "still"]);
        Treatment.All(Plan(5) with { Interventions = [new(5, ["wild", "tame", "still"], Strict)] }).ShouldAllBe(t => t.Controls.IsEmpty);
    }

    [Fact]
    public void A_measure_without_a_value_before_the_treatment_has_no_effect() =>
        Effects(Run(cycle: 1, [0.2, 0.3], [0.1, 0.1])).Single(e => e.Measure == Measure.Novelty).After.N.ShouldBe(0);

    [Fact]
    public void An_instance_that_ended_early_is_left_out_with_its_pair()
    {
        var effect = Effects(Run(cycle: 5, [0.20, 0.24, 0.28], [0.10, 0.10, 0.10], reached: 1)).Single(e => e.Measure == Measure.BareDrift);
        (effect.Before.N, effect.After.N).ShouldBe((3, 2));
    }

    [Fact]
    public void Charters_count_once()
    {
        var comparison = Run(cycle: 5, [0.20, 0.24, 0.28, 0.32], [0.10, 0.10, 0.10, 0.10]);
        var plan = comparison.Plan with
        {
            Charters = [new CharterPlan(comparison.Plan.Charter), new CharterPlan(comparison.Plan.Charter with { Name = "Eve" })],
        };
        var effect = Effects(comparison with { Plan = plan }).Single(e => e.Measure == Measure.BareDrift);
        (effect.After.N, Math.Round(effect.After.Mean, 12)).ShouldBe((2, 0.08));
    }

    [Fact]
    public void The_findings_say_from_which_generation_on_what_changed() =>
        Lives
            .Words(Run(cycle: 5, [0.20, 0.21, 0.22, 0.20, 0.21, 0.22], [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]))
            .ShouldContain("From generation 2 on, after the intervention before cycle 5, wild minus tame changed in bare drift by +0.055");

    [Fact]
    public void Too_few_pairs_to_tell_from_chance_are_no_finding() =>
        Lives
            .Words(Run(cycle: 5, [0.20, 0.21, 0.22], [0.10, 0.10, 0.10]))
            .ShouldContain("changed in no shown measure beyond chance (3 pairs");

    [Fact]
    public void Before_it_can_have_an_effect_the_findings_say_from_when_on() =>
        Lives
            .Words(Run(cycle: 5, [0.2, 0.3], [0.1, 0.1]).At(1))
            .ShouldContain("can change figures from generation 2 on, and generation 1 is compared");

    [Fact]
    public void A_comparison_computes_them_once_and_a_part_of_it_has_its_own()
    {
        var comparison = Run(cycle: 5, [0.20, 0.24, 0.28], [0.10, 0.10, 0.10]);
        (comparison.Treatments == comparison.Treatments).ShouldBeTrue("the same array");
        var part = comparison with { Measures = [Measure.BareDrift] };
        part.Treatments.Select(e => e.Measure).ShouldBe([Measure.BareDrift]);
        comparison.Treatments.Length.ShouldBe(comparison.BaselineMeasures.Length);
    }

    private static IEnumerable<TreatmentEffect> Effects(RunComparison comparison) => TreatmentEffect.All(comparison, Measure.All);

    private static RunPlan Plan(int cycle, int replicates = 3) =>
        Lives.Plan(replicates, Lives.Variant("wild"), Lives.Variant("tame"), Lives.Variant("still", train: false)) with
        {
            Interventions = [new(cycle, ["wild"], Strict)],
        };

    private static RunComparison Run(int cycle, ImmutableArray<double> wild, ImmutableArray<double> tame, int? reached = null) =>
        Lives.Compare(
            Plan(cycle, wild.Length),
            [
                .. wild.Select(
                    (d, i) =>
                        i == 0 && reached is { } early
                            ? Lives.Instance("wild", 1, d, status: InstanceState.Parked, reached: early)
                            : Lives.Instance("wild", i + 1, d)
                ),
                .. tame.Select((d, i) => Lives.Instance("tame", i + 1, d)),
                .. wild.Select((_, i) => Lives.Instance("still", i + 1, 0)),
            ]
        );
}
