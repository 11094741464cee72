using AiMe.Metrics.Identity;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>Identity drift and its floor, trait scores.</summary>
public sealed class IdentityTests
{
    private static readonly double[] Yes = [1, 0];
    private static readonly double[] No = [0, 1];
    private static readonly double[] Even = [0.5, 0.5];
    private const double FromYesToEven = 0.31127812445913283; // JS([1, 0], [.5, .5])

    [Fact]
    public void Drift_is_the_mean_divergence_over_probes() =>
        IdentityDrift.Bits(Answers(("who", Yes), ("why", Even)), Answers(("who", Yes), ("why", Yes))).ShouldBe(FromYesToEven / 2, 1e-15);

    [Fact]
    public void An_instance_that_never_changed_has_no_drift() =>
        IdentityDrift.Bits(Answers(("who", Yes), ("why", Even)), Answers(("why", Even), ("who", Yes))).ShouldBe(0);

    [Fact]
    public void Drift_does_not_depend_on_the_order_of_the_probes() => Draw.Hold(Draw.Lists(Draw.DistributionPair, 1, 8), pairs =>
        {
            var there = pairs.Select((x, i) => ($"p{i}", x.P)).ToArray();
            var then = pairs.Select((x, i) => ($"p{i}", x.Q)).ToArray();
            return IdentityDrift
                .Bits(Answers(there), Answers(then))
                .Equals(IdentityDrift.Bits(Answers([.. there.Reverse()]), Answers([.. then.Reverse()])));
        });

    [Fact]
    public void Drift_without_probes_is_undefined() => IdentityDrift.Bits(Answers(), Answers()).ShouldBe(double.NaN);

    [Fact]
    public void A_probe_missing_on_either_side_is_refused_by_name()
    {
        Should
            .Throw<ArgumentException>(() => IdentityDrift.Bits(Answers(("who", Yes)), Answers(("who", Yes), ("why", Yes))))
            .Message.ShouldBe("Probe 'why' has no answer at this generation.");
        Should
            .Throw<ArgumentException>(() => IdentityDrift.Bits(Answers(("who", Yes), ("why", Yes)), Answers(("who", Yes))))
            .Message.ShouldBe("Probe 'why' has no answer at generation 0.");
    }

    [Fact]
    public void An_answer_that_is_no_distribution_is_refused_by_name() =>
        Should
            .Throw<ArgumentException>(() => IdentityDrift.Bits(Answers(("who", [2, 2])), Answers(("who", Yes))))
            .Message.ShouldStartWith("Probe 'who': ");

    [Fact]
    public void The_floor_of_two_paraphrases_is_their_divergence() =>
        IdentityDrift.Floor(Paraphrases(("who", [Yes, Even]))).ShouldBe(FromYesToEven, 1e-15);

    [Fact]
    public void The_floor_averages_over_the_rotations()
    {
        // Rotations 0 and 2 split {Yes, Yes} from {No, No}: 1 bit. Rotations 1 and 3 split evens from evens: 0.
        IdentityDrift.Floor(Paraphrases(("who", [Yes, Yes, No, No]))).ShouldBe(0.5, 1e-15);
    }

    [Fact]
    public void The_odd_paraphrase_is_left_out_in_turn()
    {
        // Halves of one: (Yes, Yes), (Yes, No), (No, Yes).
        IdentityDrift.Floor(Paraphrases(("who", [Yes, Yes, No]))).ShouldBe(2.0 / 3, 1e-15);
    }

    [Fact]
    public void Paraphrases_answered_alike_have_a_floor_of_0() =>
        IdentityDrift.Floor(Paraphrases(("who", [Even, Even, Even]), ("why", [Yes, Yes]))).ShouldBe(0);

    [Fact]
    public void The_floor_is_undefined_where_there_is_nothing_to_halve()
    {
        IdentityDrift.Floor(Paraphrases()).ShouldBe(double.NaN);
        IdentityDrift.Floor(Paraphrases(("who", [Yes, No]), ("why", [Yes]))).ShouldBe(double.NaN);
    }

    [Fact]
    public void Paraphrases_over_different_options_are_refused_by_name() =>
        Should
            .Throw<ArgumentException>(() => IdentityDrift.Floor(Paraphrases(("who", [Yes, [0.2, 0.3, 0.5]]))))
            .Message.ShouldStartWith("Probe 'who': ");

    [Fact]
    public void An_item_scores_the_share_of_its_keyed_option()
    {
        TraitScore.OfItem([0.1, 0.3], keyed: 1).ShouldBe(0.75, 1e-15);
        TraitScore.OfItem([0, 0], keyed: 0).ShouldBe(double.NaN);
        TraitScore.OfItem([double.NaN, 1], keyed: 1).ShouldBe(double.NaN);
    }

    [Fact]
    public void An_item_without_the_keyed_option_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => TraitScore.OfItem([1], keyed: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => TraitScore.OfItem([1], keyed: -1));
        Should.Throw<ArgumentOutOfRangeException>(() => TraitScore.OfItem([1, -1], keyed: 0));
    }

    [Fact]
    public void A_trait_scores_the_mean_of_its_items()
    {
        TraitScore.Of([0.25, 0.75]).ShouldBe(0.5);
        TraitScore.Of([]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Stability_is_1_minus_the_mean_difference()
    {
        TraitScore
            .Stability([
                [0.2, 0.6],
                [0.5, 0.5, 0.5],
            ])
            .ShouldBe(0.8, 1e-15);
        TraitScore
            .Stability([
                [0, 0.3, 0.6],
            ])
            .ShouldBe(0.6, 1e-15);
    }

    [Fact]
    public void An_item_of_one_form_says_nothing_of_stability()
    {
        TraitScore
            .Stability([
                [0.2, 0.6],
                [0.5],
            ])
            .ShouldBe(0.6, 1e-15);
        TraitScore
            .Stability([
                [0.5],
            ])
            .ShouldBe(double.NaN);
        TraitScore.Stability([]).ShouldBe(double.NaN);
        TraitScore
            .Stability([
                [0.5, double.NaN],
            ])
            .ShouldBe(double.NaN);
    }

    [Fact]
    public void Stability_lies_in_0_to_1() =>
        Draw.Hold(Draw.Lists(Draw.Lists(Draw.Unit, 2, 5), 1, 5), items => TraitScore.Stability(items) is >= 0 and <= 1);

    private static Dictionary<string, double[]> Answers(params (string Probe, double[] Answer)[] answers) =>
        answers.ToDictionary(a => a.Probe, a => a.Answer, StringComparer.Ordinal);

    private static Dictionary<string, IReadOnlyList<double[]>> Paraphrases(params (string Probe, double[][] Answers)[] probes) =>
        probes.ToDictionary(p => p.Probe, p => (IReadOnlyList<double[]>)p.Answers, StringComparer.Ordinal);
}
