using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Batteries;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Metrics.Identity;

namespace AiMe.Lab.Tests.Analysis.Batteries;

/// <summary>What batteries are told: whole and by scale.</summary>
public sealed class BatteryReportTests
{
    private static readonly double[] Sure = [0.97, 0.03];
    private static readonly double[] Even = [0.5, 0.5];

    [Fact]
    public void A_battery_that_can_see_drift_is_told_nothing() =>
        BatteryWords.Of(Report(("calm", [Sure, Sure]), ("kind", [Sure, Sure]))).ShouldBeEmpty();

    [Fact]
    public void A_battery_at_chance_is_told_why_it_cannot_see_drift() =>
        BatteryWords
            .Of(Report(("calm", [Even, Even])))
            .ShouldBe([
                "this battery cannot see drift: in character 0.50 at birth, where chance is 0.50, a rewording moves it by 0.000 bits, and "
                    + "forgetting every answer would by 0.000.",
            ]);

    [Fact]
    public void A_blind_scale_among_others_is_named() =>
        BatteryWords
            .Of(Report(("calm", [Even, Even]), ("kind", [Sure, Sure]), ("open", [Sure, Sure])))
            .ShouldBe(["1 of the 3 scales of the battery cannot see drift: calm (near-chance and near-floor)."]);

    [Fact]
    public void A_probe_that_nothing_answered_is_counted()
    {
        var report = BatteryReport.Of(Set(("calm", 2)), []);
        report.Whole.Fault.ShouldBe(BatteryFault.Unanswered);
        BatteryWords.Of(report)[0].ShouldBe("this battery cannot see drift: 0 of 2 wordings were answered.");
    }

    [Fact]
    public void Options_that_are_never_said_are_told_with_their_probability() =>
        BatteryWords
            .Of(
                BatteryReport.Of(
                    Set(("calm", 2)),
                    [
                        new ChoiceResult(
                            "p0",
                            [
                                [.. Sure],
                                [.. Sure],
                            ]
                        ),
                    ],
                    new Dictionary<string, ImmutableArray<double>> { ["p0"] = [0.0004, 0.0004] }
                )
            )[0]
            .ShouldContain("0 of 2 wordings were answered, and the model says one of the options with probability 4e-4");

    [Fact]
    public void A_comparison_finds_that_its_battery_is_blind_and_leaves_the_scales_to_the_explanation()
    {
        var blind = Report(("calm", [Even, Even]), ("kind", [Even, Even]));
        var findings = Findings.Of(
            Lives.Compare(
                Lives.Plan(2, Lives.Variant("a"), Lives.Variant("b")),
                [.. from v in new[] { "a", "b" } from r in new[] { 1, 2 } select Lives.Instance(v, r, 0.1) with { Newborn = new(blind) }]
            )
        );
        var told = findings.Where(f => f.About == "battery").ToArray();
        told.Select(f => f.Detail).ShouldBe([false, true]);
        told[0].Text.ShouldStartWith("Warning: this battery cannot see drift: ");
    }

    private static BatteryReport Report(params (string Scale, double[][] Rows)[] probes) =>
        BatteryReport.Of(
            Set([.. probes.Select(p => (p.Scale, p.Rows.Length))]),
            [.. probes.Select((p, i) => new ChoiceResult($"p{i}", [.. p.Rows.Select(row => row.ToImmutableArray())]))]
        );

    private static ProbeSet Set(params (string Scale, int Wordings)[] probes) =>
        new(
            [
                .. probes.Select(
                    (p, i) =>
                        new ChoiceProbe(
                            $"p{i}",
                            p.Scale,
                            [.. Enumerable.Range(0, p.Wordings).Select(w => new ProbeAsk($"Q{w}?", "I"))],
                            [" a", " b"],
                            0
                        )
                ),
            ],
            [],
            "Hm."
        );
}
