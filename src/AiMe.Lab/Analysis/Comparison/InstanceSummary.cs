using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Batteries;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Figures of one instance, computed from its events. No model is called.</summary>
/// <param name="Status">Finished, in progress, or parked, which ends an instance early.</param>
/// <param name="Experiences">Number of closed cycles.</param>
/// <param name="Floor">
/// Drift of the bare model's answers between halves of the paraphrases at generation 0, bits.
/// </param>
/// <param name="AgentFloor">The same for the whole agent.</param>
/// <param name="Generations">From 0, without gaps, up to the last reached.</param>
/// <param name="Rounds">From 1, complete rounds only; a round that was ended early has fewer experiences.</param>
/// <param name="Trainings">In order of rounds.</param>
public sealed record InstanceSummary(
    string Instance,
    string Variant,
    int Replicate,
    InstanceState Status,
    int Experiences,
    double Floor,
    double AgentFloor,
    ImmutableArray<GenerationFigures> Generations,
    ImmutableArray<RoundFigures> Rounds,
    ImmutableArray<TrainingOutcome> Trainings
)
{
    /// <summary>
    /// Unplanned interventions, in order: from the first on, the instance deviates from the plan.
    /// </summary>
    public ImmutableArray<Intervention> Deeds { get; init; } = [];

    /// <summary>Name of its charter.</summary>
    public string Charter { get; init; } = "";

    /// <summary>What the battery is worth by its answers at birth; null before generation 0.</summary>
    public BatteryReport? Battery => Newborn.Value;

    /// <summary>Computed when it is asked for: a comparison asks one instance.</summary>
    internal Lazy<BatteryReport?> Newborn { get; init; } = new((BatteryReport?)null);

    /// <summary>Its prompts, and those in which the model had no room for all parts.</summary>
    public PromptTally Prompts { get; init; }

    /// <summary>What people decided on its held experiences. It is part of the plan, not an intervention.</summary>
    public ReviewTally Reviews { get; init; } = ReviewTally.Nothing;

    /// <summary>The answers of its judges, by judge; empty without one.</summary>
    public ImmutableArray<JudgeTally> Judges { get; init; } = [];

    /// <summary>How its calls ended.</summary>
    public CallTally Calls { get; init; } = new();

    /// <summary>Number of experiences from unplanned input.</summary>
    public int Unplanned => Deeds.Count(d => d.Kind == InterventionKind.Spoke);

    /// <summary>
    /// Whether the instance deviates from the plan at a generation: an intervention after its probes does not change
    /// its figures.
    /// </summary>
    public bool IsUnplannedBy(int generation) => Deeds.Any(d => d.After < generation);

    /// <summary>The last generation reached; -1 before generation 0.</summary>
    public int Reached => Generations.Length - 1;

    /// <summary>Whether the instance ended early: data of later generations are missing, not unchanged.</summary>
    public bool IsCensored => Status == InstanceState.Parked;

    /// <summary>Computes the figures of an instance.</summary>
    /// <param name="instance">Its events may end anywhere.</param>
    public static InstanceSummary Of(RunPlan plan, InstanceRecord instance)
    {
        ImmutableArray<Probed> probed = [.. instance.Events.Select(e => e.Happened).OfType<Probed>()];
        ImmutableArray<Stored> stored = [.. SettledVerdicts.Of(instance.Events.Select(e => e.Happened))];
        var called = instance.Events.Select(e => e.Happened).OfType<RoundEnded>().Select(e => e.Round).ToHashSet();
        var forms = AnswerForms.ByRound(instance.Events.Select(e => e.Happened));
        var selection = SelectionFigures.ByRound(instance.Events.Select(e => e.Happened), stored);
        var problems = ProblemFigures.ByRound(stored);
        var distances = PreferenceFigures.ByRound([.. instance.Events.Select(e => e.Happened)], stored);
        var doses = TrainingDose.ByGeneration(plan.BaseOf(instance.Variant, instance.Replicate), instance.Events.Select(e => e.Happened));
        return new InstanceSummary(
            instance.Name,
            instance.Variant.Name,
            instance.Replicate,
            instance.Status,
            stored.Length,
            probed.IsEmpty ? double.NaN : Identity.Floor(probed[0].Results.Bare),
            probed.IsEmpty ? double.NaN : Identity.Floor(probed[0].Results.Agent),
            [.. GenerationFigures.All(plan.Probes, probed).Select(g => g with { Dose = doses[g.Generation] })],
            [
                .. stored
                    .GroupBy(s => s.Round)
                    .Where(r => r.Count() == plan.Every || called.Contains(r.Key))
                    .OrderBy(r => r.Key)
                    .Select(r =>
                        RoundFigures.Of(r.Key, [.. r]) with
                        {
                            Forms = forms[r.Key],
                            Selection = selection.GetValueOrDefault(r.Key, SelectionFigures.Unknown),
                            PreferenceDistance = distances.GetValueOrDefault(r.Key, double.NaN),
                            Problems = problems.GetValueOrDefault(r.Key, ProblemFigures.Unknown),
                        }
                    ),
            ],
            [
                .. instance
                    .Events.Select(e => e.Happened)
                    .OfType<TrainerEvent>()
                    .Select(e => TrainingOutcome.Of(e, instance.Variant.Trainer.Gate))
                    .OfType<TrainingOutcome>(),
            ]
        )
        {
            Charter = plan.CharterOf(instance.Variant, instance.Replicate).Name,
            Deeds = DeedsOf(instance),
            Newborn = new(() => probed.IsEmpty ? null : BatteryReport.Of(plan.Probes, probed[0].Results.Bare)),
            Calls = CallTally.Of(instance.Events.Select(e => e.Happened)),
            Reviews = ReviewTally.Of(instance.Events.Select(e => e.Happened)),
            Judges = JudgeTally.Of(instance.Events.Select(e => e.Happened)),
            Prompts = PromptTally.Of(instance.Events.Select(e => e.Happened)),
        };
    }

    private static ImmutableArray<Intervention> DeedsOf(InstanceRecord instance)
    {
        var deeds = ImmutableArray.CreateBuilder<Intervention>();
        var probed = -1;
        foreach (var happened in instance.Events.Select(e => e.Happened))
        {
            InterventionKind? kind = happened switch
            {
                Stored s when instance.Unplanned.Contains(s.Cycle) => InterventionKind.Spoke,
                RoundEnded => InterventionKind.EndedRound,
                Appointed { Planned: false } => InterventionKind.Appointed,
                _ => null,
            };
            if (kind is { } did)
                deeds.Add(new Intervention(did, probed));
            probed = happened is Probed p ? p.Generation : probed;
        }

        return deeds.ToImmutable();
    }

    /// <summary>A figure of the probes at a generation; NaN if the instance did not reach it.</summary>
    public double At(int generation, Func<GenerationFigures, double> figure) =>
        generation <= Reached ? figure(Generations[generation]) : double.NaN;

    /// <summary>
    /// A figure of the round that leads to a generation; NaN for generation 0 and for rounds not completed.
    /// </summary>
    public double In(int round, Func<RoundFigures, double> figure) =>
        Rounds.FirstOrDefault(r => r.Round == round) is { } whole ? figure(whole) : double.NaN;
}
