using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>One life in figures: a projection of its events. No model is called.</summary>
/// <param name="Status">Finished; living (the run goes on or was interrupted); or parked, which ends a life early.</param>
/// <param name="Experiences">Closed cycles.</param>
/// <param name="Floor">Drift of the bare model's answers between halves of the paraphrases at generation 0, bits.</param>
/// <param name="AgentFloor">The same of the whole agent.</param>
/// <param name="Generations">From 0, without gaps, as far as the life got.</param>
/// <param name="Rounds">From 1, rounds that are over alone; one that was ended early has fewer experiences.</param>
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
    /// <summary>What somebody did in it beside the plan, in order: from the first of them on it is no longer the planned life.</summary>
    public ImmutableArray<Intervention> Deeds { get; init; } = [];

    /// <summary>Experiences into which somebody spoke beside the plan.</summary>
    public int Beside => Deeds.Count(d => d.Kind == InterventionKind.Spoke);

    /// <summary>
    /// Whether it is no longer the planned life by a generation: what was done after that one was probed moves no figure of
    /// it.
    /// </summary>
    public bool LeftThePlanBy(int generation) => Deeds.Any(d => d.After < generation);

    /// <summary>The last generation reached; -1 before birth.</summary>
    public int Reached => Generations.Length - 1;

    /// <summary>Whether the life ended before its time; then its later generations are unknown, not unchanged.</summary>
    public bool IsCensored => Status == InstanceState.Parked;

    /// <summary>The figures of a life.</summary>
    /// <param name="instance">May end anywhere.</param>
    public static InstanceSummary Of(RunPlan plan, InstanceRecord instance)
    {
        ImmutableArray<Probed> probed = [.. instance.Events.Select(e => e.Happened).OfType<Probed>()];
        ImmutableArray<Stored> stored = [.. instance.Events.Select(e => e.Happened).OfType<Stored>()];
        var called = instance.Events.Select(e => e.Happened).OfType<RoundEnded>().Select(e => e.Round).ToHashSet();
        return new InstanceSummary(
            instance.Name,
            instance.Variant.Name,
            instance.Replicate,
            instance.Status,
            stored.Length,
            probed.IsEmpty ? double.NaN : Identity.Floor(probed[0].Results.Bare),
            probed.IsEmpty ? double.NaN : Identity.Floor(probed[0].Results.Agent),
            [.. probed.Select(p => GenerationFigures.Of(plan.Probes, p, probed[0]))],
            [
                .. stored
                    .GroupBy(s => s.Round)
                    .Where(r => r.Count() == plan.Every || called.Contains(r.Key))
                    .OrderBy(r => r.Key)
                    .Select(r => RoundFigures.Of(r.Key, [.. r])),
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
            Deeds = DeedsOf(instance),
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
                Stored s when instance.Beside.Contains(s.Cycle) => InterventionKind.Spoke,
                RoundEnded => InterventionKind.EndedRound,
                Appointed => InterventionKind.Appointed,
                _ => null,
            };
            if (kind is { } did)
                deeds.Add(new Intervention(did, probed));
            probed = happened is Probed p ? p.Generation : probed;
        }

        return deeds.ToImmutable();
    }

    /// <summary>A figure of the probes at a generation; NaN where the life did not reach it.</summary>
    public double At(int generation, Func<GenerationFigures, double> figure) =>
        generation <= Reached ? figure(Generations[generation]) : double.NaN;

    /// <summary>A figure of the round that leads to a generation; NaN for generation 0 and where the life did not get so far.</summary>
    public double In(int round, Func<RoundFigures, double> figure) =>
        Rounds.FirstOrDefault(r => r.Round == round) is { } whole ? figure(whole) : double.NaN;
}
