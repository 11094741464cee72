using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the curation rules that hold a score within bounds, and the rule <c>verified</c>.</summary>
internal static class BandRules
{
    private static readonly NumberRange Perplexities = NumberRange.UpTo(1e9),
        Statements = NumberRange.UpTo(1000);

    public static PerplexityBand? Perplexity(FieldReader field)
    {
        if (field.Section("{min, max, score}") is not { } s)
            return null;
        var (min, max) = Bounds(field, s, Perplexities, "perplexity");
        PerplexityBand rule = new(
            s.Word(
                "score",
                Keywords.Perplexities,
                ScoreName.Perplexity,
                "under the frozen base model, or under the model that gave the answer"
            ),
            min,
            max
        );
        s.Close();
        return rule;
    }

    public static SelfReferenceBand? SelfReference(FieldReader field)
    {
        if (field.Section("{min, max}") is not { } s)
            return null;
        var (min, max) = Bounds(field, s, Statements, "number of first-person statements per 100 words");
        s.Close();
        return new SelfReferenceBand(min, max);
    }

    public static Verified? Verified(FieldReader field)
    {
        if (field.Asked is null && field.Is("verified"))
            return new Verified(PassesUncheckable: false);
        if (field.Section("{uncheckable}") is not { } s)
            return null;
        Verified rule = new(s.Word("uncheckable", Keywords.Uncheckable, fallback: false, "what happens to answers that cannot be checked"));
        s.Close();
        return rule;
    }

    private static (double? Min, double? Max) Bounds(FieldReader field, Section s, NumberRange range, string what)
    {
        var min = s.Find("min", $"the least {what}; no bound by default")?.Real(0, range);
        var max = s.Find("max", $"the greatest {what}; no bound by default")?.Real(0, range);
        s.Rule(() => SchemaRules.AnyOf("min", "max"));
        if (field.Asked is null && min is null && max is null)
            field.Fail("it sets no bound; expected min, max or both");
        if (min > max)
            field.Fail($"min {min} is above max {max}, so nothing would pass");
        return (min, max);
    }
}
