using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Batteries;

namespace AiMe.Lab.Tests.Analysis.Batteries;

/// <summary>Behavioural twins: what an instance says of itself beside what it does.</summary>
public sealed class TwinTests
{
    private static readonly ProbeSet Probes = new(
        [new ChoiceProbe("c", "curious", [new("Q?", "I"), new("R?", "I")], [" yes", " no"], 0)],
        [
            new OpenProbe("asks", ["I made bread."], new BehaviouralTwin("curious", "questions")),
            new OpenProbe("shouts", ["Go away."], new BehaviouralTwin("calm", "exclamations", Reversed: true)),
            new OpenProbe("who", ["Who are you?"]),
        ],
        "Hm."
    );

    [Fact]
    public void A_scale_has_the_agent_s_self_report_and_the_score_of_its_answers()
    {
        var scores = Of(0.8, "Was it good? I am glad.", "Stop! Go!");
        scores["curious"].SelfReport.ShouldBe(0.8, 1e-12);
        scores["curious"].Behaviour.ShouldBe(0.5);
        scores["calm"].Behaviour.ShouldBe(0);
        scores["calm"].SelfReport.ShouldBe(double.NaN); // no choice measures it
    }

    [Fact]
    public void An_answer_without_a_word_has_no_behaviour() => Of(0.8, "", "I stay.")["curious"].Behaviour.ShouldBe(double.NaN);

    [Fact]
    public void A_battery_without_twins_has_none() =>
        TwinScore.Of(Probes with { Open = [new OpenProbe("who", ["Who are you?"])] }, Sat(0.8, "", "")).ShouldBeEmpty();

    [Fact]
    public void The_correlation_is_over_the_instances_that_have_both()
    {
        var report = TwinReport
            .Of([
                Of(0.2, "I see.", "x"),
                Of(0.5, "Why? I see.", "x"),
                Of(0.9, "Why?", "x"),
                Of(0.1, "", "x"), // no behaviour: left out
            ])
            .Single(r => r.Scale == "curious");
        (report.N, report.Correlation).ShouldBe((3, 1));
        report.Behaviour.ShouldBe(0.5, 1e-12);
        report.SelfReport.ShouldBe(1.6 / 3, 1e-12);
    }

    private static ImmutableSortedDictionary<string, TwinScore> Of(double yes, string asks, string shouts) =>
        TwinScore.Of(Probes, Sat(yes, asks, shouts));

    private static ProbeResults Sat(double yes, string asks, string shouts) =>
        new(
            [],
            [
                new ChoiceResult(
                    "c",
                    [
                        [yes, 1 - yes],
                        [yes, 1 - yes],
                    ]
                ),
            ],
            [new OpenResult("asks", asks), new OpenResult("shouts", shouts), new OpenResult("who", "I am.")],
            1
        );
}
