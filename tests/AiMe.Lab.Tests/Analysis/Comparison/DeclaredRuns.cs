using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Synthetic runs of which something is declared, and the declarations.</summary>
internal static class DeclaredRuns
{
    public static readonly DeclaredOutcome Rise = new DeclaredOutcome.Value("heldOutRise", SmallestEffect: 0.1);
    public static readonly DeclaredOutcome Drift = new DeclaredOutcome.Value("bareDrift");
    public static readonly DeclaredOutcome.Survival Silent = new("empty", Above: true, 0.5);
    public static readonly ImmutableArray<string> Doses = ["f0", "f1", "f2", "f3"];

    public static AnalysisPlan Ordered(EffectDirection direction) => Plan([Rise], new DeclaredContrast.Ordered(Doses, direction));

    public static AnalysisPlan Plan(ImmutableArray<DeclaredOutcome> primary, params DeclaredContrast[] contrasts) =>
        new("Does it?", primary, [], [.. contrasts], Generation: null, Alpha: 0.05, IntervalMethod.Student);

    // Four variants whose held-out rise at the last generation is a function of variant (from 0) and replicate (from 1).
    public static RunComparison Sweep(
        AnalysisPlan analysis,
        int replicates,
        Func<int, int, double> rise,
        Func<InstanceSummary, InstanceSummary>? change = null
    ) =>
        Lives.Compare(
            Lives.Plan(replicates, [.. Doses.Select(n => Lives.Variant(n))]) with
            {
                Analysis = analysis,
            },
            [
                .. Doses.SelectMany(
                    (name, v) =>
                        Enumerable
                            .Range(1, replicates)
                            .Select(r => Lives.Instance(name, r, 0.1 + r * 0.001, rise: rise(v, r)))
                            .Select(change ?? (i => i))
                ),
            ]
        );

    // In f0 most answers are empty from round 1 on, in f1 none.
    public static RunComparison Silence(AnalysisPlan analysis, int replicates, Func<InstanceSummary, InstanceSummary>? change = null) =>
        Lives.Compare(
            Lives.Plan(replicates, Lives.Variant("f0"), Lives.Variant("f1")) with
            {
                Analysis = analysis,
            },
            [
                .. new[] { "f0", "f1" }.SelectMany(name =>
                    Enumerable
                        .Range(1, replicates)
                        .Select(r => Lives.Instance(name, r, 0.1))
                        .Select(i =>
                            i with
                            {
                                Rounds = [.. i.Rounds.Select(f => f with { Forms = new AnswerForms(name == "f0" ? 0.75 : 0.25, 0, 0, 3) })],
                            }
                        )
                        .Select(change ?? (i => i))
                ),
            ]
        );

    // Six replicates of two variants; those named have no word in the last round.
    public static RunComparison Mute(DeclaredOutcome outcome, (string Variant, int Replicate)[] mute) =>
        Silence(Plan([outcome], new DeclaredContrast.Pair("f0", "f1")), replicates: 6, i =>
            mute.Contains((i.Variant, i.Replicate)) ? i with { Rounds = [i.Rounds[0], i.Rounds[1] with { Words = 0, Outputs = [""] }] } : i
        );
}
