using AiMe.Faculties.Self;

namespace AiMe.Lab.Analysis.Comparison;

/// <content>Measures of the probes.</content>
public sealed partial record Measure
{
    /// <summary>Change of the bare model's answers to the identity probes.</summary>
    public static Measure BareDrift { get; } =
        new("bareDrift", "bare drift", "bits from generation 0, 0 to 1", 3, false, 0, 1, true, (instance, g, _) =>
            instance.At(g, f => f.BareDrift)
        );

    /// <summary>Change of the whole agent's answers: model, memory and self-model.</summary>
    public static Measure AgentDrift { get; } =
        new(
            "agentDrift",
            "agent drift",
            "drift of the whole agent: model, memory and self-model",
            3,
            false,
            0,
            1,
            false,
            (instance, g, _) => instance.At(g, f => f.AgentDrift)
        );

    /// <summary>Held-out cross-entropy.</summary>
    public static Measure HeldOut { get; } =
        new(
            "heldOut",
            "held-out CE",
            "cross-entropy on corpus text excluded from training, nats per token; lower is better",
            2,
            false,
            0,
            Unbounded,
            true,
            (instance, g, _) => instance.At(g, f => f.HeldOut)
        );

    /// <summary>Its rise since generation 0, as a fraction.</summary>
    public static Measure HeldOutRise { get; } =
        new("heldOutRise", "CE since gen. 0", "rise of held-out CE; lower is better", 1, true, -1, Unbounded, true, (instance, g, _) =>
            instance.At(g, f => f.HeldOutRise)
        )
        {
            IsChange = true,
        };

    /// <summary>Probability of the options that fit the charter.</summary>
    public static Measure Keyed { get; } =
        new(
            "keyed",
            "in character",
            "the bare model's probability of the option that fits the charter",
            2,
            false,
            0,
            1,
            true,
            (instance, g, _) => instance.At(g, f => f.Keyed)
        );

    /// <summary>Divergence of the next token from generation 0.</summary>
    public static Measure KlToBirth { get; } =
        OfModel("klToBirth", "KL to birth", "nats by which the next token's distribution differs from generation 0", 3, 0, Unbounded, m =>
            m.KlToBirth
        );

    /// <summary>Cross-entropy on rare tokens.</summary>
    public static Measure TailCrossEntropy { get; } =
        OfModel(
            "tailCrossEntropy",
            "tail CE",
            "cross-entropy on the rarer half of the corpus' tokens, nats per token; tails are lost first",
            2,
            0,
            Unbounded,
            m => m.TailCrossEntropy
        );

    /// <summary>Its rise since generation 0, in nats per token.</summary>
    public static Measure TailRise { get; } =
        GainOf("tailRise", "tail CE since gen. 0", "rise of cross-entropy on the rarer half of the corpus' tokens, nats per token", m =>
            m.TailCrossEntropy
        );

    /// <summary>Cross-entropy on common tokens.</summary>
    public static Measure HeadCrossEntropy { get; } =
        OfModel(
            "headCrossEntropy",
            "head CE",
            "cross-entropy on the commoner half of the corpus' tokens, nats per token; from loop version 4 on",
            2,
            0,
            Unbounded,
            m => m.HeadCrossEntropy
        );

    /// <summary>Its rise since generation 0, in nats per token.</summary>
    public static Measure HeadRise { get; } =
        GainOf("headRise", "head CE since gen. 0", "rise of cross-entropy on the commoner half of the corpus' tokens, nats per token", m =>
            m.HeadCrossEntropy
        );

    /// <summary>Mass of the ten likeliest next tokens.</summary>
    public static Measure TopTen { get; } =
        OfModel("topTen", "top-10 mass", "mass of the ten likeliest next tokens, 0 to 1", 3, 0, 1, m => m.TopTen);

    /// <summary>Inequality of the next token's distribution.</summary>
    public static Measure Gini { get; } =
        OfModel("gini", "Gini", "Gini coefficient of the next token's distribution; 1 is all mass on one token", 4, 0, 1, m => m.Gini);

    /// <summary>Cross-entropy on own samples.</summary>
    public static Measure SelfCrossEntropy { get; } =
        OfModel(
            "selfCrossEntropy",
            "self CE",
            "cross-entropy of the model on its own samples, nats per token; falling is sharpening, not quality",
            2,
            0,
            Unbounded,
            m => m.SelfCrossEntropy
        );

    /// <summary>Cross-entropy of generation 0 on the model's samples.</summary>
    public static Measure Plausibility { get; } =
        OfModel(
            "plausibility",
            "plausibility",
            "cross-entropy of generation 0 on the model's samples, nats per token; lower is more plausible",
            2,
            0,
            Unbounded,
            m => m.Plausibility
        );

