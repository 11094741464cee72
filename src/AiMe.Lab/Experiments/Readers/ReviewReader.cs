using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the rule <c>review</c>: which experiences are held for people, and under which terms.</summary>
internal static class ReviewReader
{
    private const string Form = "all, {share: 10%}, {score: alignment, below: 0.3}, or a list of these";

    /// <summary>The rule; null if it is invalid.</summary>
    public static Review? Read(FieldReader field)
    {
        if (field.Section("{when, on-open, reviewers}, such as {when: all}") is not { } s)
            return null;
        var when = s.Need("when", Form, "which experiences are held for people; any of a list suffices") is { } conditions
            ? Conditions(conditions)
            : [];
        Review rule = new(
            when,
            new ReviewTerms(
                s.Word("on-open", Keywords.OnOpen, OnOpen.Wait, "what the end of a round does with experiences without a verdict"),
                s.Whole("reviewers", 1, 1, 99, "answers that a verdict needs; the majority decides")
            )
        );
        s.Close();
        return when.IsEmpty ? null : rule;
    }

    private static ImmutableArray<ReviewCondition> Conditions(FieldReader field)
    {
        if (field.Asked is { } asked)
        {
            Describe(asked);
            Describe(asked.Or().Items(atLeast: 1, distinct: false));
            return [new ReviewCondition.All()];
        }

        var items = field.Node is SequenceNode ? field.Items($"a list of conditions: {Form}") : [field];
        return [.. items.Select(One).OfType<ReviewCondition>()];
    }

    private static ReviewCondition? One(FieldReader field)
    {
        if (field.Node is ScalarNode { IsNothing: false, Text: "all" })
            return new ReviewCondition.All();
        if (field.Node is not MappingNode mapping || field.Section() is not { } s)
        {
            field.Expected(Form);
            return null;
        }

        ReviewCondition? condition = mapping.Entries.Any(e => e.Key == "share") ? Share(s) : Score(field, s);
        s.Close();
        return condition;
    }

    private static ReviewCondition.Share Share(Section s) =>
        new(s.Need("share", "the share that is held, in (0, 1]")?.Share(1, NumberRange.UnitAboveZero) ?? 1);

    private static ReviewCondition.OfScore? Score(FieldReader field, Section s)
    {
        var score = RuleReader.Score(s);
        var below = s.Find("below", "lower scores are held")?.Real(0, Bounds);
        var above = s.Find("above", "higher scores are held")?.Real(0, Bounds);
        s.Rule(() => SchemaRules.AnyOf("below", "above"));
        if (below is null && above is null)
            field.Fail("found neither below nor above, expected one of them, such as {score: alignment, below: 0.3}");
        else if (below > above)
            field.Fail(
                $"below {below} is above the bound {above} of above, so every answer with this score would be held; write all instead"
            );
        else
            return new(score, below, above);
        return null;
    }

    private static NumberRange Bounds => new(-1e9, 1e9);

    private static void Describe(SchemaShape shape)
    {
        shape.OrConstant("all");
        foreach (var read in (Action<Section>[])[s => Share(s), s => Score(Nowhere, s)])
        {
            Section form = new("", new MappingNode(Place.Of(""), []), new Problems(), shape.Or().Section());
            read(form);
            form.Close();
        }
    }

    private static FieldReader Nowhere => new("", new MappingNode(Place.Of(""), []), new Problems());
}
