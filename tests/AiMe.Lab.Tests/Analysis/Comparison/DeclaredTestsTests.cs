using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;
using static AiMe.Lab.Tests.Analysis.Comparison.DeclaredRuns;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Tests that a researcher declared: pairs, families, generations and what is said of them.</summary>
public sealed class DeclaredTestsTests
{
    [Fact]
    public void Where_nothing_is_declared_p_and_intervals_are_those_of_sign_flips_and_student()
    {
        foreach (var seed in Enumerable.Range(1, 12))
        {
            var random = new Random(seed);
            var replicates = seed == 12 ? 22 : random.Next(2, 12); // beyond 20 pairs signs are drawn
            string[] names = ["a", "b", "c"];
            var drifts = names.ToDictionary(n => n, _ => Enumerable.Range(0, replicates).Select(_ => random.NextDouble()).ToArray());
            var comparison = Lives.Compare(
                Lives.Plan(replicates, [.. names.Select(n => Lives.Variant(n))]),
                [.. names.SelectMany(n => drifts[n].Select((d, r) => Lives.Instance(n, r + 1, d)))]
            );

            (string First, string Second)[] pairs = [("a", "b"), ("a", "c"), ("b", "c")];
            double[][] differences = [.. pairs.Select(p => drifts[p.First].Zip(drifts[p.Second], (x, y) => x - y).ToArray())];
            double[] expected =
            [
                .. pairs.Select(
                    (p, i) => SignFlip.PValue(differences[i], new Seed(1).Derive("sign-flip", p.First, p.Second, "bareDrift").Value)
                ),
            ];
            comparison.Tests.Select(t => t.P).ShouldBe(expected, $"seed {seed}");
            comparison.Tests.Select(t => t.CorrectedP).ShouldBe(Holm.Adjust(expected), $"seed {seed}");
            comparison.Declared.Select(p => (p.P, p.CorrectedP)).ShouldBe(comparison.Tests.Select(t => (t.P, t.CorrectedP)));
            foreach (var (i, test) in comparison.Tests.Index())
            {
                var interval = StudentT.Interval(differences[i], 0.95);
                (test.Estimate.Mean, test.Estimate.N).ShouldBe((interval.Mean, interval.N), $"seed {seed}");
                test.Estimate.Low.ShouldBe(Math.Max(-1, interval.Low), $"seed {seed}");
                test.Estimate.High.ShouldBe(Math.Min(1, interval.High), $"seed {seed}");
                comparison.Declared.ElementAt(i).Difference.ShouldBe(test.Estimate, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void A_test_that_cannot_be_made_takes_no_step_of_the_correction_from_the_others()
    {
        // With a tie the test can give 1 / 32, and twice that is above .05. If the other, which is not made and could give
        // 1 / 64, took the first step, it would seem to be enough.
        var plan = Lives.Plan(6, Lives.Variant("wild"), Lives.Variant("tame"), Lives.Variant("still", train: false)) with
        {
            Analysis = Plan(
                [Drift],
                new DeclaredContrast.Pair("wild", "tame", EffectDirection.Higher),
                new DeclaredContrast.Pair("wild", "still", EffectDirection.Higher)
            ),
        };
        var comparison = Lives.Compare(
            plan,
            [
                .. Enumerable
                    .Range(1, 6)
                    .SelectMany(r =>
                        new[]
                        {
                            Lives.Instance("wild", r, 0.2 + r / 100.0),
                            Lives.Instance("tame", r, r == 1 ? 0.2 + r / 100.0 : 0.01),
                            Lives.Instance("still", r, 0, RoundOutcome.Untrained),
                        }
                    ),
            ]
        );

        comparison.Tests[0].SmallestP.ShouldBe(1 / 32.0);
        comparison.Tests[0].CannotReach.ShouldBeTrue();
        comparison.Tests[1].Verdict.ShouldBe(TestVerdict.NotTested);
    }

    [Theory]
    [InlineData(EffectDirection.Higher, 1 / 32.0, TestVerdict.Supported)]
    [InlineData(EffectDirection.Lower, 1, TestVerdict.Opposite)]
    [InlineData(EffectDirection.Either, 2 / 32.0, TestVerdict.CannotReach)]
    public void A_pair_is_tested_in_the_direction_that_was_declared(EffectDirection direction, double p, TestVerdict verdict)
    {
        var test = Sweep(Plan([Rise], new DeclaredContrast.Pair("f0", "f1", direction)), 5, (v, r) => 1 - v * 0.1 + r * (v == 0 ? 0.01 : 0))
            .Tests.ShouldHaveSingleItem();

        test.P.ShouldBe(p);
        test.Verdict.ShouldBe(verdict);
        test.SmallestP.ShouldBe(direction == EffectDirection.Either ? 2 / 32.0 : 1 / 32.0);
    }

    [Fact]
    public void A_pair_that_is_declared_the_other_way_round_has_the_other_sign()
    {
        var comparison = Sweep(Plan([Rise], new DeclaredContrast.Pair("f1", "f0")), 6, (v, r) => v == 0 ? 0.5 + r * 0.01 : 0.2);

        comparison.Tests[0].Estimate.Mean.ShouldBeLessThan(0);
        comparison.Pair("f0", "f1", Measure.HeldOutRise).Difference.Mean.ShouldBe(-comparison.Tests[0].Estimate.Mean, 1e-12);
        comparison.Pair("f0", "f1", Measure.HeldOutRise).IsClaim.ShouldBeTrue();
        Lives.Words(comparison).ShouldContain("Held-out CE since gen. 0 is lower in f1 than in f0 over 6 replicates: ");
    }

    [Fact]
    public void Secondary_tests_are_a_family_of_their_own()
    {
        var comparison = Sweep(
            Plan([Rise], new DeclaredContrast.Pair("f0", "f1"), new DeclaredContrast.Pair("f0", "f2")) with
            {
                Secondary = [new DeclaredOutcome.Value("agentDrift"), Drift],
            },
            6,
            (v, r) => 1 - v * 0.1 + r * v * 0.001
        );

        comparison
            .Tests.Select(t => (t.IsPrimary, t.Family))
            .ShouldBe([(true, 2), (true, 2), (false, 4), (false, 4), (false, 4), (false, 4)]);
        comparison.Family.ShouldBe(2);
        comparison.Tests[0].CorrectedP.ShouldBe(2 * 2 / 64.0);
        comparison.Tests[2].CorrectedP.ShouldBeGreaterThanOrEqualTo(comparison.Tests[2].P);
    }

    [Fact]
    public void A_contrast_may_be_limited_to_some_measures() =>
        Sweep(Plan([Rise, Drift], new DeclaredContrast.Pair("f0", "f1") { Measures = ["bareDrift"] }), 2, (_, _) => 0.1)
            .Tests.Select(t => t.Measure.Key)
            .ShouldBe(["bareDrift"]);

    [Fact]
    public void Alpha_is_the_plan_s_and_so_is_the_interval()
    {
        var test = Sweep(Plan([Rise], new DeclaredContrast.Pair("f0", "f1")) with { Alpha = 0.01 }, 6, (v, r) =>
            1 - v * 0.5 + r * v * 0.01
        ).Tests[0];

        (test.P, test.CannotReach, test.Verdict).ShouldBe((2 / 64.0, true, TestVerdict.CannotReach));
        test.Confidence.ShouldBe(0.99);
    }

    [Fact]
    public void That_two_variants_do_not_differ_is_claimed_by_an_equivalence_test_alone()
    {
        var near = Sweep(Plan([Rise], new DeclaredContrast.Equivalent("f0", "f1")), 6, (v, r) => 0.5 + (r % 3 - 1) * v * 0.01);
        var wide = Sweep(Plan([Rise], new DeclaredContrast.Equivalent("f0", "f1")), 6, (v, r) => 0.5 + (r % 3 - 1) * v * 0.3);

        near.Tests[0].Verdict.ShouldBe(TestVerdict.Supported);
        near.Tests[0].Confidence.ShouldBe(0.9);
        Lives
            .Words(near)
            .ShouldContain("f0 and f1 differ in held-out CE since gen. 0 by less than 10.0 pp over 6 replicates: 0.0 pp, 90% interval [");
        wide.Tests[0].Verdict.ShouldBe(TestVerdict.NotSupported);
        Lives
            .Words(wide)
            .ShouldContain("That f0 and f1 differ in held-out CE since gen. 0 by less than 10.0 pp is not established over 6 replicates: ");
    }

    [Fact]
    public void Without_a_smallest_effect_there_is_no_equivalence_test()
    {
        var comparison = Sweep(Plan([Drift], new DeclaredContrast.Equivalent("f0", "f1")), 4, (v, r) => v + r);

        comparison.Tests[0].Verdict.ShouldBe(TestVerdict.NotTested);
        Lives.Words(comparison).ShouldContain("no smallest effect of interest was declared");
    }

    [Fact]
    public void A_variant_that_cannot_change_is_not_tested_and_counts_in_the_family()
    {
        var plan = Lives.Plan(6, Lives.Variant("wild"), Lives.Variant("tame"), Lives.Variant("still", train: false)) with
        {
            Analysis = Plan([Drift], new DeclaredContrast.Pair("wild", "tame"), new DeclaredContrast.Pair("wild", "still")),
        };
        var comparison = Lives.Compare(
            plan,
            [
                .. Enumerable
                    .Range(1, 6)
                    .SelectMany(r =>
                        new[]
                        {
                            Lives.Instance("wild", r, 0.2 + r / 100.0),
                            Lives.Instance("tame", r, 0.01),
                            Lives.Instance("still", r, 0, RoundOutcome.Untrained),
                        }
                    ),
            ]
        );

        comparison.Tests[0].CorrectedP.ShouldBe(2 * 2 / 64.0);
        comparison.Tests[1].Verdict.ShouldBe(TestVerdict.NotTested);
        comparison.Tests[1].Still.ShouldBe(["still"]);
    }

    [Fact]
    public void Tests_are_made_at_the_declared_generation_and_at_no_other()
    {
        var comparison = Sweep(Ordered(EffectDirection.Lower) with { Generation = 1 }, 8, (variant, _) => 1.2 - variant * 0.1);

        (comparison.Generation, comparison.Reached, comparison.Tests.Length).ShouldBe((1, 2, 1));
        comparison.At(2).Tests.ShouldBeEmpty();
        comparison.At(2).Family.ShouldBe(0);
        comparison.At(2).Declared.ShouldBeEmpty();
        Lives.Words(comparison.At(2)).ShouldContain("Generation 2 was selected instead of generation 1, for which the tests were declared");
    }

    [Fact]
    public void While_the_run_goes_on_nothing_that_was_declared_is_tested()
    {
        var comparison = Sweep(
            Ordered(EffectDirection.Lower),
            2,
            (_, _) => 0.1,
            i => i with { Status = InstanceState.Living, Generations = i.Generations[..2], Rounds = i.Rounds[..1] }
        );

        (comparison.Generation, comparison.Tests.Length).ShouldBe((1, 0));
        Lives.Words(comparison).ShouldContain("The declared tests are of generation 2, which not all instances have reached");
    }

    [Fact]
    public void Without_who_was_spoken_to_their_replicates_drop_from_differences_and_they_are_counted()
    {
        var comparison = Sweep(
            Plan([Rise], new DeclaredContrast.Pair("f0", "f1")),
            6,
            (v, r) => 1 - v * 0.1 + r * 0.01,
            i => i is { Variant: "f1", Replicate: 2 } ? i with { Deeds = [new(InterventionKind.Spoke, After: 1)] } : i
        );
        var planned = comparison.PlannedOnly();

        comparison.Tests[0].N.ShouldBe(6);
        planned.Tests[0].N.ShouldBe(5);
        planned.Variants[1].Last(Measure.HeldOutRise).N.ShouldBe(5);
        planned.Variants[0].Last(Measure.HeldOutRise).N.ShouldBe(6);
        planned.Instances.Length.ShouldBe(comparison.Instances.Length);
        Lives
            .Words(comparison)
            .ShouldContain("1 instance of 24 received unplanned input (f1-2: 1 experience) and is included; --planned-only");
        Lives.Words(planned).ShouldContain("(f1-2: 1 experience) and is left out, with its replicates in differences.");
        Lives.Words(planned.At(1)).ShouldContain("No instance is left out");
    }

    [Fact]
    public void More_than_four_tests_are_counted_and_not_all_named()
    {
        var comparison = Sweep(
            Plan([Rise], [.. Doses.SelectMany((a, i) => Doses.Skip(i + 1).Select(b => new DeclaredContrast.Pair(a, b)))]),
            10,
            (v, r) => 1 - v * 0.1 + r * v * 0.001
        );

        var findings = Findings.Of(comparison);
        findings.Count(f => f.About == "test" && !f.Detail).ShouldBe(5);
        Lives.Words(comparison).ShouldContain("6 tests were declared; of the 2 not named here 2 support a claim, such as: ");
    }

    [Fact]
    public void A_claim_among_the_tests_that_are_not_named_is_named()
    {
        var comparison = Sweep(
            Plan([Drift], [.. Doses.Skip(1).Select(d => new DeclaredContrast.Pair(d, "f0")), new DeclaredContrast.Pair("f1", "f2")]) with
            {
                Secondary = [Rise],
            },
            12,
            (v, r) => 1 - v * 0.1 + r * v * 0.001
        );

        Lives.Words(comparison).ShouldContain("support a claim, such as: held-out CE since gen. 0 is ");
        Lives.Words(comparison).ShouldContain(" (secondary), corrected p = 0.00");
    }

    [Fact]
    public void A_small_p_whose_interval_includes_0_says_why_nothing_is_claimed() =>
        Lives
            .Words(Sweep(Plan([Rise], new DeclaredContrast.Pair("f0", "f1")), 6, (v, r) => v > 0 ? 0.5
                    : r == 6 ? 1.5
                    : 0.51))
            .ShouldContain("exact p = 0.0313, the only declared test; the interval includes 0)");

    [Fact]
    public void A_declared_bootstrap_gives_way_to_student_where_it_is_not_sound()
    {
        var plan = Plan([Rise], new DeclaredContrast.Pair("f0", "f1")) with { Interval = IntervalMethod.Bca };
        Sweep(plan, 8, (v, r) => v + r * v).Tests[0].Interval.ShouldBe(IntervalMethod.Student);

        var many = Sweep(plan, BcaInterval.LeastReplicates, (v, r) => v + r * v).Tests[0];
        many.Interval.ShouldBe(IntervalMethod.Bca);
        many.Estimate.Low.ShouldBeLessThan(many.Estimate.Mean);
    }
}