    /// <summary>Cross-entropy of the model on generation 0's samples.</summary>
    public static Measure Forgetting { get; } =
        OfModel(
            "forgetting",
            "forgetting",
            "cross-entropy of the model on generation 0's samples, nats per token; higher is more forgotten",
            2,
            0,
            Unbounded,
            m => m.Forgetting
        );

    /// <summary>Movement along the charter's axis.</summary>
    public static Measure CharterAxis { get; } =
        OfModel(
            "charterAxis",
            "charter axis",
            "movement of the residual stream without the charter along the charter's axis; 1 is as far as the charter moves it",
            2,
            -Unbounded,
            Unbounded,
            m => m.CharterAxis
        );

    /// <summary>Squared error of a distribution's mean.</summary>
    public static Measure MeanError { get; } =
        OfModel(
            "meanError",
            "mean error",
            "of provider distribution: squared error of the mean, in units of the true variance",
            3,
            0,
            Unbounded,
            m => m.MeanError
        );

    /// <summary>Variance of a distribution.</summary>
    public static Measure Diversity { get; } =
        OfModel(
            "diversity",
            "diversity",
            "of provider distribution: variance in units of the true one; of categories the Gini-Simpson index over its maximum",
            3,
            0,
            Unbounded,
            m => m.Diversity
        );

    /// <summary>Distinguishability of own samples by likelihood.</summary>
    public static Measure Recognition { get; } =
        OfModel(
            "recognition",
            "recognition",
            "how well the model's likelihoods tell its samples from generation 0's: area under the curve, .5 at birth; needs "
                + "probes.recognition",
            3,
            0,
            1,
            m => m.Recognition
        );

    /// <summary>Own samples taken for what was said.</summary>
    public static Measure SaidOwn { get; } =
        OfModel("saidOwn", "said own", "share of pairs in which the model, asked, takes its own sample for what it said", 2, 0, 1, m =>
            m.SaidOwn
        );

    /// <summary>Own samples taken for the better ones.</summary>
    public static Measure Preference { get; } =
        OfModel(
            "preference",
            "preference",
            "share of pairs in which the model, asked, takes its own sample for the better one",
            2,
            0,
            1,
            m => m.Preference
        );

    /// <summary>Own samples that are likelier.</summary>
    public static Measure Likelier { get; } =
        OfModel(
            "likelier",
            "own likelier",
            "share of pairs in which the model's own sample is the likelier one under it, per token",
            2,
            0,
            1,
            m => m.Likelier
        );

    /// <summary>Agreement of the agent's answers with the charter.</summary>
    public static Measure PromptToLine { get; } =
        new(
            "promptToLine",
            "prompt to line",
            "the whole agent's probability of the option that fits the charter, 0 to 1",
            2,
            false,
            0,
            1,
            false,
            (instance, g, _) => instance.At(g, f => f.PromptToLine)
        );

    /// <summary>Agreement of answers to paraphrases.</summary>
    public static Measure LineToLine { get; } =
        new(
            "lineToLine",
            "line to line",
            "share of pairs of paraphrases to which the whole agent gives the same option",
            0,
            true,
            0,
            1,
            false,
            (instance, g, _) => instance.At(g, f => f.LineToLine)
        );

    /// <summary>Stability of the item scores over wordings.</summary>
    public static Measure Stability { get; } =
        new(
            "stability",
            "stability",
            "1 - mean difference of an item's scores between wordings, of the bare model, 0 to 1",
            2,
            false,
            0,
            1,
            true,
            (instance, g, _) => instance.At(g, f => f.Stability)
        );

    private static Measure OfModel(
        string key,
        string title,
        string meaning,
        int decimals,
        double least,
        double most,
        Func<ModelMeasures, double?> of
    ) => new(key, title, meaning, decimals, false, least, most, OfTheModelAlone: true, (instance, g, _) => Value(instance, g, of));

    private static Measure RiseOf(string key, string title, string meaning, Func<ModelMeasures, double?> of) =>
        new(key, title, meaning, 1, true, -1, Unbounded, OfTheModelAlone: true, (instance, g, _) =>
            Value(instance, g, of) / Value(instance, 0, of) - 1
        );

    // A difference of nats is the logarithm of the factor by which the tokens' probability has fallen.
    private static Measure GainOf(string key, string title, string meaning, Func<ModelMeasures, double?> of) =>
        new(key, title, meaning, 2, false, -Unbounded, Unbounded, OfTheModelAlone: true, (instance, g, _) =>
            Value(instance, g, of) - Value(instance, 0, of)
        );

    private static double Value(InstanceSummary instance, int generation, Func<ModelMeasures, double?> of) =>
        instance.At(generation, f => f.Model is { } model ? of(model) ?? double.NaN : double.NaN);
}
