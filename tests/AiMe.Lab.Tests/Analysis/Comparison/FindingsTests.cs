using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class FindingsTests
{
    private static readonly double[] High = [0.20, 0.21, 0.22, 0.23, 0.24, 0.22];
    private static readonly double[] Low = [0.01, 0.02, 0.01, 0.02, 0.01, 0.015];
    private static readonly double[] Mixed = [0.23, 0.19, 0.24, 0.20, 0.22, 0.21];

    [Fact]
    public void A_clear_effect_is_claimed_with_its_size_and_test()
    {
        var words = Lives.Words(Lives.Compare(High, Low));

        words.ShouldContain(
            "Bare drift is higher in wild than in tame over 6 replicates: +0.206 bits [0.190, 0.222] "
                + "(sign-flip test, exact p = 0.0313, the only declared test)."
        );
        words.ShouldContain(
            "Bare drift beside the floor of 0.050 bits (the effect of rephrasing the questions): "
                + "above it wild (0.220 [0.205, 0.235]); below it tame (0.014 [0.009, 0.019])."
        );
    }

    [Fact]
    public void Without_an_effect_no_claim_is_made_either_way()
    {
        var words = Lives.Words(Lives.Compare(High, Mixed));

        words.ShouldContain("That bare drift differs between wild and tame is not established over 6 replicates: +0.005 bits [");
        words.ShouldNotContain("is higher");
    }

    [Fact]
    public void That_variants_do_not_differ_is_never_said()
    {
        foreach (var words in Cases.Select(Lives.Words))
        {
            words.ShouldNotContain("no difference between wild");
            words.ShouldNotContain("the same as");
            words.ShouldNotContain("do not differ");
            words.ShouldNotContain("proves");
        }
    }

    [Fact]
    public void Five_replicates_say_that_they_cannot_reach_significance_and_how_many_would()
    {
        var words = Lives.Words(Lives.Compare(High[..5], Low[..5]));

        words.ShouldContain(
            "No difference of any size can be established: with 5 replicates the smallest possible p is 0.0625, above 0.05; at least 6 "
                + "replicates are needed."
        );
        words.ShouldContain("5 replicates cannot establish that bare drift differs between wild and tame: +0.206 bits [");
        words.ShouldNotContain("is higher");
    }

    [Fact]
    public void Fewer_than_five_replicates_are_warned_of() =>
        Lives.Words(Lives.Compare(High[..3], Low[..3])).ShouldContain("Warning: 3 replicates are too few");

    [Fact]
    public void One_instance_is_an_anecdote_without_an_interval()
    {
        var words = Lives.Words(Lives.Compare(High[..1], Low[..1]));

        words.ShouldContain("1 replicate is too few for a conclusion");
        words.ShouldContain("without an interval wild (0.200)");
        words.ShouldNotContain("NaN");
    }

    [Fact]
    public void Where_all_was_rolled_back_the_base_model_is_named_and_not_a_measured_0()
    {
        var words = Lives.Words(Lives.Compare(new double[5], new double[5], RoundOutcome.RolledBack));

        words.ShouldContain("20 rolled back");
        words.ShouldContain("most often because held-out cross-entropy rose too far (20 of 20)");
        words.ShouldContain("the champion is still the base model");
        words.ShouldNotContain("above it");
    }

    [Fact]
    public void Instances_whose_model_never_changed_are_said_to_be_part_of_the_mean()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        Lives
            .Words(Lives.Compare(plan, Lives.Instance("wild", 1, 0.2), Lives.Instance("wild", 2, 0, RoundOutcome.RolledBack)))
            .ShouldContain("No training was promoted in 1 of 2 instances of wild");
    }

    [Fact]
    public void Rounds_without_a_training_are_counted_of_variants_that_train()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"), Lives.Variant("still", train: false));
        var idle = Lives.Instance("wild", 2, 0.2);
        idle = idle with { Trainings = [idle.Trainings[0], idle.Trainings[1] with { Outcome = RoundOutcome.Untrained }] };
        var words = Lives.Words(
            Lives.Compare(
                plan,
                Lives.Instance("wild", 1, 0.2),
                idle,
                Lives.Instance("still", 1, 0, RoundOutcome.Untrained),
                Lives.Instance("still", 2, 0, RoundOutcome.Untrained)
            )
        );

        words.ShouldContain("All 3 trainings were promoted.");
        words.ShouldContain("No training took place in 1 of 4 rounds of wild.");
    }

    [Fact]
    public void A_generation_whose_weights_are_those_of_an_earlier_one_in_every_instance_says_so()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        InstanceSummary[] instances = [Lives.Instance("wild", 1, 0.2), Lives.Instance("wild", 2, 0.2)];
        InstanceSummary[] stopped =
        [
            .. instances.Select(l =>
                l with
                {
                    Trainings =
                    [
                        l.Trainings[0],
                        l.Trainings[1] with
                        {
                            Outcome = RoundOutcome.RolledBack,
                            Causes = ["bare drift was too great"],
                        },
                    ],
                }
            ),
        ];

        Lives
            .Words(Lives.Compare(plan, stopped))
            .ShouldContain(
                "No training of wild was promoted after round 1: in all its 2 instances generation 2 has the weights of generation 1."
            );
        Lives.Words(Lives.Compare(plan, stopped[0], instances[1])).ShouldNotContain("No training of wild");
    }

    [Fact]
    public void Parked_instances_are_named_with_how_far_they_got()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        Lives
            .Words(
                Lives.Compare(
                    plan,
                    Lives.Instance("wild", 1, 0.2),
                    Lives.Instance("wild", 2, 0.2, status: InstanceState.Parked, reached: 1)
                )
            )
            .ShouldContain("1 instance of 2 ended early (wild-2 after generation 1)");
    }

    [Fact]
    public void What_somebody_did_is_named_and_told_apart_by_whether_it_is_in_the_figures()
    {
        var plan = Lives.Plan(2, Lives.Variant("wild"));
        var words = Lives.Words(
            Lives.Compare(
                plan,
                Lives.Instance("wild", 1, 0.2) with
                {
                    Deeds = [new(InterventionKind.Appointed, After: 1)],
                },
                Lives.Instance("wild", 2, 0.2) with
                {
                    Deeds = [new(InterventionKind.Spoke, After: 2), new(InterventionKind.EndedRound, After: 2)],
                }
            )
        );

        words.ShouldContain(
            "1 instance of 2 received unplanned input (wild-1: 1 manual change of the champion) and is included; --planned-only leaves it out."
        );
        words.ShouldContain(
            "After the end of the plan, 1 instance received unplanned input (wild-2: 1 experience and 1 round ended early); it does not affect these figures."
        );
    }

    [Fact]
    public void A_run_that_goes_on_says_where_it_is_compared() => Lives.Words(Unfinished).ShouldContain("compared at generation 1 of 2");

    [Fact]
    public void An_interval_that_holds_the_floor_allows_no_claim() =>
        Lives
            .Words(Lives.Compare([0.04, 0.05, 0.06, 0.05, 0.05], Low[..5]))
            .ShouldContain("with an interval that contains it wild (0.050 [0.041, 0.059])");

    [Fact]
    public void A_drift_whose_interval_reaches_0_says_so() =>
        Lives.Words(Lives.Compare([0, 0, 0.04, 0, 0.01], Low[..5])).ShouldContain("the interval of wild reaches 0");

    [Fact]
    public void Quality_is_told_relative_to_birth() =>
        Lives.Words(Lives.Compare(High, Low)).ShouldContain("Held-out CE since generation 0 rose in wild (+2.0% [2.0%, 2.0%]) and tame");

    [Fact]
    public void The_control_shows_what_memory_alone_does() =>
        Lives.Words(Lives.Compare(High, Low)).ShouldContain("still is never trained, so its agent drift of 0.030");

    [Fact]
    public void The_control_of_a_hosted_model_drifts_by_chance_too()
    {
        var local = Lives.Compare(High, Low);
        ModelOrigin.Hosted origin = new("m", "e", "http://127.0.0.1/v1", "none", 60, 2, "max_tokens", null, true, 3, 1);
        Lives.Words(local).ShouldNotContain("chance");
        Lives
            .Words(local with { Plan = local.Plan with { Origin = origin } })
            .ShouldContain("comes only from memory and self-model, and from chance in the server's answers.");
    }

    [Fact]
    public void There_are_one_to_ten_findings_on_the_page_each_a_whole_sentence()
    {
        foreach (var findings in Cases.Select(Findings.Of))
        {
            findings.Count(f => !f.Detail).ShouldBeInRange(1, 10);
            findings.ShouldAllBe(f => f.Text.EndsWith('.') && !f.Text.Contains("NaN") && !f.Text.Contains("  "));
            findings.ShouldAllBe(f => !f.Text.TrimEnd('.').Contains(". "));
        }
    }

    [Fact]
    public void Sentences_that_say_nothing_are_gone()
    {
        foreach (var words in Cases.Select(Lives.Words))
        {
            words.ShouldNotContain("all the same");
            words.ShouldNotContain("the figure itself");
            words.ShouldNotContain("drifted further");
            words.ShouldNotContain("JSON");
            words.ShouldNotContain("either way");
        }
    }

    [Fact]
    public void Contrasted_variants_that_were_trained_on_different_amounts_are_warned_of()
    {
        var plan = Lives.Plan(1, Lives.Variant("much"), Lives.Variant("little"), Lives.Variant("still", train: false));
        InstanceSummary much = Lives.Instance("much", 1, 0.2),
            little = Lives.Instance("little", 1, 0.1);

        Lives
            .Words(Lives.Compare(plan, much, Dosed(little, 35), Lives.Instance("still", 1, 0, RoundOutcome.Untrained)))
            .ShouldContain(
                "Doses differ: by generation 2 much was trained on 40 passes over examples but little on 35, so a difference between them "
                    + "may be one of dose."
            );
        Lives
            .Words(Lives.Compare(plan, much, Dosed(little, 37), Lives.Instance("still", 1, 0, RoundOutcome.Untrained)))
            .ShouldNotContain("Doses differ");
    }

    [Fact]
    public void That_doses_differ_is_among_the_ten_findings_however_many_come_before_it()
    {
        string[] names = ["a", "b", "c", "d"];
        var plan = Lives.Plan(4, [.. names.Select(n => Lives.Variant(n))]);
        var comparison = Lives.Compare(
            plan,
            [
                .. names.SelectMany(n =>
                    Enumerable
                        .Range(1, 4)
                        .Select(r => Dosed(Lives.Instance(n, r, 0.1 + r / 100.0), n == "a" ? 10 : 40))
                        .Select(i => (n, i.Replicate) == ("b", 4) ? i with { Deeds = [new Intervention(InterventionKind.Spoke, 0)] } : i)
                        .Select(i =>
                            (n, i.Replicate) == ("c", 4) ? Lives.Instance("c", 4, 0.1, status: InstanceState.Parked, reached: 1) : i
                        )
                ),
            ]
        ) with
        {
            LeftOut = [new ParameterLeftOut("seed", "", "refused")],
        };

        var findings = Findings.Of(comparison);
        var doses = findings.Index().Single(f => f.Item.About == "doses");
        doses.Index.ShouldBeGreaterThanOrEqualTo(10, "findings before it would crowd it out");
        doses.Item.Detail.ShouldBeFalse();
        findings.Count(f => !f.Detail).ShouldBe(10);
    }

    [Fact]
    public void Answers_without_a_word_are_told()
    {
        var plan = Lives.Plan(1, Lives.Variant("dead"), Lives.Variant("well"));
        var dead = Lives.Instance("dead", 1, 0.2);
        dead = dead with { Rounds = [.. dead.Rounds.Select(r => r with { Forms = new AnswerForms(0.75, 0, 0, 2) })] };

        Lives
            .Words(Lives.Compare(plan, dead, Lives.Instance("well", 1, 0.1)))
            .ShouldContain("Answers without a word in round 2: dead (75%).");
    }

    private static InstanceSummary Dosed(InstanceSummary instance, double passes) =>
        instance with
        {
            Generations = [.. instance.Generations.Select(g => g with { Dose = g.Dose with { Passes = passes } })],
        };

    private static RunComparison Unfinished =>
        Lives.Compare(Lives.Plan(1, Lives.Variant("wild")), Lives.Instance("wild", 1, 0.2, status: InstanceState.Living, reached: 1));

    private static IEnumerable<RunComparison> Cases =>
        [
            Lives.Compare(High, Low),
            Lives.Compare(High, Mixed),
            Lives.Compare(High[..5], Low[..5]),
            Lives.Compare(High[..1], Low[..1]),
            Lives.Compare(new double[5], new double[5], RoundOutcome.RolledBack),
            Lives.Compare(Lives.Plan(1, Lives.Variant("wild")), Lives.Instance("wild", 1, 0, status: InstanceState.Parked, reached: -1)),
            Lives.Compare(Lives.Plan(1, Lives.Variant("still", train: false)), Lives.Instance("still", 1, 0, RoundOutcome.Untrained)),
            Unfinished,
        ];
}
