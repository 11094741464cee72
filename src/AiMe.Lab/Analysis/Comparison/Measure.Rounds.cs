namespace AiMe.Lab.Analysis.Comparison;

/// <content>Measures of a round of experiences.</content>
public sealed partial record Measure
{
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

    /// <summary>First-person statements of all candidates.</summary>
    public static Measure SelfReferencePool { get; } =
        OfRound(
            "selfReferencePool",
            "self-ref, pool",
            "statements about itself per 100 words, mean of all candidates, picked or not",
            2,
            false,
            0,
            100,
            (r, _) => r.Selection.Pool
        );

    /// <summary>Its rise since the first round, whose candidates are generation 0's.</summary>
    public static Measure SelfReferenceGain { get; } =
        new(
            "selfReferenceGain",
            "self-ref gain",
            "rise of the candidates' statements about itself per 100 words since round 1",
            2,
            false,
            -100,
            100,
            OfTheModelAlone: false,
            (instance, g, _) => instance.In(g, r => r.Selection.Pool) - instance.In(1, r => r.Selection.Pool)
        );

    /// <summary>How much candidates differ in first-person statements.</summary>
    public static Measure SelfReferenceVariance { get; } =
        OfRound(
            "selfReferenceVariance",
            "self-ref variance",
            "variance of the candidates' statements about itself per 100 words",
            2,
            false,
            0,
            Unbounded,
            (r, _) => r.Selection.Variance
        );

    /// <summary>Kept answers against all candidates.</summary>
    public static Measure SelfReferenceGap { get; } =
        OfRound(
            "selfReferenceGap",
            "self-ref gap",
            "statements about itself per 100 words of the kept answers minus those of all candidates: the selection gap",
            2,
            false,
            -100,
            100,
            (r, _) => r.Selection.Gap
        );

    /// <summary>Distance of chosen and rejected answers.</summary>
    public static Measure PreferenceDistance { get; } =
        OfRound(
            "preferenceDistance",
            "preference distance",
            "edit distance in words of the kept answers from what dpo prefers them to, 0 to 1; undefined for other methods",
            3,
            false,
            0,
            1,
            (r, _) => r.PreferenceDistance
        );

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

    /// <summary>Problems of kinds met before.</summary>
    public static Measure CorrectMet { get; } =
        OfRound(
            "correctMet",
            "correct, met",
            "share solved of the round's checkable problems whose topic the instance had met in an earlier problem",
            0,
            true,
            0,
            1,
            (r, _) => r.Problems.Met
        );

    /// <summary>Problems of new kinds.</summary>
    public static Measure CorrectNew { get; } =
        OfRound(
            "correctNew",
            "correct, new",
            "share solved of the round's checkable problems whose topic was new to the instance",
            0,
            true,
            0,
            1,
            (r, _) => r.Problems.New
        );

    /// <summary>Perplexity of answers under generation 0.</summary>
    public static Measure Perplexity { get; } =
        OfRound("perplexity", "perplexity", "of answers under the model of generation 0, geometric mean", 2, false, 1, Unbounded, (r, _) =>
            r.Perplexity
        );

    /// <summary>Perplexity of answers under the model that gave them.</summary>
    public static Measure CurrentPerplexity { get; } =
        OfRound(
            "currentPerplexity",
            "current perplexity",
            "of answers under the model that gave them, geometric mean",
            2,
            false,
            1,
            Unbounded,
            (r, _) => r.CurrentPerplexity
        );

    /// <summary>Place of answers on the charter's axis.</summary>
    public static Measure AnswersOnAxis { get; } =
        OfRound(
            "answersOnAxis",
            "answers on axis",
            "place of answers on the charter's axis, read by generation 0 without the charter; 1 is typical with it",
            2,
            false,
            -Unbounded,
            Unbounded,
            (r, _) => r.CharterAxis
        );

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
}
