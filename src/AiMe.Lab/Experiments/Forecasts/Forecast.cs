using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Lora;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>
/// An estimate of the resources of a run. A range is the estimate times or divided by a factor, not a confidence
/// interval.
/// </summary>
/// <param name="From">What the time is estimated from, in words.</param>
/// <param name="Seconds">Time of the run, without the base model's first training.</param>
/// <param name="BaseSeconds">Time of the base model's training; 0 if the store has this base model.</param>
/// <param name="JournalBytes">Size of journal.db.</param>
/// <param name="BlobBytes">Size of checkpoints and training sets.</param>
public sealed record Forecast(Workload Work, string From, Bounds Seconds, Bounds BaseSeconds, Bounds JournalBytes, Bounds BlobBytes)
{
    // Between runs in one store: they differ in what the rules keep and in the length of answers.
    private const double AfterRun = 1.5;

    // From arithmetic alone: the journal's disk, other load on the machine and shared memory bandwidth are not
    // measured.
    private const double AfterMeasurement = 2.5;

    private const double OfBytes = 1.5;

    // Measured on quickstart-0.1: bytes of journal.db for an experience, an insight, a probe answer and an instance,
    // with indices and snapshots.
    private const double Experience = 6_500,
        Insight = 1_800,
        ProbeAnswer = 96,
        Instance = 49_000;

    // Measured on the shipped corpus: 74 tokens a record with the vocabulary of tiny, 68 with the others'.
    private const double TokensOfRecord = 74;

    private const double BytesOfExample = 311,
        BytesOfWeight = 4.02;

    /// <summary>Time of the run, with the base model's first training.</summary>
    public Bounds SecondsInAll => new(Seconds.Low + BaseSeconds.Low, Seconds.High + BaseSeconds.High);

    /// <summary>Estimates a run.</summary>
    /// <param name="experiment">An experiment with the embedded model.</param>
    /// <param name="costs">Costs of the experiment's preset on this machine.</param>
    /// <param name="earlier">A run with the same preset, which then sets the scale; or null.</param>
    /// <param name="threads">Threads for model work.</param>
    /// <param name="hasBase">Whether the store has the experiment's base model.</param>
    public static Forecast Of(Experiment experiment, UnitCosts costs, EarlierRun? earlier, int threads, bool hasBase) =>
        Of(experiment, _ => costs, earlier, threads, (_, _) => hasBase, _ => hasBase);

