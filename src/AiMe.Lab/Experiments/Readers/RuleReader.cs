using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AiMe.Corpora;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads a curation policy. Holds the table of curation rules.</summary>
internal static class RuleReader
{
    public const string How = "the curation policy: rules in order; the first rule that does not pass the experience decides";

    /// <summary>Every rule by its name. To add a rule, add a line.</summary>
    private static readonly ImmutableArray<RuleSyntax> Table =
    [
        new("keep-all", "keep-all", "keeps everything", _ => new KeepAll()),
        new("keep-none", "keep-none", "keeps nothing", _ => new KeepNone()),
        new("random", "random: 0.5", "passes this share, drawn at random", f => new RandomShare(f.Share(1, NumberRange.Unit))),
        new("dedupe", "dedupe: 0.9", "rejects answers with this cosine or more to a kept answer", f => new Dedupe(f.Real(1, new(-1, 1)))),
        new("min", "min: {score: quality, at-least: 0.3}", "rejects answers with a lower score or no score", Minimum),
        new(
            "top",
            "top: {score: alignment, fraction: 0.5}",
            "passes the upper (or, by order: lowest, the lower) share of a window of recent answers, itself included",
            Top
        ),
        new("novelty", "novelty: {min: 0.3}", "passes answers that are neither too near to earlier answers nor too far from them", Novelty),
        new("perplexity", "perplexity: {min: 2, max: 60}", "rejects answers outside a band of perplexity", BandRules.Perplexity),
        new(
            "self-reference",
            "self-reference: {max: 20}",
            "rejects answers with too few or too many first-person statements per 100 words",
            BandRules.SelfReference
        ),
        new("verified", "verified", "rejects answers to checkable problems that are not correct", BandRules.Verified)
        {
            Argument = "verified: {uncheckable: pass}",
        },
        new(
            "judge",
            "judge: {rubric: ../rubrics/charter-fit.yaml}",
            "rejects answers that a model rates low by a rubric",
            JudgeReader.Read
        ),
        new(
            "allow-empty",
            "allow-empty",
            "lets the other rules judge answers without text, which are rejected otherwise",
            _ => new AllowEmpty()
        ),
        new(
            "matched",
            "matched: aligned",
            "draws at random, at the end of each round, as many experiences as the policy of the named variant would keep; alone in "
                + "its policy",
            Matched
        ),
        new("review", "review: {when: all}", "holds what a condition names for people, who decide with `aime review`", ReviewReader.Read),
    ];

    private static IEnumerable<string> Names => Table.Select(r => r.Name);

    /// <summary>The default policy, in the form of an experiment file.</summary>
    public static JsonNode Default() =>
        new JsonArray([
            .. Defaults.Curate.Select(r =>
                JsonValue.Create(r is KeepAll ? "keep-all" : throw new NotSupportedException($"{r} has an argument"))
            ),
        ]);

    /// <summary>The rules of a policy in order, or the fallback if the key is missing.</summary>
    public static ImmutableArray<Rule> Policy(FieldReader? field, ImmutableArray<Rule> fallback)
    {
        if (field is null)
            return fallback;
        var rules = ImmutableArray.CreateBuilder<Rule>();
        foreach (var item in field.Items("a list of rules, such as [keep-all]"))
        {
            if (rules.Count > 0 && rules[^1] is KeepAll or KeepNone)
                field.Problems.Warn(item.At, item.Path, "this rule is never reached: the one before it decides every case");
            if (Read(item) is { } rule)
                rules.Add(rule);
        }

        if (rules.OfType<Review>().Count() > 1)
            field.Fail("found several review rules, expected at most one in a policy; list the conditions under its when");
        if (rules.Count > 1 && rules.OfType<Matched>().FirstOrDefault() is { } matched)
            field.Fail(
                $"found 'matched: {matched.Variant}' among other rules, expected it alone: the policy of {matched.Variant} says how "
                    + "many are kept, and the draw which"
            );
        return rules.ToImmutable();
    }

    /// <summary>The same where the policies that a matched rule may name are known.</summary>
    public static ImmutableArray<Rule> Policy(
        FieldReader? field,
        ImmutableArray<Rule> fallback,
        ImmutableArray<(string Name, ImmutableArray<Rule> Policy)> variants
    )
    {
        var rules = Policy(field, fallback);
        if (field is null || Faculties.Curation.Matched.In(rules) is not { } matched)
            return rules;
        var policy = Named(matched.Variant, variants, out var problem);
        if (problem is not null)
            field.Fail(problem);
        return [matched with { Policy = policy }];
    }

    /// <summary>The policies of variants, with the policy that each matched rule names.</summary>
    /// <param name="variants">The named policies.</param>
    /// <param name="at">Where a variant's policy stands.</param>
    public static ImmutableArray<VariantPlan> Resolve(ImmutableArray<VariantPlan> variants, Func<string, FieldReader?> at)
    {
        return [.. variants.Select(v => Faculties.Curation.Matched.In(v.Curate) is { } m ? v with { Curate = Resolved(v.Name, m) } : v)];

        ImmutableArray<Rule> Resolved(string variant, Matched matched)
        {
            var policy = Named(
                matched.Variant,
                [.. variants.Where(v => v.Name != variant).Select(v => (v.Name, v.Curate))],
                out var problem
            );
            if (problem is not null)
                at(variant)?.Fail(problem);
            return [matched with { Policy = policy }];
        }
    }

