namespace AiMe.Nano.Training;

/// <summary>Two answers to one prompt; the first is preferred.</summary>
/// <param name="Chosen">Prompt and preferred answer; only the answer is compared, from LossFrom on.</param>
/// <param name="Rejected">The same prompt and the other answer.</param>
public sealed record PreferencePair(TokenExample Chosen, TokenExample Rejected)
{
    internal void Validate(NanoConfig config, int index)
    {
        Chosen.Validate(config, index);
        Rejected.Validate(config, index);
        if (
            Chosen.LossFrom != Rejected.LossFrom
            || !Chosen.Tokens.AsSpan(0, Chosen.LossFrom).SequenceEqual(Rejected.Tokens.AsSpan(0, Rejected.LossFrom))
        )
            throw new ArgumentException($"pair {index}: the two answers are to different prompts");
    }
}

/// <summary>How strongly a preference is learned.</summary>
public sealed record PreferenceOptions
{
    /// <summary>
    /// How far the model may move from its reference: the smaller, the further. The margin is multiplied by it; above
    /// 0. Default 0.1.
    /// </summary>
    public double Beta { get; init; } = 0.1;

    internal void Validate()
    {
        if (!(Beta > 0) || !double.IsFinite(Beta))
            throw new ArgumentException($"Beta must be above 0; got {Beta}");
    }
}

/// <summary>How well a model distinguishes preferred answers from others, compared with its reference.</summary>
/// <param name="Loss">Mean of -ln sigma(beta margin), nats a pair; ln 2 for the reference itself.</param>
/// <param name="Accuracy">Share of the pairs with a margin above 0, [0, 1].</param>
/// <param name="Pairs">Number of pairs.</param>
public sealed record PreferenceEvaluation(double Loss, double Accuracy, int Pairs);

/// <summary>A pair with the reference's summed log-probabilities of its answers, nats.</summary>
internal sealed record Compared(PreferencePair Pair, double Chosen, double Rejected)
{
    /// <summary>Scores pairs with the reference. It is frozen, so once is enough.</summary>
    public static Compared[] By(Model reference, IReadOnlyList<PreferencePair> pairs, CancellationToken cancellationToken)
    {
        return [.. pairs.Select(Compare)];

        Compared Compare(PreferencePair pair)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Compared(pair, Sum(reference, pair.Chosen), Sum(reference, pair.Rejected));
        }
    }

    public static double Sum(Model model, TokenExample example)
    {
        double sum = 0;
        foreach (var logProbability in model.LogProbabilities(example.Tokens, example.LossFrom))
            sum += logProbability;
        return sum;
    }

    /// <summary>How much more than the reference a model prefers the chosen answer, nats.</summary>
    public double Margin(double chosen, double rejected) => chosen - Chosen - (rejected - Rejected);
}

/// <summary>
/// Direct preference optimisation: -ln sigma(beta margin). The margin is how much likelier the chosen answer has become
/// than the rejected one, compared with a frozen reference; a pair has weight 1.
/// </summary>
/// <remarks>Source: Rafailov et al. (2023), Direct preference optimization, equation 7.</remarks>
internal sealed class Preferring(double beta) : Objective<Compared>
{
    /// <summary>-ln sigma(beta margin), without overflow.</summary>
    public static double Loss(double beta, double margin)
    {
        var z = beta * margin;
        return Math.Max(-z, 0) + StrictMath.Log(1 + StrictMath.Exp(-Math.Abs(z)));
    }

    /// <summary>sigma(-beta margin), in (0, 1): how much of the pair is still to be learned.</summary>
    public static double Doubt(double beta, double margin)
    {
        var e = StrictMath.Exp(-Math.Abs(beta * margin));
        return margin > 0 ? e / (1 + e) : 1 / (1 + e);
    }

    public override int Tokens(Compared item) => item.Pair.Chosen.Tokens.Length + item.Pair.Rejected.Tokens.Length - 2;

    public override int Count(Compared item) => 1;

    public override void Run(GradientShard shard, List<Compared> items, float scale) => shard.Run(items, beta, scale);
}
