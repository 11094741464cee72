using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class InstanceSummaryTests
{
    [Fact]
    public void Drift_at_birth_is_0() => Of(Probed(0, 0.5)).Generations[0].BareDrift.ShouldBe(0);

    [Fact]
    public void Drift_is_measured_against_birth_and_not_against_the_generation_before()
    {
        var instance = Of(Probed(0, 0.9), Probed(1, 0.1), Probed(2, 0.9));

        instance.Generations[1].BareDrift.ShouldBeGreaterThan(0.3);
        instance.Generations[2].BareDrift.ShouldBe(0, 1e-12);
    }

    [Fact]
    public void The_rise_of_held_out_cross_entropy_is_relative_to_birth() =>
        Of(Probed(0, 0.5, heldOut: 2), Probed(1, 0.5, heldOut: 2.1)).Generations[1].HeldOutRise.ShouldBe(0.05, 1e-12);

    [Fact]
    public void The_trait_score_is_the_probability_of_the_keyed_option() =>
        Of(Probed(0, 0.7)).Generations[0].Traits["honesty"].ShouldBe(0.7, 1e-12);

    [Fact]
    public void The_floor_comes_from_the_paraphrases_at_birth() => Of(Probed(0, 0.9, other: 0.1)).Floor.ShouldBeGreaterThan(0.3);

    [Fact]
    public void Acceptance_is_kept_over_judged() =>
        Of([.. Round(1, Verdict.Keep, Verdict.Keep, Verdict.Keep, Verdict.Hold)]).Rounds[0].Acceptance.ShouldBe(0.75);

    [Fact]
    public void A_round_that_is_not_over_has_no_figures() =>
        Of([.. Round(1, Verdict.Keep, Verdict.Keep, Verdict.Keep)]).Rounds.ShouldBeEmpty();

    [Fact]
    public void A_round_that_was_ended_early_has_its_figures_and_keeps_its_number()
    {
        var instance = Of([
            .. Round(1, Verdict.Keep, Verdict.Reject),
            new RoundEnded(1, 2, 2),
            .. Round(2, Verdict.Keep, Verdict.Keep, Verdict.Keep, Verdict.Keep),
        ]);

        instance.In(1, r => r.Acceptance).ShouldBe(0.5);
        instance.In(2, r => r.Acceptance).ShouldBe(1);
        instance.IsUnplannedBy(1).ShouldBeTrue();
    }

    [Fact]
    public void What_was_done_after_a_generation_was_probed_does_not_take_it_off_the_plan()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"));
        var instance = InstanceSummary.Of(
            plan,
            new InstanceRecord(
                "wild-1",
                plan.Variants[0],
                1,
                InstanceState.Finished,
                Happened([
                    Probed(0, 0.5),
                    .. Round(1, Verdict.Keep),
                    Probed(1, 0.5),
                    new Appointed("a", new ModelId("n"), new ModelId("m"), "Ada", "why"),
                ])
            )
            {
                Unplanned = [1],
            }
        );

        instance.Deeds.ShouldBe([new Intervention(InterventionKind.Spoke, 0), new Intervention(InterventionKind.Appointed, 1)]);
        (instance.IsUnplannedBy(0), instance.IsUnplannedBy(1)).ShouldBe((false, true));
    }

    [Fact]
    public void An_undefined_novelty_is_left_out_of_the_mean()
    {
        var stored = Round(1, Verdict.Keep, Verdict.Keep, Verdict.Keep, Verdict.Keep).ToArray();
        stored[0] = stored[0] with { Novelty = double.NaN };
        stored[1] = stored[1] with { Novelty = 0.9 };

        Of([.. stored]).Rounds[0].Novelty.ShouldBe((0.9 + 0.5 + 0.5) / 3, 1e-12);
    }

    [Fact]
    public void A_figure_that_no_experience_has_is_undefined() =>
        Of([.. Round(1, Verdict.Keep, Verdict.Keep, Verdict.Keep, Verdict.Keep)]).Rounds[0].Correctness.ShouldBe(double.NaN);

    [Fact]
    public void A_rollback_counts_each_bound_that_was_exceeded() =>
        Of(new RolledBack(1, new ModelId("m"), new GateFigures(2, 2.2, 0.3, 2, 2, 0), ["as the gate said"]))
            .Trainings[0]
            .Causes.ShouldBe(["held-out cross-entropy rose too far", "bare drift was too great"]);

    [Fact]
    public void An_instance_that_was_parked_is_censored_and_keeps_what_it_reached()
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"));
        var instance = InstanceSummary.Of(
            plan,
            new InstanceRecord("wild-1", plan.Variants[0], 1, InstanceState.Parked, Happened(Probed(0, 0.5)))
        );

        instance.IsCensored.ShouldBeTrue();
        instance.Reached.ShouldBe(0);
        instance.At(1, g => g.BareDrift).ShouldBe(double.NaN);
    }

    [Fact]
    public void An_instance_without_events_is_before_birth() => Of().Reached.ShouldBe(-1);

    private static InstanceSummary Of(params Event[] events)
    {
        var plan = Lives.Plan(1, Lives.Variant("wild"));
        return InstanceSummary.Of(plan, new InstanceRecord("wild-1", plan.Variants[0], 1, InstanceState.Finished, Happened(events)));
    }

    private static ImmutableArray<InstanceEvent> Happened(params Event[] events) =>
        [.. events.Select((e, i) => new InstanceEvent(i + 1, "any", "any@1", e, new object()))];

    private static Probed Probed(int generation, double keyed, double? other = null, double heldOut = 2)
    {
        ImmutableArray<ChoiceResult> answers =
        [
            new(
                "p",
                [
                    [keyed, 1 - keyed],
                    [other ?? keyed, 1 - (other ?? keyed)],
                ]
            ),
        ];
        return new Probed(generation, new ModelId("m"), "I am new.", new ProbeResults(answers, answers, [], heldOut), Heads.None);
    }

    private static IEnumerable<Stored> Round(int round, params Verdict[] verdicts) =>
        verdicts.Select((v, i) => StoredAnswer.Of(i + 1, round, "I am well.", v));
}
