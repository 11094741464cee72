using System.Text.Json.Serialization;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Documents;

/// <summary>
/// A comparison of the variants of a run. Intervals are 95% Student intervals over instances, unless a test says otherwise.
/// </summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Digest of the run; null until the run has ended.</param>
/// <param name="Replicates">Planned instances of a variant.</param>
/// <param name="Rounds">Planned rounds of an instance.</param>
/// <param name="Generation">The compared generation.</param>
/// <param name="Reached">The last generation that can be compared.</param>
/// <param name="Baseline">The variant that the others are compared with; null if every pair is compared.</param>
/// <param name="DeclaredGeneration">The generation at which the declared tests are made; it may not be reached yet.</param>
/// <param name="Alpha">Familywise significance level.</param>
/// <param name="Question">The question in the researcher's words; null if none was declared.</param>
/// <param name="Family">
/// Primary tests declared for the whole run, shown or not; 0 at another generation than the declared one.
/// </param>
/// <param name="PlannedOnly">Whether instances with unplanned input are left out of all figures.</param>
/// <param name="Experiences">Experiences of all instances.</param>
/// <param name="Distinct2Words">Words of a round that distinct-2 is computed on.</param>
/// <param name="Confidence">Coverage of every interval, a fraction.</param>
/// <param name="Floor">Mean drift floor of the bare models at generation 0, bits.</param>
/// <param name="AgentFloor">The same for the whole agents.</param>
/// <param name="Measures">The shown measures, in order.</param>
/// <param name="Variants">In the order of the experiment file.</param>
/// <param name="Tests">The declared tests, primary ones first; none at another generation than the declared one.</param>
/// <param name="Predictions">The declared predictions, a step of each generation once for each; absent if there are none.</param>
/// <param name="Interventions">The effects of the scheduled interventions by measure; absent if none can have had one.</param>
/// <param name="Survival">The survival curves of the declared outcomes, by outcome and variant.</param>
/// <param name="Pairs">The pairs of variants by each shown measure.</param>
/// <param name="Charters">
/// The differences of declared pairs charter by charter; absent unless charters are compared, of which each counts once.
/// </param>
/// <param name="Instances">The instances of the shown variants.</param>
/// <param name="LeftOut">Optional parameters that the model's server refused.</param>
/// <param name="IndexFailures">Searches of memories that the vector store did not answer; absent if it answered all.</param>
/// <param name="Servers">What the servers of the models said of themselves; absent if they said nothing.</param>
/// <param name="Judges">The answers of the judges of the shown variants; absent without a judge.</param>
/// <param name="Battery">What the battery is worth: as a whole, then by scale; empty before the first birth.</param>
/// <param name="Twins">Self-report and behaviour by scale; empty if no open probe is a behavioural twin.</param>
/// <param name="Preregistration">The check against a pre-registration; null if none was given.</param>
/// <param name="Findings">In words, the most important first.</param>
internal sealed record CompareOutput(
    string Run,
    string? Digest,
    int Replicates,
    int Rounds,
    int Generation,
    int Reached,
    string? Baseline,
    int DeclaredGeneration,
    double Alpha,
    string? Question,
    int Family,
    bool PlannedOnly,
    int Experiences,
    int Distinct2Words,
    double Confidence,
    double? Floor,
    double? AgentFloor,
    IReadOnlyList<MeasureOutput> Measures,
    IReadOnlyList<VariantOutput> Variants,
    IReadOnlyList<TestOutput> Tests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PredictionOutput>? Predictions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TreatmentOutput>? Interventions,
    IReadOnlyList<SurvivalOutput> Survival,
    IReadOnlyList<PairOutput> Pairs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CharterContrastOutput>? Charters,
    IReadOnlyList<ComparedInstance> Instances,
    IReadOnlyList<LeftOutOutput> LeftOut,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IndexFailureOutput>? IndexFailures,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ServerOutput>? Servers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<JudgeOutput>? Judges,
    IReadOnlyList<BatteryOutput> Battery,
    IReadOnlyList<TwinOutput> Twins,
    PreregistrationCheck? Preregistration,
    IReadOnlyList<ComparisonFinding> Findings
) : OutputDocument
{
    public static CompareOutput Of(RunComparison c, PreregistrationCheck? check = null) =>
        new(
            c.Plan.Run,
            c.Digest,
            c.Plan.Replicates,
            c.Plan.Rounds,
            c.Generation,
            c.Reached,
            c.Baseline,
            c.DeclaredGeneration,
            c.Analysis.Alpha,
            c.Analysis.Question,
            c.Family,
            c.IsPlannedOnly,
            c.Experiences,
            c.WordBudget,
            Estimate.Level,
            c.Floor,
            c.AgentFloor,
            [.. c.Measures.Select(m => new MeasureOutput(m.Key, m.Title, m.Meaning))],
            [.. c.Variants.Select(v => VariantOutput.Of(c, v))],
            [.. c.Tests.Select(TestOutput.Of)],
            c.Predictions is { IsEmpty: false } predictions ? [.. predictions.Select(PredictionOutput.Of)] : null,
            c.Treatments is { IsEmpty: false } treatments ? [.. treatments.Select(TreatmentOutput.Of)] : null,
            [.. c.Survival.Select(SurvivalOutput.Of)],
            [.. c.Pairs.Where(p => c.Measures.Any(m => m.Key == p.Measure.Key)).Select(PairOutput.Of)],
            c.CharterContrasts is { IsEmpty: false } charters ? [.. charters.Select(CharterContrastOutput.Of)] : null,
            [.. c.Instances.Select(i => ComparedInstance.Of(c, i))],
            LeftOutOutput.Of(c.LeftOut),
            IndexFailureOutput.Of(c.Plan, c.IndexFailures),
            ServerOutput.Of(c.Servers),
            JudgeOutput.Of(c.Judges),
            BatteryOutput.Of(c.Battery),
            [.. c.Twins.Select(TwinOutput.Of)],
            check,
            Lab.Analysis.Comparison.Findings.Of(c)
        );
}

