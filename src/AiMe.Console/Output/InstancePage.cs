using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;

namespace AiMe.Console.Output;

/// <summary>The page of one instance, folded from its journal.</summary>
/// <param name="Generations">Its lineage, from generation 0.</param>
/// <param name="SelfModels">Its self-models, from generation 0; the last is current.</param>
internal sealed record InstancePage(
    RunStatus Run,
    InstanceStatus Instance,
    SelfState Self,
    VariantPlan Variant,
    IReadOnlyList<InstancePage.Generation> Generations,
    IReadOnlyList<InstancePage.SelfView> SelfModels,
    IReadOnlyList<Insight> Insights,
    IReadOnlyList<Stored> Experiences
)
{
    /// <summary>A line of the lineage.</summary>
    /// <param name="Model">The champion after this round.</param>
    /// <param name="Parent">The model that the training started from; null without a training.</param>
    /// <param name="Candidate">The trained model, promoted or not; null without a training.</param>
    /// <param name="Bare">Bare identity drift from generation 0, bits.</param>
    /// <param name="Agent">Agent identity drift from generation 0, bits.</param>
    /// <param name="HeldOut">Nats per token.</param>
    /// <param name="Why">The gate's objections, or why there was no training; empty otherwise.</param>
    internal sealed record Generation(
        int Number,
        RoundOutcome Outcome,
        ModelId Model,
        ModelId? Parent,
        ModelId? Candidate,
        double Bare,
        double Agent,
        double HeldOut,
        string Why
    )
    {
        /// <summary>Number of choice probes, bare model and agent together.</summary>
        public int Asked { get; init; }

        /// <summary>How many of them named an option; drift excludes the others.</summary>
        public int Answered { get; init; }
    }

    /// <summary>A self-model, valid from a cycle on.</summary>
    /// <param name="Because">The insight that changed it; null for the first.</param>
    internal sealed record SelfView(int Cycle, string Text, MemoryId? Because);

    /// <summary>How its calls ended.</summary>
    public CallTally Calls { get; init; } = new();

    /// <summary>Its scheduled interventions, in the order in which they take effect; empty for none.</summary>
    public ImmutableArray<InstanceIntervention> Interventions { get; init; } = [];

    /// <summary>The fork that created it, or null for a planned instance.</summary>
    public Forked? Fork { get; init; }

    /// <summary>
    /// A manual change of the champion after the last probes, or null. The figures describe the model before it.
    /// </summary>
    public ModelChanged? ByHand { get; init; }

    /// <summary>Its current settings; before its start, those of the plan.</summary>
    public (ImmutableArray<Rule> Curate, TrainerSettings Trainer) InstancesBy =>
        Self.Spec is { } spec ? (spec.Curate, spec.Trainer) : (Variant.Curate, Variant.Trainer);

    /// <summary>Number of experiences kept for training.</summary>
    public int Kept => Experiences.Count(e => e.Verdict == Verdict.Keep);

    /// <summary>Folds the page of an instance.</summary>
    /// <param name="events">In the order of the journal.</param>
    public static InstancePage Of(RunStatus run, InstanceStatus instance, IReadOnlyList<InstanceEvent> events)
    {
        var self = (SelfState)(events.LastOrDefault(e => e.Faculty == Loop.Self)?.State ?? SelfDecider.Initial);
        return new(
            run,
            instance,
            self,
            run.Plan.Variants.First(v => v.Name == instance.Variant),
            [.. Lineage(events)],
            [.. SelfViews(events)],
            [.. events.Select(e => e.Happened).OfType<InsightStored>().Select(i => i.Insight)],
            [.. SettledVerdicts.Of(events.Select(e => e.Happened))]
        )
        {
            Calls = CallTally.Of(events.Select(e => e.Happened)),
            Interventions = InstanceIntervention.All(run.Run, instance.Name, events.Select(e => (e.Index, e.Happened))),
            Fork = events.Select(e => e.Happened).OfType<Forked>().LastOrDefault(),
            ByHand = events.Select(e => e.Happened).LastOrDefault(e => e is ModelChanged or Probed) as ModelChanged,
        };
    }

    private static IEnumerable<Generation> Lineage(IReadOnlyList<InstanceEvent> events)
    {
        var (why, outcome) = ("", RoundOutcome.Born);
        (ModelId? parent, ModelId? candidate) = (null, null);
        Probed? birth = null;
        foreach (var happened in events.Select(e => e.Happened))
        {
            switch (happened)
            {
                case Planned p:
                    parent = p.Plan.Start;
                    break;
                case Trained t:
                    candidate = t.Candidate;
                    break;
                case RolledBack r:
                    why = string.Join("; ", r.Reasons);
                    break;
                case Skipped s:
                    why = s.Why;
                    break;
                case Failed f:
                    why = f.Error;
                    break;
                case LostTrack l:
                    why = l.Why;
                    break;
                case GateUnchecked u:
                    why = string.Join("; ", u.Bounds);
                    break;
                case Adopted a:
                    outcome = a.Outcome;
                    break;
                case Probed p:
                    birth ??= p;
                    var (bare, agent) = (Identity.Answered(p.Results.Bare), Identity.Answered(p.Results.Agent));
                    yield return new(
                        p.Generation,
                        outcome,
                        p.Model,
                        parent,
                        candidate,
                        Identity.Drift(p.Results.Bare, birth.Results.Bare),
                        Identity.Drift(p.Results.Agent, birth.Results.Agent),
                        p.Results.HeldOut,
                        why
                    )
                    {
                        Asked = bare.Asked + agent.Asked,
                        Answered = bare.Known + agent.Known,
                    };
                    (why, parent, candidate) = ("", null, null);
                    break;
            }
        }
    }

    private static IEnumerable<SelfView> SelfViews(IReadOnlyList<InstanceEvent> events)
    {
        var cycle = 0;
        foreach (var happened in events.Select(e => e.Happened))
        {
            switch (happened)
            {
                case SelfBegan b:
                    yield return new(0, b.Spec.Charter.SelfModel, null);
                    break;
                case Heard h:
                    cycle = h.Cycle;
                    break;
                case SelfModelRevised r:
                    yield return new(cycle, r.Text, r.Because);
                    break;
            }
        }
    }
}
