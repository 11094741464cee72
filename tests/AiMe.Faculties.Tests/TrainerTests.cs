using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Tests;

public sealed class TrainerTests
{
    private static readonly Event Born = Given().When(new BeginTrainer(Some.Spec)).Events.Single();
    private static readonly Seal Round1 = new(1, [Some.Example(1), Some.Example(2)]);

    [Fact]
    public void Beginning_is_generation_0_and_told_again() =>
        Given().When(new BeginTrainer(Some.Spec)).ThenOf(typeof(TrainerBegan)).Hands("self g0 adopt").AndTheSameAgain();

    [Fact]
    public void Nothing_is_sealed_before_the_beginning() => Given().When(Round1).RefusedBecause("BeginTrainer comes first");

    [Fact]
    public void A_batch_is_written_before_anything_is_planned() => Given(Born).When(Round1).Then().Hands("r1 seal").AndTheSameAgain();

    [Fact]
    public void The_anchor_draw_is_the_blocks_and_fresh_or_the_first_again()
    {
        var fresh = Given(Trained(1)).When(new Seal(2, [Some.Example(4)])).Effect<WriteBatch>();
        (fresh.Anchor, fresh.AnchorSeed).ShouldBe((0.3, Some.Spec.BlockSeed.Derive("anchor", 2)));
        var same = Given(Trained(1, Some.Trainer with { FreshAnchor = false })).When(new Seal(2, [Some.Example(4)])).Effect<WriteBatch>();
        same.AnchorSeed.ShouldBe(Some.Spec.BlockSeed.Derive("anchor", 1));
    }

    [Fact]
    public void A_frozen_variant_skips_the_round_with_a_reason() =>
        Given(BornWith(Some.Trainer with { Train = false }))
            .When(Round1)
            .Then(new Skipped(1, "the variant is never trained"))
            .Hands("self g1 adopt")
            .AndTheSameAgain();

    [Fact]
    public void A_round_in_which_nothing_was_kept_is_skipped_with_a_reason() =>
        Given(Born).When(new Seal(1, [])).Then(new Skipped(1, "nothing was kept in this round")).Hands("self g1 adopt").AndTheSameAgain();

    [Fact]
    public void A_round_cannot_be_skipped() =>
        Given(Born).When(new Seal(2, [])).RefusedBecause("round 2 cannot be sealed: the Trainer is at generation 0");

    [Fact]
    public void A_written_batch_is_sealed_and_planned() =>
        Given(Born)
            .When(Written(1))
            .ThenOf(typeof(Sealed), typeof(Planned))
            .Hands("r1 train")
            .AndAgain()
            .Afterwards.When(Round1)
            .Then()
            .Hands("r1 train");

    [Theory]
    [InlineData(DataRegime.Replace, "b4,a4")]
    [InlineData(DataRegime.Window, "b3,b4,a3,a4")]
    [InlineData(DataRegime.Accumulate, "b1,b2,b3,b4,a1,a2,a3,a4")]
    public void The_plan_holds_the_rounds_of_its_regime_batches_first(DataRegime regime, string parts)
    {
        Event[] past = [BornWith(Some.Trainer with { Data = regime }), .. Enumerable.Range(1, 3).SelectMany(Promotion)];
        PlanOf(Given(past).When(Written(4))).Parts.ShouldBe(parts.Split(','));
    }

    [Fact]
    public void A_set_of_anchor_text_alone_leaves_the_kept_ones_out()
    {
        Event[] past = [BornWith(Some.Trainer with { Data = DataRegime.Accumulate, Anchor = 1 }), .. Promotion(1)];
        PlanOf(Given(past).When(Written(2))).Parts.ShouldBe(["a1", "a2"]);
    }

    [Fact]
    public void Real_examples_join_the_first_round_alone()
    {
        var settings = Some.Trainer with { RealExamples = 5 };
        Given(BornWith(settings)).When(Round1).Effect<WriteBatch>().RealExamples.ShouldBe(5);
        Given(Trained(1, settings)).When(new Seal(2, [Some.Example(4)])).Effect<WriteBatch>().RealExamples.ShouldBe(0);
    }

    [Fact]
    public void Random_weights_are_the_same_in_every_round_of_a_block()
    {
        var settings = Some.Trainer with { Start = StartFrom.Untrained };
        var first = PlanOf(Given(BornWith(settings)).When(Written(1))).Untrained;
        first.ShouldBe(Some.Spec.BlockSeed.Derive("untrained"));
        PlanOf(Given(Trained(1, settings)).When(Written(2))).Untrained.ShouldBe(first);
        PlanOf(Given(Trained(1)).When(Written(2))).Untrained.ShouldBeNull();
    }

    [Theory]
    [InlineData(StartFrom.Continued, "m1")]
    [InlineData(StartFrom.Base, "base")]
    [InlineData(StartFrom.Untrained, "base")]
    public void A_training_starts_from_the_champion_or_from_generation_0(StartFrom start, string model) =>
        PlanOf(Given([.. Trained(1, Some.Trainer with { Start = start })]).When(Written(2))).Start.ShouldBe(new ModelId(model));

    [Fact]
    public void Each_round_trains_with_a_seed_of_its_own() =>
        PlanOf(Given(Born).When(Written(1))).Seed.ShouldBe(Some.Spec.Seed.Derive("train", 1));

