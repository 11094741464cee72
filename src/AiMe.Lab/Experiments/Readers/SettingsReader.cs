using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>
/// Reads <c>generate</c>, <c>reflect</c> and <c>memory</c> key by key; missing keys keep the fallback.
/// </summary>
/// <remarks>The fallback is the defaults, or for a variant the experiment's own settings.</remarks>
internal static class SettingsReader
{
    public const string HowAnswers = "how answers are sampled",
        HowThoughts = "how an instance reflects on an answer",
        HowMemories = "recall = recency + importance + relevance, each scaled to [0, 1]";

    private static readonly NumberRange Temperatures = NumberRange.UpTo(2),
        Weights = NumberRange.UpTo(1_000_000);

    public static SelfSettings Generate(FieldReader? field, SelfSettings fallback)
    {
        if (field?.Section() is not { } s)
            return fallback;
        SelfSettings read = new(
            s.Whole("candidates", fallback.Candidates, 1, 64, "answers sampled for one stimulus"),
            Pick(
                s.Find(
                    "pick",
                    "which candidate becomes the answer: the first, or the one with the highest score (lowest perplexity)",
                    Keywords.Pick.Of(fallback.Pick)
                ),
                fallback.Pick
            ),
            Sampling(s, fallback.Sampling),
            s.Whole("attempts", fallback.Attempts, 1, 100, "failed calls before the instance is parked")
        );
        s.Close();
        return read;
    }

    public static ReflectorSettings Reflect(FieldReader? field, ReflectorSettings fallback)
    {
        if (field?.Section() is not { } s)
            return fallback;
        ReflectorSettings read = new(
            s.Real(
                "insight-threshold",
                fallback.InsightThreshold,
                NumberRange.AboveZeroTo(1_000_000),
                "sum of importances, 1 to 10 for each experience, at which an insight is formed"
            ),
            Sampling(s, fallback.Sampling),
            s.Whole("attempts", fallback.Attempts, 1, 100, "failed calls before the reflection is left empty"),
            s.Word(
                "form",
                Keywords.ReflectionForms,
                fallback.Form,
                "the form of a hosted model's reflections: json with alignment and quality, or text for models that write no JSON, "
                    + "whose alignment and quality come from model.scoring; the embedded model always writes text"
            )
        );
        s.Close();
        return read;
    }

    /// <summary>The settings of a variant or a fork, which find their memories where the run does.</summary>
    public static MemorySettings Memory(FieldReader? field, MemorySettings fallback)
    {
        if (field?.Section() is not { } s)
            return fallback;
        var read = Memory(s, fallback);
        s.Close((IndexReader.Key, IndexReader.OfTheRun));
        return read;
    }

    /// <summary>The settings of an experiment, and where memories are found; null for the embedded index.</summary>
    public static (MemorySettings Settings, IndexPlan? Index) MemoryOfRun(FieldReader? field, MemorySettings fallback)
    {
        if (field?.Section() is not { } s)
            return (fallback, null);
        var read = (Memory(s, fallback), IndexReader.Read(s));
        s.Close();
        return read;
    }

    private static MemorySettings Memory(Section s, MemorySettings fallback)
    {
        return new(
            s.Whole("recall", fallback.Recall, 0, 100, "memories in a prompt"),
            s.Real("recency", fallback.Recency, Weights, "weight of how recently a memory was used"),
            s.Real("importance", fallback.Importance, Weights, "weight of how important it was"),
            s.Real("relevance", fallback.Relevance, Weights, "weight of how similar it is to the stimulus"),
            s.Real("decay", fallback.Decay, NumberRange.UnitAboveZero, "decay of recency, per logical hour"),
            s.Whole("capacity", fallback.Capacity, 2, PlanLimits.Memories, "memories that can be recalled, at most"),
            s.Word("forget", Keywords.Forget, fallback.Forget, "which memory is forgotten when there are too many")
        );
    }

    private static Sampling Sampling(Section s, Sampling fallback) =>
        new(
            s.Real("temperature", fallback.Temperature, Temperatures, "sampling temperature; 0 always takes the most likely token"),
            s.Whole("top-k", fallback.TopK, 0, PlanLimits.Vocabulary, "only the k most likely tokens can be sampled; 0 for all"),
            s.Real(
                "top-p",
                fallback.TopP,
                NumberRange.UnitAboveZero,
                "only the most likely tokens that together have this probability can be sampled"
            ),
            s.Whole("max-tokens", fallback.MaxTokens, 1, 32_768, "tokens sampled at most; those of a hosted model's reasoning count too")
        );

    private static ScoreName? Pick(FieldReader? field, ScoreName? fallback)
    {
        if (field is not { Node: ScalarNode { Text: "novelty" } })
            return field is null ? fallback : field.Word(Keywords.Pick, fallback);
        field.Fail("the curator measures novelty after the answer is picked; pick by another score, or curate with novelty");
        return fallback;
    }
}
