using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>The checkpoints of one life: a projection of its Trainer's events. No model is called.</summary>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Checkpoints">In order of rounds; a fork's begin with its parent's.</param>
/// <param name="Without">Rounds that left no checkpoint, in order.</param>
/// <param name="Champions">Who spoke, one after another; the last one speaks now. Never empty, and no two neighbours are the same.</param>
public sealed record LifeLineage(string Run, string Instance, ModelId Base, ImmutableArray<Checkpoint> Checkpoints, ImmutableArray<RoundWithout> Without, ImmutableArray<ModelId> Champions)
{
    /// <summary>The model that speaks now.</summary>
    public ModelId Champion => Champions[^1];

    /// <summary>The models that may speak for this life.</summary>
    public IEnumerable<ModelId> Models => Checkpoints.Select(c => c.Id).Prepend(Base).Distinct();

    /// <summary>The lineage that a Trainer's events tell; null where it has not begun.</summary>
    public static LifeLineage? Of(string run, string instance, IEnumerable<TrainerEvent> past)
    {
        LifeLineage? lineage = null;
        var (planned, seals, method) = ((Planned?)null, new Dictionary<string, DatasetPart>(StringComparer.Ordinal), "full");
        foreach (var happened in past)
        {
            switch (happened)
            {
                case TrainerBegan b:
                    lineage = new LifeLineage(run, instance, b.Base, [], [], [b.Base]);
                    method = MethodOf(b.Settings);
                    break;
                case TrainerChanged c:
                    method = MethodOf(c.Settings);
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
                    lineage = lineage!.Add(t, planned!.Plan, [.. planned.Plan.Parts.Select(p => seals[p])], planned.Plan.Method is { } m ? WordOf(m) : method == "job" ? method : "full");
                    break;
                default:
                    lineage = lineage?.After(happened);
                    break;
            }
        }

        return lineage;
    }

    /// <summary>The model that a checkpoint replaced when it first became champion; null for the base, and for one that never was champion.</summary>
    public ModelId? Before(ModelId champion) => Champions.IndexOf(champion) is var at and > 0 ? Champions[at - 1] : null;

    private LifeLineage Add(Trained t, TrainingPlan plan, ImmutableArray<DatasetPart> parts, string method) =>
        this with { Checkpoints = Checkpoints.Add(new Checkpoint(t.Candidate, Instance, t.Round, plan, parts, t.Figures, null, CheckpointFate.Candidate, []) { Method = method }) };

    private LifeLineage After(TrainerEvent happened) => happened switch
    {
        Promoted p => Concluded(c => c with { Fate = CheckpointFate.Promoted, Gate = p.Figures }).Speaking(p.Candidate),
        RolledBack r => Concluded(c => c with { Fate = CheckpointFate.RolledBack, Gate = r.Figures, Reasons = r.Reasons }),
        GateUnchecked u => Concluded(c => c with { Reasons = u.Bounds }),
        Failed f when Checkpoints is [.., { Fate: CheckpointFate.Candidate } last] && last.Round == f.Round => Concluded(c => c with { Fate = CheckpointFate.Failed, Reasons = [f.Error] }),
        Failed f => this with { Without = Without.Add(new RoundWithout(f.Round, RoundOutcome.Failed, f.Error)) },
        LostTrack l => this with { Without = Without.Add(new RoundWithout(l.Round, RoundOutcome.Failed, l.Why)) },
        Skipped s => this with { Without = Without.Add(new RoundWithout(s.Round, RoundOutcome.Untrained, s.Why)) },
        JobEvent => this,
        _ => throw new UnreachableException($"no place in a lineage for {happened.GetType().Name}"),
    };

    private LifeLineage Concluded(Func<Checkpoint, Checkpoint> change) => this with { Checkpoints = Checkpoints.SetItem(Checkpoints.Length - 1, change(Checkpoints[^1])) };

    private LifeLineage Speaking(ModelId model) => model == Champion ? this : this with { Champions = Champions.Add(model) };

    private static string MethodOf(TrainerSettings settings) => settings.Backend is null ? "full" : "job";

    private static string WordOf(TrainingMethod method) => method switch
    {
        TrainingMethod.Lora => "lora",
        TrainingMethod.Dpo => "dpo",
        _ => throw new UnreachableException(),
    };
}

/// <summary>A round that left no checkpoint.</summary>
/// <param name="Outcome">Untrained or failed.</param>
public sealed record RoundWithout(int Round, RoundOutcome Outcome, string Why);
