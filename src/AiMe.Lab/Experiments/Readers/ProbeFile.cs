using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads an identity battery.</summary>
internal static class ProbeFile
{
    /// <summary>
    /// Two halves of the paraphrases are compared with each other, which measures the effect of wording alone.
    /// </summary>
    private const int FewestAsks = 2;

    private const int MostOptions = 1000;

    public static ProbeSet? Read(string path, Problems problems)
    {
        if (TextFile.ReadMapping(path, "a set of probes", problems) is not { } root)
            return null;
        return Read(new Section("", root, problems));
    }

    /// <summary>The battery in a mapping.</summary>
    public static ProbeSet Read(Section s)
    {
        UniqueIds ids = new();
        var choices = ImmutableArray.CreateBuilder<ChoiceProbe>();
        var open = ImmutableArray.CreateBuilder<OpenProbe>();
        var unread = false;
        var list = s.Need(
            "probes",
            "a list of probes",
            "the probes, asked at generation 0 and after every round, not part of the experience; at least one of kind choice"
        );
        foreach (var item in list?.Items("a list of at least one probe") ?? [])
        {
            if (item.Section("a probe: {id, kind, ...}") is not { } mapping)
                continue;
            var id = ids.Read(mapping);
            foreach (var (kind, probe) in mapping.Cases("kind", "choice or open", Keywords.ProbeKinds, ProbeKind.Unknown))
            {
                if (kind == ProbeKind.Choice)
                    choices.Add(Choice(id, probe));
                else if (kind == ProbeKind.Open)
                    open.Add(OpenProbeReader.Read(id, probe));
                else
                    unread = true; // its other keys have no meaning without a kind
            }
        }

        s.Rule(() => SchemaRules.Contains("probes", "kind", "choice"));
        var neutral = s.Find(
                "neutral",
                "a neutral stimulus, given without the charter: the baseline of the option scores",
                Defaults.Neutral
            )
            ?.Text("a neutral stimulus")
            ?? Defaults.Neutral;
        s.Close();
        if (list is not null && choices.Count == 0 && open.Count > 0 && !unread)
            list.Fail("found no probe of kind choice, expected at least one: drift is measured with choice probes");
        return new(choices.ToImmutable(), open.ToImmutable(), neutral);
    }

    private static ChoiceProbe Choice(string id, Section s)
    {
        var asks = ImmutableArray.CreateBuilder<ProbeAsk>();
        foreach (
            var item in s.Need(
                    "stems",
                    "a list of {ask, stem}",
                    "paraphrases: a question, and the stem of an answer that each option completes"
                )
                ?.Items("at least two paraphrases {ask, stem}", FewestAsks)
                ?? []
        )
        {
            if (item.Section("{ask, stem}") is not { } stem)
                continue;
            asks.Add(new(stem.Text("ask", "a question"), stem.Text("stem", "the beginning of its answer")));
            stem.Close();
        }

        var measures = Measures(s);
        var options = Options(s.Need("options", "a list of completions"));
        var keyed = s.Need("keyed", "the index of the option that is true of the charter, from 0")?.Index(options.Length, MostOptions) ?? 0;
        s.Flag(
            "reversed",
            fallback: false,
            "whether the true answer for this charter is a denial; half of a trait's items should be denials"
        );
        s.Close();
        return new(id, measures, asks.ToImmutable(), options, keyed);
    }

    private static string Measures(Section s)
    {
        var trait = s.Find("trait", "the trait of the charter that the probe measures; or give value");
        var value = s.Find("value", "the value of the charter that the probe measures; or give trait");
        s.Rule(() => SchemaRules.OneOf("trait", "value"));
        value?.Asked?.Text();
        if (trait is null == value is null)
            s.Problems.Fail(
                value?.At ?? s.At,
                s.Path,
                $"found {(trait is null ? "neither" : "both")} of trait and value, expected one: what the probe measures"
            );
        return (trait ?? value)?.Text("a trait or value of the charter") ?? "";
    }

    private static ImmutableArray<string> Options(FieldReader? field)
    {
        List<string> options = [];
        foreach (var item in field?.Items("at least two completions", atLeast: 2, distinct: true) ?? [])
        {
            var option = item.Text("a completion in quotes, such as \" honesty\"");
            item.Asked?.Form("^\\s+\\S");
            if (option.Length > 0 && !char.IsWhiteSpace(option[0]))
                item.Fail(
                    $"found '{option}', expected a leading space: the text is appended to the stem unchanged. Write \" {option}\" in quotes"
                );
            if (option.Length > 0 && options.Contains(option))
                item.Fail($"found '{option}' twice, expected different completions");
            options.Add(option);
        }

        if (options.Count > MostOptions)
            field!.Fail($"found {options.Count} completions, expected at most {MostOptions}");
        return [.. options];
    }
}

/// <summary>How a probe is answered.</summary>
internal enum ProbeKind
{
    /// <summary>None of the known kinds.</summary>
    Unknown,

    /// <summary>By the probability of each option.</summary>
    Choice,

    /// <summary>In free text.</summary>
    Open,
}
