namespace AiMe.Nano.Training;

/// <summary>How the learning rate falls from its peak to its floor after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,

    /// <summary>Constant at the peak.</summary>
    Constant,
}

/// <summary>How to train. The defaults suit the first training of <see cref="NanoConfig.Tiny"/>.</summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Epochs: passes over the examples, each in a new order; at least 1. Default 1. Not used if a fixed length is set,
    /// that is one of <see cref="Steps"/>, <see cref="Examples"/> and <see cref="Tokens"/>.
    /// </summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Steps in all, starting further epochs or cutting one short; null (default) for another length.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// Example passes in all (a pair is an example): whole epochs, and the first examples of one more; null (default)
    /// for another length.
    /// </summary>
    public long? Examples { get; init; }

    /// <summary>
    /// Examples are taken until their input tokens reach this number, starting further epochs or cutting one short; the
    /// last example is trained on whole. Counted as <see cref="TrainingResult.Tokens"/>. Null (default) for another
    /// length.
    /// </summary>
    public long? Tokens { get; init; }

    /// <summary>
    /// A batch takes whole sequences until it holds this many tokens; at least one sequence. Default 2048.
    /// </summary>
    public int TokensPerBatch { get; init; } = 2048;

    /// <summary>Peak learning rate, above 0. Default 0.004.</summary>
    public double LearningRate { get; init; } = 0.004;

    /// <summary>The floor as a share of the peak, in [0, 1]. Default 0.1.</summary>
    public double FloorShare { get; init; } = 0.1;

    /// <summary>Share of the steps in which the rate climbs linearly from near 0, in [0, 1]. Default 0.05.</summary>
    public double WarmUpShare { get; init; } = 0.05;

    /// <summary>What follows the warm-up. Default cosine.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>AdamW's decay of the mean gradient, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the mean square, in [0, 1). Default 0.98.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Added to the root of the mean square, above 0. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled decay of matrices and embeddings, not of norms; at least 0. Default 0.05.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>
    /// A gradient with a larger norm over all parameters is scaled down to it; above 0, infinity for never. Default 1.
    /// </summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Determines the order of the examples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads, at least 1 (default). The result's bits do not depend on it.</summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        var lengths = (Steps is null ? 0 : 1) + (Examples is null ? 0 : 1) + (Tokens is null ? 0 : 1);
        Require(lengths <= 1, "At most one of Steps, Examples and Tokens can be set", lengths);
        Require(lengths == 1 || Epochs >= 1, "Epochs must be at least 1", Epochs);
        Require(Steps is null or >= 1, "Steps must be at least 1", Steps ?? 0);
        Require(Examples is null or >= 1, "Examples must be at least 1", Examples ?? 0);
        Require(Tokens is null or >= 1, "Tokens must be at least 1", Tokens ?? 0);
        Require(TokensPerBatch >= 1, "TokensPerBatch must be at least 1", TokensPerBatch);
        Require(LearningRate > 0 && double.IsFinite(LearningRate), "LearningRate must be above 0", LearningRate);
        Require(FloorShare is >= 0 and <= 1, "FloorShare must be in [0, 1]", FloorShare);
        Require(WarmUpShare is >= 0 and <= 1, "WarmUpShare must be in [0, 1]", WarmUpShare);
        Require(Beta1 is >= 0 and < 1, "Beta1 must be in [0, 1)", Beta1);
        Require(Beta2 is >= 0 and < 1, "Beta2 must be in [0, 1)", Beta2);
        Require(Epsilon > 0, "Epsilon must be above 0", Epsilon);
        Require(WeightDecay >= 0, "WeightDecay must be at least 0", WeightDecay);
        Require(ClipNorm > 0, "ClipNorm must be above 0", ClipNorm);
        Require(Threads >= 1, "Threads must be at least 1", Threads);
    }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">In [0, steps).</param>
    /// <param name="steps">Steps in all.</param>
    internal double RateAt(int step, int steps)
    {
        var warmUp = (int)Math.Ceiling(WarmUpShare * steps);
        if (step < warmUp)
            return LearningRate * (step + 1) / warmUp;
        var progress = steps - warmUp <= 1 ? 0 : (double)(step - warmUp) / (steps - warmUp - 1);
        var height = Schedule switch
        {
            LearningRateSchedule.Cosine => (1 + StrictMath.Cos(3.141592653589793 * progress)) / 2,
            LearningRateSchedule.Linear => 1 - progress,
            LearningRateSchedule.Constant => 1,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return LearningRate * (FloorShare + (1 - FloorShare) * height);
    }

    private static void Require(bool holds, string rule, double value)
    {
        if (!holds)
            throw new ArgumentException($"{rule}; got {value}");
    }
}