/// <summary>A measure.</summary>
/// <param name="Key">Its name in this document.</param>
/// <param name="Title">Its printed name.</param>
/// <param name="Meaning">Unit, range and direction.</param>
internal sealed record MeasureOutput(string Key, string Title, string Meaning);

/// <summary>A mean over instances with its interval.</summary>
/// <param name="Mean">Null if no instance has the figure.</param>
/// <param name="Low">Lower bound of the interval; null below two instances.</param>
/// <param name="High">Upper bound of the interval.</param>
/// <param name="N">Number of instances with the figure.</param>
internal sealed record EstimateOutput(double? Mean, double? Low, double? High, int N)
{
    public static EstimateOutput Of(Estimate e) => new(e.Mean, e.Low, e.High, e.N);
}

/// <summary>A measure of a variant.</summary>
/// <param name="Fixed">Whether it could not change, because it depends only on weights that did not change.</param>
/// <param name="Last">At the compared generation.</param>
/// <param name="Series">By generation, from 0 to the compared one.</param>
internal sealed record VariantMeasure(bool Fixed, [property: Flattened] EstimateOutput Last, IReadOnlyList<EstimateOutput> Series);

/// <summary>A variant, up to the compared generation.</summary>
/// <param name="Name">Its name in the experiment file.</param>
/// <param name="Weights">Whether training changed its weights.</param>
/// <param name="Planned">Planned instances.</param>
/// <param name="Censored">Instances parked before the compared generation.</param>
/// <param name="Beside">Instances with unplanned input before the compared generation.</param>
/// <param name="Unpromoted">Instances that reached the generation without a promoted training.</param>
/// <param name="Promoted">Promoted trainings.</param>
/// <param name="RolledBack">Trainings whose candidate failed the gate.</param>
/// <param name="Failed">Trainings that failed.</param>
/// <param name="Skipped">Rounds without a training.</param>
/// <param name="Causes">Causes of rollbacks, the most frequent first.</param>
/// <param name="Calls">Calls to the model and the trainer by kind.</param>
/// <param name="Signature">What it has come to say, the most typical first; exploratory.</param>
/// <param name="Refrain">The answer that one of its instances gave most often in the round; null if none gave one three times.</param>
/// <param name="Measures">The shown measures, by their keys.</param>
internal sealed record VariantOutput(
    string Name,
    Weighting Weights,
    int Planned,
    int Censored,
    int Beside,
    int Unpromoted,
    int Promoted,
    int RolledBack,
    int Failed,
    int Skipped,
    IReadOnlyList<RollbackCause> Causes,
    IReadOnlyList<CallOutput> Calls,
    IReadOnlyList<SignaturePhrase> Signature,
    Refrain? Refrain,
    IReadOnlyDictionary<string, VariantMeasure> Measures
)
{
    public static VariantOutput Of(RunComparison c, VariantSummary v) =>
        new(
            v.Name,
            v.Weights,
            v.Planned,
            v.Censored,
            c.Instances.Count(i => i.Variant == v.Name && i.IsUnplannedBy(c.Generation)),
            v.Unpromoted,
            v.Trainings.Promoted,
            v.Trainings.RolledBack,
            v.Trainings.Failed,
            v.Trainings.Skipped,
            [.. v.Trainings.Causes.Select(x => new RollbackCause(x.Cause, x.Times))],
            CallOutput.Of(v.Calls),
            [.. c.Signatures.Where(s => s.Variant == v.Name).SelectMany(s => s.Ngrams)],
            c.Signatures.FirstOrDefault(s => s.Variant == v.Name)?.Refrain,
            c.Measures.ToDictionary(
                m => m.Key,
                m => new VariantMeasure(v.IsFixed(m), EstimateOutput.Of(v.Last(m)), [.. v[m].Select(EstimateOutput.Of)]),
                StringComparer.Ordinal
            )
        );
}

