using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

/// <summary>The plan of a run: variants x replicates over the same stimuli.</summary>
/// <param name="Run">Run id: the experiment's name and a short hash of its resolved form.</param>
/// <param name="Epoch">Logical time of cycle 0, UTC; the time of cycle c is epoch + c x tick.</param>
/// <param name="Every">Number of closed experiences in a round, including drives.</param>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Stimuli">External stimuli; each block gets all of them, in its own order.</param>
/// <param name="InternalEvery">Number of external stimuli before an internal drive; 0 for no drives.</param>
/// <param name="Replicates">Instances per variant, at least 1.</param>
/// <param name="Origin">
/// The origin of <paramref name="Base"/>; null in runs that were planned before it was recorded.
/// </param>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>; null for the first, and then not written.</param>
/// <param name="Analysis">What is tested; null if nothing was declared, and then not written.</param>
/// <param name="Charters">
/// The charters of the instances, of which <paramref name="Charter"/> is the first; null, and not written, if there is one.
/// </param>
/// <param name="Interventions">
/// Treatments that begin in mid-run, in the order of the file; default for none, and then not written.
/// </param>
/// <param name="Index">The vector store in which memories are found; null for the embedded index, and then not written.</param>
public sealed partial record RunPlan(
    string Run,
    Seed Seed,
    DateTime Epoch,
    TimeSpan Tick,
    int Every,
    ModelId Base,
    Charter Charter,
    ProbeSet Probes,
    ImmutableArray<Stimulus> Stimuli,
    int InternalEvery,
    int Replicates,
    ImmutableArray<VariantPlan> Variants,
    ModelOrigin? Origin,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LoopVersion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AnalysisPlan? Analysis = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<CharterPlan>? Charters = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        ImmutableArray<ScheduledIntervention> Interventions = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IndexPlan? Index = null
)
{
    // A run id is the name, a hyphen and this many hexadecimal digits.
    private const int HashDigits = 8;

    /// <summary>Number of cycles of every instance: stimuli and drives.</summary>
    [JsonIgnore]
    public int Cycles => Stimuli.Length + (InternalEvery == 0 ? 0 : Stimuli.Length / InternalEvery);

    /// <summary>Number of rounds of every instance.</summary>
    [JsonIgnore]
    public int Rounds => Cycles / Every;

    /// <summary>The planned instances by replicate, then by variant in the order of the file.</summary>
    [JsonIgnore]
    public IEnumerable<(VariantPlan Variant, int Replicate)> Instances =>
        Enumerable.Range(1, Replicates).SelectMany(_ => Variants, (replicate, variant) => (variant, replicate));

    /// <summary>The experiment's name: the run id without its hash.</summary>
    /// <returns>The whole id if it does not end with a hash.</returns>
    public static string ExperimentOf(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var name = run.Length - HashDigits - 1;
        return name > 0 && run[name] == '-' && run[(name + 1)..].All(char.IsAsciiHexDigitLower) ? run[..name] : run;
    }

    /// <summary>The models of generation 0, each once: that of the run first.</summary>
    [JsonIgnore]
    public IEnumerable<ModelId> Bases =>
        Variants.Select(BaseOf).Concat(Charters?.Select(c => c.Base ?? Base) ?? []).Prepend(Base).Distinct();

    /// <summary>Whether a variant has a model of its own.</summary>
    [JsonIgnore]
    public bool HasOwnModels => Variants.Any(v => v.Model is not null);

    /// <summary>The model of generation 0 of a variant.</summary>
    public ModelId BaseOf(VariantPlan variant) => variant.Base ?? Base;

    /// <summary>The model of generation 0 of a variant; that of the run if it has no variant of this name.</summary>
    public ModelId BaseOf(string variant) => Variants.FirstOrDefault(v => v.Name == variant) is { } found ? BaseOf(found) : Base;

    /// <summary>The origin of the model of generation 0 of a variant; null if that of the run is not recorded.</summary>
    public ModelOrigin? OriginOf(VariantPlan variant) => variant.Model?.Of(Origin) ?? Origin;

    /// <summary>The origin of a model of generation 0.</summary>
    public ModelOrigin? OriginOf(ModelId generation0) =>
        generation0 == Base ? Origin
        : Charters?.FirstOrDefault(c => c.Base == generation0) is { } charter ? Origin! with { Identity = charter.Identity }
        : Variants.FirstOrDefault(v => v.Base == generation0) is { } own ? OriginOf(own)
        : Origin;

    /// <summary>The first model of generation 0 that is another one in another plan of the run; null if all are the same.</summary>
    public (ModelId Own, ModelId Other)? BaseThatDiffersFrom(RunPlan other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (ModelId Own, ModelId Other)[] pairs =
        [
            (Base, other.Base),
            .. Variants.Select(v => (BaseOf(v), other.BaseOf(v.Name))),
            .. CharterBases(other),
        ];
        return pairs.Where(p => p.Own != p.Other).Select(p => ((ModelId, ModelId)?)p).FirstOrDefault();
    }

    /// <summary>The variant of a planned instance; null if no instance of this name is planned.</summary>
    public VariantPlan? PlannedVariantOf(string instance) => PlannedInstanceOf(instance)?.Variant;

    /// <summary>The variant and replicate of a planned instance; null if no instance of this name is planned.</summary>
    public (VariantPlan Variant, int Replicate)? PlannedInstanceOf(string instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var at = instance.LastIndexOf('-');
        return
            at > 0
            && int.TryParse(instance[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var replicate)
            && replicate >= 1
            && replicate <= Replicates
            && Variants.FirstOrDefault(v => v.Name == instance[..at]) is { } variant
            && NameOf(variant, replicate) == instance
            ? (variant, replicate)
            : null;
    }

    /// <summary>The name of an instance.</summary>
    public static string NameOf(VariantPlan variant, int replicate) => $"{variant.Name}-{replicate}";

    /// <summary>The initial configuration of an instance.</summary>
    public InstanceSpec Spec(VariantPlan variant, int replicate) =>
        new(
            NameOf(variant, replicate),
            variant.Name,
            replicate,
            BlockSeed(replicate),
            BlockSeed(replicate).Derive("instance", variant.SeedsOf ?? variant.Name),
            Epoch,
            Tick,
            Every,
            BaseOf(variant, replicate),
            CharterOf(variant, replicate),
            Probes,
            variant.Self,
            variant.Memory,
            variant.Reflector,
            variant.Curate,
            variant.Trainer,
            LoopVersion
        );

    /// <summary><see cref="Interventions"/>, empty for none.</summary>
    [JsonIgnore]
    public ImmutableArray<ScheduledIntervention> Scheduled => Interventions.IsDefault ? [] : Interventions;

    /// <summary>Every policy that an instance may have: those of the variants, then the scheduled ones.</summary>
    [JsonIgnore]
    public IEnumerable<ImmutableArray<Rule>> Policies => Variants.SelectMany(v => PoliciesOf(v.Name));

    /// <summary>The policies of a variant: its own, then the scheduled ones in the order of their cycles.</summary>
    public IEnumerable<ImmutableArray<Rule>> PoliciesOf(string variant) =>
        Variants
            .Where(v => v.Name == variant)
            .Select(v => v.Curate)
            .Concat(
                Scheduled
                    .Where(s => s.Treats(variant))
                    .OrderBy(s => s.Cycle)
                    .Select(s => s.Do)
                    .OfType<InterventionAction.SetPolicy>()
                    .Select(p => p.Policy)
            );

    /// <summary>The stimulus of a planned cycle; null for an internal cycle.</summary>
    /// <param name="order">The order of stimuli in the instance's block.</param>
    /// <param name="cycle">1 to <see cref="Cycles"/>.</param>
    public Stimulus? StimulusAt(string variant, ImmutableArray<int> order, int cycle)
    {
        if (ExternalAt(cycle) is not { } i)
            return null;
        var said = Scheduled.FirstOrDefault(s => s.Cycle == cycle && s.Do is InterventionAction.Say && s.Treats(variant));
        return said is { Do: InterventionAction.Say say } ? say.Stimulus : Stimuli[order[i]];
    }

    /// <summary>The scheduled changes of policy and model of an instance, in the order in which they take effect.</summary>
    public IEnumerable<ScheduledChange> ChangesOf(string variant, int replicate)
    {
        var holds = PoliciesOf(variant).Any(p => Matched.In(p) is not null || Review.In(p) is not null);
        return Scheduled
            .Where(s => s.Treats(variant))
            .OrderBy(s => s.Cycle)
            .Select(s => (s.Cycle, Input: InputOf(s.Do, variant, replicate)))
            .Where(s => s.Input is not null)
            .Select(s => new ScheduledChange(s.Cycle, s.Input!, holds && s.Input is Input.PolicyChange));
    }

    private Input? InputOf(InterventionAction action, string variant, int replicate) =>
        action switch
        {
            InterventionAction.Say => null,
            InterventionAction.SetPolicy p => new Input.PolicyChange(p.Policy),
            InterventionAction.SwapModel m => new Input.Appointment(
                m.Model ?? BaseOf(Variants.First(v => v.Name == (m.Variant ?? variant)), replicate),
                "the plan",
                "a scheduled intervention",
                Planned: true
            ),
            _ => throw new UnreachableException(),
        };

    /// <summary>The seed that all variants of a replicate share.</summary>
    public Seed BlockSeed(int replicate) => Seed.Derive("block", replicate);

    /// <summary>The order of stimuli in a block: shape (stimuli), a permutation of their indices.</summary>
    public ImmutableArray<int> OrderOf(int replicate)
    {
        var seed = BlockSeed(replicate);
        return [.. Enumerable.Range(0, Stimuli.Length).OrderBy(i => seed.Derive("order", i).Value).ThenBy(i => i)];
    }

    /// <summary>
    /// The external stimulus of a cycle, as an index into a block's order; null for an internal cycle.
    /// </summary>
    /// <param name="cycle">1 to <see cref="Cycles"/>.</param>
    public int? ExternalAt(int cycle)
    {
        if (InternalEvery == 0)
            return cycle - 1;
        var period = InternalEvery + 1;
        return cycle % period == 0 ? null : cycle - 1 - cycle / period;
    }
}

/// <summary>A named configuration in an experiment.</summary>
/// <param name="Model">Its own model; null, and not written, if it has the model of the run.</param>
/// <param name="Base">
/// The model of generation 0 that <paramref name="Model"/> gives; null, and not written, if there is none or it is not known yet.
/// </param>
/// <param name="Charter">
/// Name of its charter, if each variant has one of its own; null, and not written, if not.
/// </param>
/// <param name="SeedsOf">
/// The variant whose instances' seeds its own instances have too, so that with the same settings the two are identical until an
/// intervention; null, and not written, for seeds of its own.
/// </param>
public sealed record VariantPlan(
    string Name,
    SelfSettings Self,
    MemorySettings Memory,
    ReflectorSettings Reflector,
    ImmutableArray<Rule> Curate,
    TrainerSettings Trainer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] VariantModel? Model = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelId? Base = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Charter = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SeedsOf = null
);
