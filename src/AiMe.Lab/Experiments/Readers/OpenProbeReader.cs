using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads a probe that is answered in free text.</summary>
internal static class OpenProbeReader
{
    public static OpenProbe Read(string id, Section s)
    {
        ImmutableArray<string> asks =
        [
            .. (s.Need("asks", "a list of wordings")?.Items("a list of at least one wording") ?? []).Select(a => a.Text("a question")),
        ];
        s.Find("about", "what it asks about; informational only")?.Text();
        var twin = Twin(s);
        s.Close();
        return new(id, asks, twin);
    }

    private static BehaviouralTwin? Twin(Section s)
    {
        var by = s.Find(
            "scored-by",
            "a function of the answer's text, in [0, 1]: the share of its sentences that hedge, ask, are polite, speak to the listener, "
                + "claim without exception or exclaim; or statements about itself per word. Makes it a behavioural twin of a scale"
        );
        var trait = s.Find("trait", "the trait whose behavioural twin it is; or give value. Only with scored-by");
        var value = s.Find("value", "the value whose behavioural twin it is; or give trait. Only with scored-by");
        var reversed = s.Find("reversed", "whether the behaviour speaks against the scale: the score is 1 minus it. Only with scored-by");
        s.Rule(() => SchemaRules.OnlyWith("scored-by", "trait", "value", "reversed"));
        value?.Asked?.Text();
        var name = by?.Word(Keywords.Behaviours, "");
        var against = reversed?.Flag(fallback: false) ?? false;
        var scale = (trait ?? value)?.Text("a trait or value of the charter");
        if (by is null)
        {
            if ((trait ?? value ?? reversed) is { } alone)
                alone.Fail("found without scored-by, expected both: an open probe measures a scale only by a function of its answer");
            return null;
        }

        if (trait is null == value is null)
            by.Fail($"found {(trait is null ? "neither" : "both")} of trait and value, expected one: whose behavioural twin the probe is");
        return name is { Length: > 0 } && scale is not null ? new(scale, name, against) : null;
    }
}