/// <summary>A cause of rollbacks.</summary>
/// <param name="Cause">The exceeded bound.</param>
/// <param name="Times">Number of trainings.</param>
internal sealed record RollbackCause(string Cause, int Times);

/// <summary>A pair of variants by one measure, replicate by replicate.</summary>
/// <param name="First">A variant.</param>
/// <param name="Second">The variant that is subtracted.</param>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Difference">First minus second, over the replicates that have both.</param>
/// <param name="P">
/// Sign-flip test, in (0, 1]: the declared one, else two-sided; null without a pair, or if a side is fixed.
/// </param>
/// <param name="CorrectedP">After Holm's correction over the declared family; null if not declared.</param>
/// <param name="Declared">Whether it belongs to the family declared beforehand; otherwise it is exploratory.</param>
/// <param name="CannotReachSignificance">Whether no result with so many pairs could be significant.</param>
/// <param name="Fixed">Whether one side could not change, so that there is nothing to test.</param>
/// <param name="Claim">Whether the difference may be claimed: its declared test supports it.</param>
/// <param name="Effect">Size of the difference, without a unit; exploratory.</param>
internal sealed record PairOutput(
    string First,
    string Second,
    string Measure,
    [property: Flattened] EstimateOutput Difference,
    double? P,
    double? CorrectedP,
    bool Declared,
    bool CannotReachSignificance,
    bool Fixed,
    bool Claim,
    EffectOutput Effect
)
{
    public static PairOutput Of(PairSummary p)
    {
        var effect = p.Effect;
        return new(
            p.First,
            p.Second,
            p.Measure.Key,
            EstimateOutput.Of(p.Difference),
            p.P,
            p.CorrectedP,
            p.Declared,
            p.CannotReach,
            p.IsFixed,
            p.IsClaim,
            new(effect.G.Mean, effect.G.Low, effect.G.High, effect.Superiority, effect.RankBiserial)
        );
    }
}

