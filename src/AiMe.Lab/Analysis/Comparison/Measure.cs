using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A figure for the comparison of variants.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Title">Its printed name.</param>
/// <param name="Meaning">Unit, range and direction, in a few words.</param>
/// <param name="Decimals">Printed decimals; JSON has full precision.</param>
/// <param name="Least">Minimum of the measure and of its interval.</param>
/// <param name="Most">Maximum of the measure and of its interval.</param>
/// <param name="OfTheModelAlone">Whether it depends only on the weights: without training it cannot change.</param>
/// <param name="Of">Its value for an instance at a generation (of the round before it), given the word budget.</param>
public sealed record Measure(
    string Key,
    string Title,
    string Meaning,
    int Decimals,
    bool Percent,
    double Least,
    double Most,
    bool OfTheModelAlone,
    Func<InstanceSummary, int, int, double> Of
)
{
    private const int MostDecimals = 6;
    private const int MostPercentDecimals = 2;
    private const double RoundingNoise = 1e-9;
    private const double Unbounded = double.PositiveInfinity;

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
        );

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

    /// <summary>Share of experiences kept.</summary>
    public static Measure Acceptance { get; } =
        OfRound("acceptance", "kept", "share of experiences kept for training", 0, true, 0, 1, (r, _) => r.Acceptance);

    /// <summary>Distance of outputs to earlier ones.</summary>
    public static Measure Novelty { get; } =
        OfRound("novelty", "novelty", "1 - cosine to the nearest earlier answer (noise is novel too)", 2, false, 0, 2, (r, _) => r.Novelty);

    /// <summary>Similarity of neighbouring sentences.</summary>
    public static Measure Coherence { get; } =
        OfRound(
            "coherence",
            "coherence",
            "cosine of neighbouring sentences minus that of all (3 sentences or more)",
            2,
            false,
            -2,
            2,
            (r, _) => r.Coherence
        );

    /// <summary>Diversity of wording within the comparison's word budget.</summary>
    public static Measure Distinct2 { get; } =
        OfRound("distinct2", "distinct-2", "distinct / all word pairs", 2, false, 0, 1, (r, budget) => r.Distinct2(budget));

    /// <summary>First-person statements.</summary>
    public static Measure SelfReference { get; } =
        OfRound("selfReference", "self-ref", "statements about itself per 100 words", 1, false, 0, 100, (r, _) => r.SelfReference);

    /// <summary>Fit with the charter.</summary>
    public static Measure Alignment { get; } =
        OfRound("alignment", "alignment", "fit with the charter, 0 to 1; .5 is typical of generation 0", 2, false, 0, 1, (r, _) =>
            r.Alignment
        );

    /// <summary>Fluency.</summary>
    public static Measure Quality { get; } =
        OfRound("quality", "quality", "fluency, 0 to 1; .5 is typical of generation 0", 2, false, 0, 1, (r, _) => r.Quality);

    /// <summary>Repetition within an answer.</summary>
    public static Measure Repeats { get; } =
        OfRound("repeats", "repeats", "share of 4-word sequences repeated within an answer", 1, true, 0, 1, (r, _) => r.Repeats);

    /// <summary>Checkable problems solved.</summary>
    public static Measure Correctness { get; } =
        OfRound("correctness", "correct", "share of the round's checkable problems solved", 0, true, 0, 1, (r, _) => r.Correctness);

    /// <summary>Answers without a word.</summary>
    public static Measure Empty { get; } =
        OfRound("empty", "empty", "share of answers without a word", 0, true, 0, 1, (r, _) => r.Forms.Empty);

    /// <summary>Answers that were given before.</summary>
    public static Measure Repeated { get; } =
        OfRound(
            "repeated",
            "repeated",
            "share of answers whose words are those of an earlier answer of the instance",
            0,
            true,
            0,
            1,
            (r, _) => r.Forms.Repeated
        );

    /// <summary>Answers that recite what was recalled.</summary>
    public static Measure Recited { get; } =
        OfRound(
            "recited",
            "recited",
            "share of answers of which half the 4-word sequences or more stand in the recalled memories",
            0,
            true,
            0,
            1,
            (r, _) => r.Forms.Recited
        );

    /// <summary>Length of answers.</summary>
    public static Measure Length { get; } =
        OfRound("length", "length", "words of an answer, mean", 1, false, 0, Unbounded, (r, _) => r.Forms.Length);

    /// <summary>Examples that the model was trained on.</summary>
    public static Measure Examples { get; } =
        OfDose("examples", "examples", "examples in the training sets of the model in use, summed since generation 0", d => d.Examples);

    /// <summary>Passes over examples that the model was trained on.</summary>
    public static Measure Passes { get; } =
        OfDose("passes", "passes", "how often an example was trained on, for the model in use since generation 0", d => d.Passes);

    /// <summary>Tokens that the model was trained on.</summary>
    public static Measure TokensTrained { get; } =
        OfDose("tokensTrained", "tokens trained", "tokens that the model in use was trained on since generation 0", d => d.Tokens);

    /// <summary>All measures, in the order of tables.</summary>
    public static ImmutableArray<Measure> All { get; } =
    [
        BareDrift,
        AgentDrift,
        HeldOut,
        HeldOutRise,
        Keyed,
        Acceptance,
        Novelty,
        Coherence,
        Distinct2,
        SelfReference,
        Alignment,
        Quality,
        Repeats,
        Correctness,
        Empty,
        Repeated,
        Recited,
        Length,
        Examples,
        Passes,
        TokensTrained,
    ];

    /// <summary>The measures of how much a model was trained.</summary>
    public static ImmutableArray<Measure> Doses { get; } = [Examples, Passes, TokensTrained];

    /// <summary>The keys of all measures, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(m => m.Key));

    /// <summary>Finds a measure by key or title, ignoring case, spaces and hyphens; null if there is none.</summary>
    public static Measure? Find(string name)
    {
        return All.FirstOrDefault(m => Plain(m.Key) == Plain(name) || Plain(m.Title) == Plain(name));

        static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
    }

    /// <summary>Formats a value: "-" if undefined; more decimals if it would be rounded to 0.</summary>
    public string Show(double value) => Show(value, Decimals);

    /// <summary>Formats mean and interval: <c>0.025 [0.010, 0.040]</c>.</summary>
    /// <param name="signed">Whether to print a plus before a positive mean, for a difference.</param>
    public string Show(Estimate estimate, bool signed = false)
    {
        var (mean, range) = Parts(estimate, signed);
        return range.Length == 0 ? mean : $"{mean} {range}";
    }

    /// <summary>
    /// Formats the mean, and the interval in brackets, empty if there is none. A narrow interval gets more decimals.
    /// </summary>
    public (string Mean, string Range) Parts(Estimate estimate, bool signed = false)
    {
        var (mean, low, high) = Texts(estimate);
        return ($"{(signed && estimate.Mean > 0 ? "+" : "")}{mean}", estimate.HasInterval ? $"[{low}, {high}]" : "");
    }

    /// <summary>Formats the mean and the bounds with as many decimals as the width of the interval needs.</summary>
    internal (string Mean, string Low, string High) Texts(Estimate estimate)
    {
        var half = (estimate.High - estimate.Low) / 2 * (Percent ? 100 : 1);
        var decimals = Decimals;
        while (half > RoundingNoise && decimals < Math.Min(Decimals + 2, Finest) && half < Math.Pow(10, -decimals))
            decimals++;
        return (Show(estimate.Mean, decimals), Show(estimate.Low, decimals), Show(estimate.High, decimals));
    }

    private int Finest => Percent ? MostPercentDecimals : MostDecimals;

    private string Show(double value, int decimals)
    {
        if (double.IsNaN(value))
            return "-";
        var scaled = Percent ? value * 100 : value;
        if (Math.Abs(scaled) < RoundingNoise)
            scaled = 0; // a difference of equal means may differ from 0 by rounding
        while (scaled != 0 && decimals < Finest && Math.Round(scaled, decimals) == 0)
            decimals++;
        var rounded = Math.Round(scaled, decimals) + 0.0; // no minus before 0
        return $"{rounded.ToString($"N{decimals}", CultureInfo.InvariantCulture)}{(Percent ? "%" : "")}";
    }

    private static Measure OfRound(
        string key,
        string title,
        string meaning,
        int decimals,
        bool percent,
        double least,
        double most,
        Func<RoundFigures, int, double> of
    ) =>
        new(key, title, meaning, decimals, percent, least, most, OfTheModelAlone: false, (instance, g, budget) =>
            instance.In(g, r => of(r, budget))
        );

    private static Measure OfDose(string key, string title, string meaning, Func<TrainingDose, double> of) =>
        new(key, title, meaning, 0, false, 0, Unbounded, OfTheModelAlone: true, (instance, g, _) => instance.At(g, f => of(f.Dose)));
}
