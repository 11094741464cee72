using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Batteries;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Comparison of the variants of a run, with every planned instance, including parked ones.</summary>
/// <param name="Digest">Run digest, or null until the run has ended.</param>
/// <param name="Generation">
/// The compared generation: the declared one, or the last that every instance reached which is not parked; if all are
/// parked, the last that any reached.
/// </param>
/// <param name="WordBudget">
/// Number of words of a round for distinct-2: the minimum over all complete rounds of the run that have a word; 0 without
/// one.
/// </param>
/// <param name="Floor">Mean drift floor at generation 0 of the bare model, bits.</param>
/// <param name="AgentFloor">The same for the whole agent.</param>
/// <param name="Variants">In the order of the experiment file.</param>
/// <param name="Pairs">Every pair of variants by every measure.</param>
public sealed record RunComparison(
    RunPlan Plan,
    string? Digest,
    int Generation,
    int WordBudget,
    double Floor,
    double AgentFloor,
    ImmutableArray<VariantSummary> Variants,
    ImmutableArray<PairSummary> Pairs,
    ImmutableArray<InstanceSummary> Instances
)
{
    /// <summary>The last comparable generation; <see cref="Generation"/> unless an earlier one was declared or selected.</summary>
    public int Reached { get; init; } = Generation;

    /// <summary>What was declared before the run, or the default where nothing was.</summary>
    public required AnalysisPlan Analysis { get; init; }

    /// <summary>The generation at which the declared tests are made; it may not be reached yet.</summary>
    public int DeclaredGeneration { get; init; } = Generation;

    /// <summary>The declared tests, primary ones first; none at another generation than the declared one.</summary>
    public ImmutableArray<DeclaredTest> Tests { get; init; } = [];

    /// <summary>The declared predictions of the shown variants, at their own generations whichever is compared.</summary>
    public ImmutableArray<PredictionResult> Predictions =>
        [.. AllPredictions.Where(p => p.Declared.Of.Involved.All(v => Variants.Any(shown => shown.Name == v)))];

    /// <summary>All declared predictions, of shown variants and others.</summary>
    public ImmutableArray<PredictionResult> AllPredictions => WholePredictions?.Value ?? PredictionResult.All(this);

    // Of the comparison that this one shows a part of: hidden instances count.
    private Lazy<ImmutableArray<PredictionResult>>? WholePredictions { get; init; }

    /// <summary>
    /// What a finished run says of all its primary predictions, shown or not; null before its end, when looking would be a
    /// choice of when to stop.
    /// </summary>
    public PredictionVerdict? Verdict => Digest is null ? null : PredictionResult.Together(AllPredictions);

    /// <summary>The survival curves of the declared outcomes, by outcome and variant.</summary>
    public ImmutableArray<SurvivalCurve> Survival { get; init; } = [];

    /// <summary>What each shown variant has come to say; none before generation 2.</summary>
    public IEnumerable<Signature> Signatures => Variants.SelectMany(v => AllSignatures.Value.Where(s => s.Variant == v.Name));

    // Counted when they are first asked for, over all variants, whatever is shown.
    internal Lazy<ImmutableArray<Signature>> AllSignatures { get; init; } = new([]);

    /// <summary>
    /// What the battery is worth, by the answers of the first instance at birth: those with one model of generation 0 share them.
    /// Null before the first birth.
    /// </summary>
    public BatteryReport? Battery => Batteries.FirstOrDefault().Battery;

    /// <summary>
    /// The same for each model of generation 0, with the first variant that has it; if charters share the replicates, for
    /// that of the first.
    /// </summary>
    public IEnumerable<(string Variant, BatteryReport Battery)> Batteries =>
        Instances
            .Where(i => i.Battery is not null)
            .DistinctBy(i => Plan.BaseOf(i.Variant, replicate: 1))
            .Select(i => (i.Variant, i.Battery!));

    /// <summary>Self-report and behaviour by scale over the instances that reached the generation; empty without twins.</summary>
    public ImmutableArray<TwinReport> Twins =>
        TwinReport.Of(Counted.Where(i => i.Reached >= Generation).Select(i => i.Generations[Generation].Twins));

    /// <summary>The shown differences charter by charter; empty unless charters are compared.</summary>
    public ImmutableArray<CharterContrast> CharterContrasts => s_contrasts.GetValue(this, c => new(() => CharterContrast.All(c))).Value;

    /// <summary>Whether instances with unplanned input are left out of all figures.</summary>
    public bool IsPlannedOnly { get; init; }

    /// <summary>The instances whose figures count.</summary>
    public IEnumerable<InstanceSummary> Counted => Instances.Where(i => !IsPlannedOnly || !i.IsUnplannedBy(Generation));

    /// <summary>
    /// Number of primary tests declared for the whole run, shown or not; 0 at a generation selected afterwards.
    /// </summary>
    public int Family { get; init; }

    /// <summary>Optional parameters that the model's server refused.</summary>
    public ImmutableArray<ParameterLeftOut> LeftOut { get; init; } = [];

    /// <summary>Searches of memories that the vector store did not answer.</summary>
    public ImmutableArray<IndexFailed> IndexFailures { get; init; } = [];

    /// <summary>What the servers of the models said of themselves, oldest first.</summary>
    public ImmutableArray<ServerIdentified> Servers { get; init; } = [];

    /// <summary>The answers of the judges of the shown variants, by judge.</summary>
    public ImmutableArray<JudgeTally> Judges => JudgeTally.Sum(Instances.SelectMany(i => i.Judges));

    /// <summary>The variant that the others are compared with, or null for every pair.</summary>
    public string? Baseline { get; init; }

    /// <summary>The measures to show, in order.</summary>
    public ImmutableArray<Measure> Measures { get; init; } = Measure.All;

    /// <summary>Whether measures were selected.</summary>
    public bool ChoosesMeasures => Measures.Length < Measure.All.Length || !Measures.SequenceEqual(Measure.All);

    /// <summary>Measures for the comparison with the baseline: those selected, else those of the tables.</summary>
    public ImmutableArray<Measure> BaselineMeasures =>
        ChoosesMeasures
            ? Measures
            :
            [
                Measure.BareDrift,
                Measure.AgentDrift,
                Measure.HeldOutRise,
                Measure.Novelty,
                Measure.Coherence,
                Measure.Distinct2,
                Measure.SelfReference,
                Measure.Acceptance,
            ];

    /// <summary>The effects of the scheduled interventions in the shown variants.</summary>
    public ImmutableArray<TreatmentEffect> Treatments =>
        s_effects.GetValue(this, c => new(() => TreatmentEffect.All(c, c.BaselineMeasures))).Value;

    // Computed once for each comparison, when they are first asked for, so that findings, tables and charts show the same objects. They
    // are no fields: a copy of the comparison with other variants or measures has others.
    private static readonly ConditionalWeakTable<RunComparison, Lazy<ImmutableArray<TreatmentEffect>>> s_effects = [];
    private static readonly ConditionalWeakTable<RunComparison, Lazy<ImmutableArray<CharterContrast>>> s_contrasts = [];

    /// <summary>Number of replicates below which a report warns.</summary>
    public const int FewReplicates = 5;

    /// <summary>Number of experiences of all instances, without input after the end of the plan.</summary>
    public int Experiences =>
        Instances.Sum(l => l.Experiences - l.Deeds.Count(d => d.Kind == InterventionKind.Spoke && d.After >= Plan.Rounds));

    /// <summary>The pairs whose difference has a declared test.</summary>
    public IEnumerable<PairSummary> Declared => Pairs.Where(p => p.Declared);

    /// <summary>The pair of two variants by a measure, in the order of the file.</summary>
    public PairSummary Pair(string first, string second, Measure measure) =>
        Pairs.Single(p => p.First == first && p.Second == second && p.Measure.Key == measure.Key);

    /// <summary>A variant minus the baseline; null for the baseline itself.</summary>
    public PairSummary? Against(string variant, Measure measure) =>
        Pairs.FirstOrDefault(p => p.First == variant && p.Second == Baseline && p.Measure.Key == measure.Key);

    /// <summary>The same run compared at another generation. Nothing is declared at an earlier one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0 or beyond <see cref="Reached"/>.</exception>
    public RunComparison At(int generation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(generation, Reached);
        return ComparisonBuilder.At(Plan, Digest, Instances, generation, IsPlannedOnly) with
        {
            LeftOut = LeftOut,
            IndexFailures = IndexFailures,
        };
    }

    /// <summary>The same comparison without the instances that received unplanned input before its generation.</summary>
    public RunComparison PlannedOnly() =>
        ComparisonBuilder.At(Plan, Digest, Instances, Generation, plannedOnly: true) with
        {
            LeftOut = LeftOut,
            IndexFailures = IndexFailures,
        };

    /// <summary>
    /// The selected part: variants with their instances and pairs, and measures. Figures and p values are unchanged.
    /// </summary>
    public RunComparison Select(Selection selection)
    {
        ImmutableArray<VariantSummary> shown = [.. selection.Ordered(Variants.Where(selection.Admits))];
        var names = shown.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Variants = shown,
            Instances = [.. Instances.Where(l => names.Contains(l.Variant))],
            Pairs =
            [
                .. Pairs
                    .Where(p =>
                        names.Contains(p.First)
                        && names.Contains(p.Second)
                        && (selection.Baseline is null || p.First == selection.Baseline || p.Second == selection.Baseline)
                    )
                    .Select(p => p.First == selection.Baseline ? p.Reversed : p),
            ],
            Tests =
            [
                .. Tests.Where(t =>
                    t.Variants.All(names.Contains) && (selection.Baseline is null || t.Variants.Contains(selection.Baseline))
                ),
            ],
            Survival = [.. Survival.Where(c => names.Contains(c.Variant))],
            WholePredictions = WholePredictions ?? new(() => PredictionResult.All(this)),
            Baseline = selection.Baseline,
            Measures = selection.Measures.IsEmpty ? Measures : selection.Measures,
        };
    }

    /// <summary>Compares the variants of a recorded run.</summary>
    public static RunComparison Of(RunRecord record) =>
        Of(record.Run, [.. record.Instances.AsParallel().AsOrdered().Select(i => InstanceSummary.Of(record.Plan, i))]);

    /// <summary>Compares the variants of a run.</summary>
    /// <param name="run">A run that has started.</param>
    /// <param name="instances">Every planned instance, in any order.</param>
    /// <exception cref="ArgumentException">The run has no plan, or a planned instance is missing.</exception>
    public static RunComparison Of(SupervisorState run, IReadOnlyCollection<InstanceSummary> instances)
    {
        var plan = run.Plan ?? throw new ArgumentException("The run has not started: there is nothing to compare.");
        ImmutableArray<InstanceSummary> ordered =
        [
            .. plan
                .Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate))
                .Select(name =>
                    instances.FirstOrDefault(l => l.Instance == name)
                    ?? throw new ArgumentException($"The planned instance {name} is missing: a comparison needs all of them.")
                ),
        ];

        return ComparisonBuilder.At(plan, run.Digest, ordered, ComparisonBuilder.Generation(plan, ordered), plannedOnly: false) with
        {
            LeftOut = run.LeftOut,
            Servers = run.Servers,
            IndexFailures = run.IndexFailures,
        };
    }
}