/// <summary>Size of a paired difference.</summary>
/// <param name="G">Hedges' g_z; null below three pairs or without variance.</param>
/// <param name="Low">Lower bound of its interval.</param>
/// <param name="High">Upper bound of its interval.</param>
/// <param name="Superiority">Share of replicates in which the first is higher, ties counted half, in [0, 1].</param>
/// <param name="RankBiserial">Matched-pairs rank-biserial correlation, in [-1, 1].</param>
internal sealed record EffectOutput(double? G, double? Low, double? High, double? Superiority, double? RankBiserial);

/// <summary>An instance in a comparison.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Replicate">From 1.</param>
/// <param name="Charter">Name of its charter; absent if the run has one charter.</param>
/// <param name="Status">Living until its plan is complete.</param>
/// <param name="Censored">Whether it ended early: data of later generations are missing.</param>
/// <param name="Reached">The last generation reached; -1 before generation 0.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Beside">Experiences from unplanned input.</param>
/// <param name="Counted">Whether its figures count; false if it is left out as unplanned.</param>
/// <param name="Floor">Drift floor of the bare model at generation 0, bits.</param>
/// <param name="AgentFloor">The same for the whole agent.</param>
/// <param name="Generations">From 0 to the last reached.</param>
/// <param name="Trainings">In order of rounds.</param>
internal sealed record ComparedInstance(
    string Instance,
    string Variant,
    int Replicate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Charter,
    InstanceState Status,
    bool Censored,
    int Reached,
    int Experiences,
    int Beside,
    bool Counted,
    double? Floor,
    double? AgentFloor,
    IReadOnlyList<ComparedGeneration> Generations,
    IReadOnlyList<ComparedTraining> Trainings
)
{
    public static ComparedInstance Of(RunComparison c, InstanceSummary i) =>
        new(
            i.Instance,
            i.Variant,
            i.Replicate,
            c.Plan.HasCharters ? i.Charter : null,
            i.Status,
            i.IsCensored,
            i.Reached,
            i.Experiences,
            i.Unplanned,
            c.Counted.Contains(i),
            i.Floor,
            i.AgentFloor,
            [.. i.Generations.Select(g => ComparedGeneration.Of(i, g, c.WordBudget))],
            [.. i.Trainings.Select(t => new ComparedTraining(t.Round, ComparedTraining.Word(t.Outcome), t.Reasons))]
        );
}

/// <summary>The figures of an instance at a generation.</summary>
/// <param name="Generation">From 0.</param>
/// <param name="Figures">Every measure by its key, of this generation and of the round before it.</param>
/// <param name="Traits">Probability of the option that fits the charter, by trait or value, in [0, 1].</param>
/// <param name="Twins">Self-report and behaviour of the agent, by scale; empty if no open probe is a behavioural twin.</param>
internal sealed record ComparedGeneration(
    int Generation,
    [property: Flattened] MeasureFigures Figures,
    IReadOnlyDictionary<string, double?> Traits,
    IReadOnlyDictionary<string, TwinScoreOutput> Twins
)
{
    public static ComparedGeneration Of(InstanceSummary instance, GenerationFigures figures, int budget) =>
        new(
            figures.Generation,
            MeasureFigures.Of(instance, figures.Generation, budget),
            figures.Traits.ToDictionary(t => t.Key, t => (double?)t.Value, StringComparer.Ordinal),
            figures.Twins.ToDictionary(t => t.Key, t => TwinScoreOutput.Of(t.Value), StringComparer.Ordinal)
        );
}

/// <summary>A training of an instance.</summary>
/// <param name="Round">From 1.</param>
/// <param name="Outcome"><c>promoted</c>, <c>rolled-back</c>, <c>failed</c> or <c>skipped</c>.</param>
/// <param name="Reasons">With figures, as recorded in the journal.</param>
internal sealed record ComparedTraining(int Round, string Outcome, IReadOnlyList<string> Reasons)
{
    public static string Word(RoundOutcome outcome) =>
        outcome switch
        {
            RoundOutcome.Promoted => "promoted",
            RoundOutcome.RolledBack => "rolled-back",
            RoundOutcome.Failed => "failed",
            _ => "skipped",
        };
}
