using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>The checkpoints of one instance, folded from its Trainer's events. No model is called.</summary>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Checkpoints">In order of rounds; a fork's list begins with its parent's.</param>
/// <param name="Without">Rounds without a checkpoint, in order.</param>
/// <param name="Champions">All champions in order; the last is current. Never empty, and neighbours differ.</param>
public sealed record InstanceLineage(
    string Run,
    string Instance,
    ModelId Base,
    ImmutableArray<Checkpoint> Checkpoints,
    ImmutableArray<RoundWithout> Without,
    ImmutableArray<ModelId> Champions
)
{
    /// <summary>
    /// The champion, last, and before it the champions reached by successive rollbacks; the first is the base.
    /// </summary>
    /// <remarks>
    /// A promotion, by the gate or manual, is placed after the champion before it. A manual return to that champion
    /// removes the promotion from the list.
    /// </remarks>
    public required ImmutableArray<ModelId> Way { get; init; }

    /// <summary>The current champion.</summary>
    public ModelId Champion => Champions[^1];

    /// <summary>Whether the champion was set manually and not by the gate.</summary>
    public bool IsByHand { get; init; }

    /// <summary>The models that this instance may use.</summary>
    public IEnumerable<ModelId> Models => Checkpoints.Select(c => c.Id).Prepend(Base).Distinct();

    /// <summary>Folds a lineage from a Trainer's events; null if the Trainer has not started.</summary>
    public static InstanceLineage? Of(string run, string instance, IEnumerable<TrainerEvent> past)
    {
        InstanceLineage? lineage = null;
        var (planned, seals, settings) = (
            (Planned?)null,
            new Dictionary<string, DatasetPart>(StringComparer.Ordinal),
            (TrainerSettings?)null
        );
        foreach (var happened in past)
        {
            switch (happened)
            {
                case TrainerBegan b:
                    lineage = new InstanceLineage(run, instance, b.Base, [], [], [b.Base]) { Way = [b.Base] };
                    settings = b.Settings;
                    break;
                case TrainerChanged c:
                    settings = c.Settings;
                    break;
                case Sealed s:
                    seals.TryAdd(s.Batch, new DatasetPart(s.Batch, s.Round, IsAnchor: false, s.Kept.Length));
                    if (s.Anchor is { } anchor)
                        seals.TryAdd(anchor, new DatasetPart(anchor, s.Round, IsAnchor: true, s.AnchorCount));
                    break;
                case Planned p:
                    planned = p;
                    break;
                case Trained t:
                    lineage = lineage!.Add(t, planned!.Plan, [.. planned.Plan.Parts.Select(p => seals[p])], settings!);
                    break;
                default:
                    lineage = lineage?.After(happened);
                    break;
            }
        }

        return lineage;
    }

    /// <summary>The champion reached by a rollback; null if there is none.</summary>
    public ModelId? Before => Way is [.., var before, _] ? before : null;

    private InstanceLineage Add(Trained t, TrainingPlan plan, ImmutableArray<DatasetPart> parts, TrainerSettings settings) =>
        this with
        {
            Checkpoints = Checkpoints.Add(
                new Checkpoint(t.Candidate, Instance, t.Round, plan, parts, t.Figures, null, CheckpointFate.Candidate, [])
                {
                    Method = WordOf(plan.Method, settings),
                    Bounds = settings.Gate,
                }
            ),
        };

    private InstanceLineage After(TrainerEvent happened) =>
        happened switch
        {
            Promoted p => Concluded(c => c with { Fate = CheckpointFate.Promoted, Gate = p.Figures }).Speaking(p.Candidate),
            RolledBack r => Concluded(c => c with { Fate = CheckpointFate.RolledBack, Gate = r.Figures, Reasons = r.Reasons }),
            GateUnchecked u => Concluded(c => c with { Reasons = u.Bounds }),
            Failed f when Checkpoints is [.., { Fate: CheckpointFate.Candidate } last] && last.Round == f.Round => Concluded(c =>
                c with
                {
                    Fate = CheckpointFate.Failed,
                    Reasons = [f.Error],
                }
            ),
            Failed f => this with { Without = Without.Add(new RoundWithout(f.Round, RoundOutcome.Failed, f.Error)) },
            LostTrack l => this with { Without = Without.Add(new RoundWithout(l.Round, RoundOutcome.Failed, l.Why)) },
            Skipped s => this with { Without = Without.Add(new RoundWithout(s.Round, RoundOutcome.Untrained, s.Why)) },
            Appointed a => Speaking(a.Model) with { IsByHand = !a.Planned, Way = a.Model == Before ? Way[..^1] : Way.Add(a.Model) },
            JobEvent => this,
            _ => throw new UnreachableException($"no place in a lineage for {happened.GetType().Name}"),
        };

    private InstanceLineage Concluded(Func<Checkpoint, Checkpoint> change) =>
        this with
        {
            Checkpoints = Checkpoints.SetItem(Checkpoints.Length - 1, change(Checkpoints[^1])),
        };

    private InstanceLineage Speaking(ModelId model) =>
        model == Champion ? this : this with { Champions = Champions.Add(model), Way = Way.Add(model), IsByHand = false };

    private static string WordOf(TrainingMethod? method, TrainerSettings settings) =>
        method switch
        {
            null => settings.Backend is null ? "full" : "job",
            TrainingMethod.Lora => "lora",
            TrainingMethod.Dpo => "dpo",
            _ => throw new UnreachableException(),
        };
}

/// <summary>A round without a checkpoint.</summary>
/// <param name="Outcome">Untrained or failed.</param>
public sealed record RoundWithout(int Round, RoundOutcome Outcome, string Why);
