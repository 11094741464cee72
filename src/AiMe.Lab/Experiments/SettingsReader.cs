using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>Reads <c>generate</c>, <c>reflect</c> and <c>memory</c>, key by key over a fallback: the defaults, or the experiment's own for a variant.</summary>
internal static class SettingsReader
{
    private static readonly Interval Temperatures = new(0, 2);

    public static SelfSettings Generate(Field? field, SelfSettings fallback)
    {
        if (field?.Section() is not { } s)
            return fallback;
        SelfSettings read = new(
            s.Whole("candidates", fallback.Candidates, 1, 64),
            Pick(s.Find("pick"), fallback.Pick),
            Sampling(s, fallback.Sampling),
            s.Whole("attempts", fallback.Attempts, 1, 100));
        s.Close();
        return read;
    }

    public static ReflectorSettings Reflect(Field? field, ReflectorSettings fallback)
    {
        if (field?.Section() is not { } s)
            return fallback;
        ReflectorSettings read = new(
            s.Real("insight-threshold", fallback.InsightThreshold, Interval.Positive),
            Sampling(s, fallback.Sampling),
            s.Whole("attempts", fallback.Attempts, 1, 100));
        s.Close();
        return read;
    }

    public static MemorySettings Memory(Field? field, MemorySettings fallback)
    {
        if (field?.Section() is not { } s)
            return fallback;
        MemorySettings read = new(
            s.Whole("recall", fallback.Recall, 0, 100),
            s.Real("recency", fallback.Recency, Interval.NotNegative),
            s.Real("importance", fallback.Importance, Interval.NotNegative),
            s.Real("relevance", fallback.Relevance, Interval.NotNegative),
            s.Real("decay", fallback.Decay, Interval.UnitAboveZero),
            s.Whole("capacity", fallback.Capacity, 2),
            s.Word("forget", Words.Forget, fallback.Forget));
        s.Close();
        return read;
    }

    private static Sampling Sampling(Section s, Sampling fallback) => new(
        s.Real("temperature", fallback.Temperature, Temperatures),
        s.Whole("top-k", fallback.TopK, 0),
        s.Real("top-p", fallback.TopP, Interval.UnitAboveZero),
        s.Whole("max-tokens", fallback.MaxTokens, 1, 4096));

    private static ScoreName? Pick(Field? field, ScoreName? fallback)
    {
        if (field is not { Node: Scalar { Text: "novelty" } })
            return field is null ? fallback : field.Word(Words.Pick, fallback);
        field.Fail("novelty is measured by the Curator, after the answer is picked; pick by another score, or curate with novelty");
        return fallback;
    }
}