    /// <summary>The policy that a matched rule names.</summary>
    /// <param name="problem">Null if there is such a policy.</param>
    public static ImmutableArray<Rule> Named(
        string name,
        ImmutableArray<(string Name, ImmutableArray<Rule> Policy)> variants,
        out string? problem
    )
    {
        var found = variants.FirstOrDefault(v => v.Name == name);
        var names = variants.Where(v => Faculties.Curation.Matched.In(v.Policy) is null).Select(v => v.Name).ToArray();
        problem =
            found.Name is null ? $"found 'matched: {name}', expected another variant: {string.Join(", ", names)}{Nearest.Hint(name, names)}"
            : Faculties.Curation.Matched.In(found.Policy) is not null
                ? $"found 'matched: {name}', whose policy is matched itself; expected a variant with a policy of its own: "
                    + string.Join(", ", names)
            : Review.In(found.Policy) is not null
                ? $"found 'matched: {name}', whose policy holds experiences for people: how many they keep is not known before they answer"
            : null;
        return problem is null ? found.Policy : [];
    }

    private static Rule? Read(FieldReader item)
    {
        if (item.Asked is { } asked)
            Describe(asked);
        if (item.Node is ScalarNode { IsNothing: false } word)
            return Find(item, word.At, word.Text) is not { } bare ? null
                : bare.IsBare ? bare.Read(item)
                : Bare(item, bare.Name, bare.Form);
        if (item.Node is not MappingNode { Entries: [var entry] })
        {
            item.Expected(
                "a rule, such as keep-all or {dedupe: 0.9}" + (item.Node is MappingNode ? "; write each rule as a separate list item" : "")
            );
            return null;
        }

        FieldReader argument = new($"{item.Path}.{entry.Key}", entry.Value, item.Problems);
        if (Find(item, entry.At, entry.Key) is not { } rule)
            return null;
        if (rule is { IsBare: true, Argument: null })
            argument.Fail($"found {entry.Value.Found}, but {rule.Name} takes no argument; write just {rule.Name}");
        return rule.Read(argument);
    }

    private static RuleSyntax? Find(FieldReader item, Place at, string name)
    {
        foreach (var rule in Table)
        {
            if (rule.Name == name)
                return rule;
        }

        item.Problems.Fail(at, item.Path, $"found '{name}', expected a rule: {string.Join(", ", Names)}{Nearest.Hint(name, Names)}");
        return null;
    }

    private static void Describe(SchemaShape item)
    {
        foreach (var line in Table)
        {
            if (line.IsBare)
            {
                item.OrConstant(line.Name);
                if (line.Argument is null)
                    continue;
            }

            Section rule = new(line.Name, new MappingNode(Place.Of(""), []), new Problems(), item.Or().Section());
            line.Read(rule.Need(line.Name, line.Says)!);
            rule.Close();
        }
    }

    // The policy is that of another variant, which may not be read yet.
    private static Matched? Matched(FieldReader field)
    {
        var variant = field.Text("the name of a variant");
        return variant.Length == 0 ? null : new Matched(variant, []);
    }

    private static Rule? Bare(FieldReader item, string name, string form)
    {
        item.Fail($"{name} needs an argument, such as {{{form}}}");
        return null;
    }

    private static Minimum? Minimum(FieldReader field)
    {
        if (field.Section("{score, at-least}") is not { } s)
            return null;
        Minimum rule = new(Score(s), s.Need("at-least", "a number", "the lowest score that passes")?.Real(0, new(-1e9, 1e9)) ?? 0);
        s.Close();
        return rule;
    }

    private static Top? Top(FieldReader field)
    {
        if (field.Section("{score, fraction, window, order}") is not { } s)
            return null;
        Top rule = new(
            Score(s),
            s.Need("fraction", "the share that passes, in (0, 1]")?.Share(1, NumberRange.UnitAboveZero) ?? 1,
            s.Whole("window", Defaults.TopWindow, 1, CuratorState.Remembered, "number of recent experiences in the comparison"),
            s.Word("order", Keywords.RankOrders, RankOrder.Highest, "which end of the scores passes")
        );
        s.Close();
        return rule;
    }

    private static NoveltyBand? Novelty(FieldReader field)
    {
        if (field.Section("{min, max}") is not { } s)
            return null;
        NumberRange distances = new(0, 2);
        NoveltyBand rule = new(
            s.Need("min", "the least novelty, in [0, 2]")?.Real(0, distances) ?? 0,
            s.Real("max", Defaults.NoveltyMax, distances, "the greatest novelty, in [0, 2]")
        );
        s.Close();
        if (rule.Min > rule.Max)
            field.Fail($"min {rule.Min} is above max {rule.Max}, so nothing would pass");
        return rule;
    }

    internal static ScoreName Score(Section s) =>
        s.Need("score", $"a score: {string.Join(", ", Keywords.Scores.Names)}")?.Word(Keywords.Scores, default) ?? default;

    /// <param name="Form">An example; the name alone if the rule takes no argument.</param>
    /// <param name="Says">Description for editors.</param>
    private sealed record RuleSyntax(string Name, string Form, string Says, Func<FieldReader, Rule?> Read)
    {
        public bool IsBare => Name == Form;

        /// <summary>An example with an argument, for a rule that is also written without; else null.</summary>
        public string? Argument { get; init; }
    }
}
