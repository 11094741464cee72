using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>One kind of record: the stimulus, and the outcomes of which one is chosen.</summary>
internal sealed record RecordTemplate(
    string Kind,
    int Weight,
    bool InCharacter,
    bool Internal,
    ImmutableArray<Binding> With,
    Template Topic,
    Template? SelfModel,
    ImmutableArray<Template> Recalled,
    Alternatives Stimulus,
    ImmutableArray<Outcome> Outcomes,
    RecordField At
)
{
    public static RecordTemplate Parse(RecordField field)
    {
        field.Knows("kind", "weight", "for", "in-character", "internal", "with", "topic", "self-model", "recalled", "stimulus", "outcomes");
        ImmutableArray<Outcome> outcomes = [.. field.Need("outcomes").Items().Select(Outcome.Parse)];
        return new RecordTemplate(
            field.Need("kind").Text(),
            field.Need("weight").Weight(),
            field.Need("in-character").Truth(),
            field.Maybe("internal")?.Truth() ?? false,
            Binding.ParseAll(field.Maybe("with")),
            Template.Parse(field.Need("topic")),
            field.Maybe("self-model") is { } self ? Template.Parse(self) : null,
            field.Maybe("recalled") is { } recalled ? [.. recalled.Items().Select(Template.Parse)] : [],
            Alternatives.Parse(field.Need("stimulus")),
            outcomes.IsEmpty ? throw field.Need("outcomes").Fail("at least one outcome was expected") : outcomes,
            field
        );
    }
}

/// <summary>One possible outcome of a record.</summary>
internal sealed record Outcome(
    int Weight,
    ImmutableArray<Binding> With,
    Alternatives Answer,
    Alternatives? Reflection,
    Alternatives? Insight,
    Template? Check
)
{
    public static Outcome Parse(RecordField field)
    {
        field.Knows("weight", "with", "answer", "reflection", "insight", "check");
        return new Outcome(
            field.Maybe("weight")?.Weight() ?? 1,
            Binding.ParseAll(field.Maybe("with")),
            Alternatives.Parse(field.Need("answer")),
            field.Maybe("reflection") is { } reflection ? Alternatives.Parse(reflection) : null,
            field.Maybe("insight") is { } insight ? Alternatives.Parse(insight) : null,
            field.Maybe("check") is { } check ? Template.Parse(check) : null
        );
    }

    /// <summary>Every text of the outcome.</summary>
    public IEnumerable<Template> Templates() =>
        [
            .. Answer.Items.Select(i => i.Text),
            .. Reflection?.Items.Select(i => i.Text) ?? [],
            .. Insight?.Items.Select(i => i.Text) ?? [],
            .. Check is null ? [] : new[] { Check },
        ];
}
