using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Lora;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>
/// What a run will take, as far as that can be known before it. A range is a guess at a factor either way, not an interval
/// of confidence.
/// </summary>
/// <param name="From">What the time is guessed from, in words.</param>
/// <param name="Seconds">Of the lives; the base model's first training is not in it.</param>
/// <param name="BaseSeconds">Of the base model's training, where the store has none of this preset; else 0.</param>
/// <param name="JournalBytes">Of journal.db.</param>
/// <param name="BlobBytes">Checkpoints and training sets.</param>
public sealed record Forecast(Workload Work, string From, Bounds Seconds, Bounds BaseSeconds, Bounds JournalBytes, Bounds BlobBytes)
{
    // Between runs in one store: what differs is what the rules keep and how long the answers are.
    private const double AfterRun = 1.5;

    // From arithmetic alone: neither the journal's disk, nor other work on the machine, nor the memory's shared bandwidth was measured.
    private const double AfterMeasurement = 2.5;

    private const double OfBytes = 1.5;

    // Measured on the quickstart: bytes of journal.db an experience, an insight, an answer to a probe, and a life, indices
    // and snapshots included.
    private const double Experience = 6_500,
        Insight = 1_800,
        ProbeAnswer = 96,
        Instance = 49_000;

    // Measured on the shipped corpus: 74 tokens a record with the vocabulary of tiny, 68 with the others'.
    private const double TokensOfRecord = 74;

    private const double BytesOfExample = 311,
        BytesOfWeight = 4.02;

    /// <summary>Guesses.</summary>
    /// <param name="experiment">Of the embedded model.</param>
    /// <param name="costs">Of the experiment's preset on this machine.</param>
    /// <param name="earlier">A run with the same preset, which then sets the scale.</param>
    /// <param name="threads">For model work.</param>
    /// <param name="hasBase">Whether the store has a base model of this preset.</param>
    public static Forecast Of(Experiment experiment, UnitCosts costs, EarlierRun? earlier, int threads, bool hasBase)
    {
        var plan = experiment.Plan(default, origin: null);
        var work = Workload.Of(plan);
        var model = (NanoModel)experiment.Model;
        var instances = plan.Replicates * plan.Variants.Length;
        var alone = costs.Of(work) / Math.Min(threads, instances);
        var scale = earlier is null
            ? 1
            : earlier.Took.TotalSeconds
                / (costs.Of(Workload.Of(earlier.Plan)) / Math.Min(threads, earlier.Plan.Replicates * earlier.Plan.Variants.Length));
        var training = hasBase ? 0 : model.Records * TokensOfRecord * NanoRecipe.EpochsOf(model.Preset) * costs.Trained / threads;
        double cycles = plan.Cycles,
            asks = 2.0 * plan.Probes.Choices.Sum(p => p.Asks.Length) + plan.Probes.Open.Length;
        var journal = instances * (cycles * Experience + (plan.Rounds + 1) * asks * ProbeAnswer + Instance) + work.Insights * Insight;
        var shape = NanoConfig.Preset(model.Preset);
        var candidates = plan
            .Variants.Where(v => v.Trainer.Train)
            .Sum(v => plan.Replicates * plan.Rounds * (double)ParametersOf(v.Trainer.Method, shape));
        var blobs =
            (shape.Parameters + candidates) * BytesOfWeight
            + plan.Variants.Where(v => v.Trainer.Train)
                .Sum(v => plan.Replicates * plan.Rounds * plan.Every / (1 - v.Trainer.Anchor) * BytesOfExample);
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

    // What a candidate's checkpoint holds.
    private static int ParametersOf(TrainingMethod? method, NanoConfig shape) =>
        method switch
        {
            null => shape.Parameters,
            TrainingMethod.Lora l => new AdapterOptions { Rank = l.Rank }.ParametersOf(shape),
            TrainingMethod.Dpo d => new AdapterOptions { Rank = d.Rank }.ParametersOf(shape),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}

/// <summary>From so much to so much.</summary>
public readonly record struct Bounds(double Low, double High)
{
    /// <summary>A factor either way.</summary>
    public static Bounds About(double value, double factor) => new(value / factor, value * factor);
}
