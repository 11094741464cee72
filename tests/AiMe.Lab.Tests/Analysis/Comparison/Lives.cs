using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

/// <summary>Synthetic runs with known answers: 2 rounds of 4 experiences.</summary>
internal static class Lives
{
    public const int Rounds = 2;
    public const double Floor = 0.05;

    private static readonly Sampling Sampling = new(0.8, 0, 0.95, 48);
    public static readonly GateBounds Gate = new(HeldOutRise: 0.05, Drift: 0.25, AnchorRise: 0.1, Repeats: 0.2);

    public static VariantPlan Variant(string name, bool train = true) =>
        new(
            name,
            new SelfSettings(1, null, Sampling, 3),
            new MemorySettings(2, 1, 1, 1, 0.995, 100, ForgetPolicy.Weakest),
            new ReflectorSettings(60, Sampling, 3),
            [new KeepAll()],
            new TrainerSettings(train, DataRegime.Accumulate, 0, 0.3, FreshAnchor: true, StartFrom.Continued, 2, 0.001, Gate)
        );

    /// <summary>A variant that is meant to train and keeps nothing.</summary>
    public static VariantPlan Keepless(string name) => Variant(name) with { Curate = [new KeepNone()] };

    /// <summary>A variant that learns from preferences and samples one answer.</summary>
    public static VariantPlan Rivalless(string name) =>
        Variant(name) is var v ? v with { Trainer = v.Trainer with { Method = new TrainingMethod.Dpo(4, 8, 0.1) } } : v;

    public static RunPlan Plan(int replicates, params VariantPlan[] variants) =>
        new(
            "test-12345678",
            new Seed(1),
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            TimeSpan.FromMinutes(1),
            Every: 4,
            new ModelId("base"),
            new Charter("Ada", "I am Ada.", [], [], [], [], "I am new.", []),
            new ProbeSet(
                [new ChoiceProbe("p", "honesty", [new ProbeAsk("What?", "I"), new ProbeAsk("Why?", "I")], [" a", " b"], 0)],
                [],
                "Hm."
            ),
            [.. Enumerable.Range(0, 8).Select(i => new Stimulus($"s{i}", "Hello.", "talk"))],
            InternalEvery: 0,
            replicates,
            [.. variants],
            Origin: null
        );

    /// <summary>An instance whose bare drift at the last generation is given; agent drift is .03 more.</summary>
    public static InstanceSummary Instance(
        string variant,
        int replicate,
        double drift,
        RoundOutcome outcome = RoundOutcome.Promoted,
        double rise = 0.02,
        InstanceState status = InstanceState.Finished,
        int reached = Rounds
    ) =>
        new(
            $"{variant}-{replicate}",
            variant,
            replicate,
            status,
            4 * Math.Max(0, reached),
            Floor,
            Floor,
            [
                .. Enumerable
                    .Range(0, reached + 1)
                    .Select(g => new GenerationFigures(
                        g,
                        drift * g / Rounds,
                        (drift + 0.03) * g / Rounds,
                        2 * (1 + rise * g / Rounds),
                        rise * g / Rounds,
                        0.5,
                        ImmutableSortedDictionary<string, double>.Empty
                    )
                    {
                        Dose = outcome == RoundOutcome.Promoted ? new TrainingDose(g * 10, g * 20, g * 300) : TrainingDose.None,
                    }),
            ],
            [
                .. Enumerable
                    .Range(1, Math.Max(0, reached))
                    .Select(r => new RoundFigures(r, 4, 2, 0.5, double.NaN, 3, 0.5, 0.5, 0, double.NaN, 0, 6, ["a b c", "d e f"])),
            ],
            [.. Enumerable.Range(1, Math.Max(0, reached)).Select(r => Training(r, outcome))]
        );

    /// <summary>The comparison of a run of these instances.</summary>
    public static RunComparison Compare(RunPlan plan, params InstanceSummary[] instances) =>
        RunComparison.Of(Run(plan, instances), instances);

    /// <summary>Five instances of "wild" and "tame" and a control, with the drifts given.</summary>
    public static RunComparison Compare(double[] wild, double[] tame, RoundOutcome outcome = RoundOutcome.Promoted) =>
        Compare(
            Plan(wild.Length, Variant("wild"), Variant("tame"), Variant("still", train: false)),
            [
                .. wild.Select((d, i) => Instance("wild", i + 1, d, outcome)),
                .. tame.Select((d, i) => Instance("tame", i + 1, d, outcome)),
                .. wild.Select((_, i) => Instance("still", i + 1, 0, RoundOutcome.Untrained, rise: 0)),
            ]
        );

    public static string Words(RunComparison comparison) => string.Join('\n', Findings.Of(comparison).Select(f => f.Text));

    private static SupervisorState Run(RunPlan plan, InstanceSummary[] instances)
    {
        var run = SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(plan));
        foreach (var instance in instances.Where(l => l.Status == InstanceState.Parked))
            run = SupervisorDecider.Evolve(run, new InstanceParked(instance.Instance, "it kept failing"));
        return run with { Digest = instances.Any(l => l.Status == InstanceState.Living) ? null : "0123456789abcdef" };
    }

    private static TrainingOutcome Training(int round, RoundOutcome outcome) =>
        outcome switch
        {
            RoundOutcome.RolledBack => new(
                round,
                outcome,
                ["held-out cross-entropy rose too far"],
                ["held-out cross-entropy rose by 9.0%, at most 5.0% is allowed"]
            ),
            RoundOutcome.Untrained => new(round, outcome, ["the variant is never trained"], ["the variant is never trained"]),
            _ => new(round, outcome, [], []),
        };
}