    [Fact]
    public void A_candidate_is_measured_before_it_may_speak() =>
        Given(Planned())
            .When(new ModelTrained(1, new ModelId("m1"), Some.Figures))
            .Then(new Trained(1, new ModelId("m1"), Some.Figures))
            .Hands("r1 evaluate")
            .AndAgain();

    [Fact]
    public void A_failed_training_leaves_the_champion() =>
        Given(Planned())
            .When(new TrainingFailed(1, "diverged"))
            .Then(new Failed(1, "diverged"))
            .Hands("self g1 adopt")
            .AndAgain()
            .Afterwards.When(Round1)
            .Told<Adopt>()
            .ShouldBe(new Adopt(1, Some.Base, RoundOutcome.Failed));

    [Fact]
    public void A_candidate_that_cannot_be_measured_fails_the_round() =>
        Given(Evaluating())
            .When(new TrainingFailed(1, "the server is gone"))
            .Then(new Failed(1, "the server is gone"))
            .Hands("self g1 adopt")
            .AndAgain();

    [Fact]
    public void A_candidate_that_passes_the_gate_is_the_champion() =>
        Given(Evaluating())
            .When(new ModelEvaluated(1, Some.Fine))
            .Then(new Promoted(1, new ModelId("m1"), Some.Fine))
            .Hands("self g1 adopt")
            .AndAgain()
            .Afterwards.When(Round1)
            .Told<Adopt>()
            .ShouldBe(new Adopt(1, new ModelId("m1"), RoundOutcome.Promoted));

    [Fact]
    public void A_candidate_that_fails_the_gate_is_rolled_back_with_reasons()
    {
        var drifted = Some.Fine with { Drift = 0.3 };
        Given(Evaluating())
            .When(new ModelEvaluated(1, drifted))
            .Then(new RolledBack(1, new ModelId("m1"), drifted, ["bare identity drift is 0.300, at most 0.250 is allowed"]))
            .Afterwards.When(Round1)
            .Told<Adopt>()
            .ShouldBe(new Adopt(1, Some.Base, RoundOutcome.RolledBack));
    }

    [Theory]
    [InlineData(2.0, 2.11, 0, 2, 2, 0, "held-out cross-entropy rose by 5.5%, at most 5.0% is allowed")]
    [InlineData(2.0, 2.0, 0, 2, 2.3, 0, "cross-entropy on anchor data rose by 15.0%, at most 10.0% is allowed")]
    [InlineData(2.0, 2.0, 0, 2, 2, 0.6, "repeated 4-grams are 60.0%, at most 50.0% is allowed")]
    [InlineData(2.0, 2.0, double.NaN, 2, 2, 0, "bare identity drift is undefined, at most 0.250 is allowed")]
    [InlineData(2.0, 2.09, 0.25, 2, 2.19, 0.5, null)]
    public void The_gate_objects_to_each_bound_that_is_passed(
        double heldOutBase,
        double heldOut,
        double drift,
        double anchorBase,
        double anchor,
        double repeats,
        string? objection
    ) =>
        Gate.Objections(Some.Bounds, new GateFigures(heldOutBase, heldOut, drift, anchorBase, anchor, repeats))
            .ShouldBe(objection is null ? [] : [objection]);

    [Fact]
    public void A_candidate_that_is_the_base_under_another_name_is_rolled_back_whatever_the_bounds() =>
        Gate.NoCandidate(new GateFigures(1, 1, 0, double.NaN, double.NaN, 0, IsBase: true))
            .ShouldHaveSingleItem()
            .ShouldContain("the server answers with the base model under the candidate's name");

    [Fact]
    public void A_gate_without_bounds_lets_everything_pass() =>
        Gate.Objections(new GateBounds(null, null, null, null), new GateFigures(1, 9, 1, 1, 9, double.NaN)).ShouldBeEmpty();

    [Fact]
    public void Results_of_another_round_are_passed_over()
    {
        foreach (
            var late in (Command[])
                [new ModelTrained(7, Some.Base, Some.Figures), new TrainingFailed(7, "late"), new ModelEvaluated(7, Some.Fine), Written(7)]
        )
        {
            Given(Born).When(late).Then().Hands();
            Given(Planned()).When(late).Then().Hands();
            Given(Evaluating()).When(late).Then().Hands();
        }
    }

    private static Event BornWith(TrainerSettings settings) =>
        Given().When(new BeginTrainer(Some.Spec with { Trainer = settings })).Events.Single();

    private static BatchWritten Written(int round) => new(round, [MemoryId.OfCycle(round)], $"b{round}", $"a{round}", 1);

    private static IEnumerable<Event> Promotion(int round) =>
        [
            new Sealed(round, [], $"b{round}", $"a{round}", 1),
            new Planned(new TrainingPlan(round, [], Some.Base, 1, 0.1, default)),
            new Trained(round, new ModelId($"m{round}"), Some.Figures),
            new Promoted(round, new ModelId($"m{round}"), Some.Fine),
        ];

    private static Event[] Trained(int round, TrainerSettings? settings = null) =>
        [BornWith(settings ?? Some.Trainer), .. Promotion(round)];

    private static Event[] Planned() => [Born, .. Given(Born).When(Written(1)).Events];

    private static Event[] Evaluating() => [.. Planned(), new Trained(1, new ModelId("m1"), Some.Figures)];

    private static TrainingPlan PlanOf(Outcome outcome) => outcome.Events.OfType<Planned>().Single().Plan;

    private static Situation Given(params Event[] past) => new(Loop.Faculties[4], [.. past]);
}