    /// <summary>Estimates a run whose variants may have models of their own.</summary>
    /// <param name="costsOf">Costs of a preset on this machine.</param>
    /// <param name="earlier">A run of the experiment's one preset, which then sets the scale; or null.</param>
    /// <param name="hasBase">Whether the store has a base model of the experiment with one charter alone.</param>
    /// <param name="hasIdentity">Whether the store has what the identity makes of it.</param>
    public static Forecast Of(
        Experiment experiment,
        Func<string, UnitCosts> costsOf,
        EarlierRun? earlier,
        int threads,
        Func<Experiment, NanoModel, bool> hasBase,
        Func<Experiment, bool> hasIdentity
    )
    {
        var plan = experiment.Plan(default, origin: null);
        var work = Workload.Of(plan);
        var (models, instances) = (experiment.Models.Cast<NanoModel>().ToArray(), InstancesOf(plan));
        var costs = models.DistinctBy(m => m.Preset).ToDictionary(m => m.Preset, m => CostsOf(m, costsOf), StringComparer.Ordinal);
        // Each preset has its variants' part of the work.
        var alone =
            plan.Variants.GroupBy(v => Size(experiment, v))
                .Sum(g => costs[g.Key].Of(g.Count() == plan.Variants.Length ? work : Workload.Of(plan with { Variants = [.. g] })))
            / Math.Min(threads, instances);
        var scale = earlier is null
            ? 1
            : earlier.Took.TotalSeconds
                / (costs[models[0].Preset].Of(Workload.Of(earlier.Plan)) / Math.Min(threads, InstancesOf(earlier.Plan)));
        // Every charter has a base model, and an identity, of its own; its instances share them.
        var training = experiment.ByCharter.Sum(one =>
            models.Where(m => !hasBase(one, m)).Sum(m => Passes(m) * TokensOfRecord * costs[m.Preset].Trained / threads)
            + (
                one.Identity is { } identity && !hasIdentity(one)
                    ? models.Sum(m => Passes(identity) * TokensOfRecord * costs[m.Preset].Trained / threads)
                    : 0
            )
        );
        double cycles = plan.Cycles,
            asks = 2.0 * plan.Probes.Choices.Sum(p => p.Asks.Length) + plan.Probes.Open.Length;
        var journal = instances * (cycles * Experience + (plan.Rounds + 1) * asks * ProbeAnswer + Instance) + work.Insights * Insight;
        var trained = plan.Variants.Where(v => v.Trainer.Train).ToArray();
        var candidates = trained.Sum(v =>
            (double)plan.Replicates * plan.Rounds * ParametersOf(v.Trainer.Method, ((NanoModel)experiment.ModelOf(v)).Shape)
        );
        var blobs =
            (
                Math.Max(1, experiment.Charters.Length) * models.Where(m => m.Checkpoint is null).Sum(m => (double)m.Shape.Parameters)
                + candidates
            ) * BytesOfWeight
            + trained.Sum(v => plan.Replicates * plan.Rounds * v.Trainer.SetOf(plan.Every) * BytesOfExample);
        return new(
            work,
            earlier is null
                ? $"a measurement of {(threads == 1 ? "one thread" : "one thread, for " + threads)} just now"
                : $"the run {earlier.Plan.Run} in this store, which took {earlier.Took.TotalSeconds:0} s",
            Bounds.About(alone * scale, earlier is null ? AfterMeasurement : AfterRun),
            Bounds.About(training, AfterMeasurement),
            Bounds.About(journal, OfBytes),
            Bounds.About(blobs, OfBytes)
        );
    }

    // A checkpoint is not measured, which would take as long as a part of the run: time grows with the parameters.
    private static UnitCosts CostsOf(NanoModel model, Func<string, UnitCosts> costsOf)
    {
        if (model.Checkpoint is null)
            return costsOf(model.Preset);
        const string Measured = "base";
        var larger = (double)model.Shape.Parameters / NanoConfig.Preset(Measured).Parameters;
        var of = costsOf(Measured);
        return new(of.Prompt * larger, of.Token * larger, of.Scoring * larger, of.Trained * larger);
    }

    private static string Size(Experiment experiment, VariantPlan variant) => ((NanoModel)experiment.ModelOf(variant)).Preset;

    private static double Passes(NanoModel model) => (double)model.Records * (model.Epochs ?? NanoRecipe.EpochsOf(model.Preset));

    // Exchanges and anchors, over all epochs; a fixed length in steps or tokens is taken for one pass.
    private static double Passes(IdentityTuning identity) =>
        identity.Budget is { Unit: BudgetUnit.Examples } budget
            ? budget.Amount
            : identity.Exchanges / (1 - identity.Anchor) * Math.Max(1, identity.Epochs);

    private static double InstancesOf(RunPlan plan) => (double)plan.Replicates * plan.Variants.Length;

    // The parameters in a candidate's checkpoint.
    private static int ParametersOf(TrainingMethod? method, NanoConfig shape) =>
        method switch
        {
            null => shape.Parameters,
            TrainingMethod.Lora l => new AdapterOptions { Rank = l.Rank }.ParametersOf(shape),
            TrainingMethod.Dpo d => new AdapterOptions { Rank = d.Rank }.ParametersOf(shape),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>A range.</summary>
public readonly record struct Bounds(double Low, double High)
{
    /// <summary>The range from value / factor to value * factor.</summary>
    public static Bounds About(double value, double factor) => new(value / factor, value * factor);
}
