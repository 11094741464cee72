using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>events</c>: treatments that begin in mid-run, in some variants and not in others.</summary>
/// <param name="design">The variants; null if they are not known.</param>
/// <param name="every">Experiences in a round.</param>
/// <param name="stimuli">The planned stimuli, whose ids are taken.</param>
internal sealed class InterventionReader(Design? design, int every, ImmutableArray<Stimulus> stimuli)
{
    public const string How =
        "treatments that begin in mid-run: at a cycle, in the named variants, each says a stimulus, sets another curation policy, or "
        + "swaps the model; the other variants are the control";

    private const string Example = "{at: {cycle: 40}, variants: [treated], set-policy: [keep-all]}";
    private const int MostEvents = 100;

    private readonly VariantNames _names = new(design);

    /// <summary>The interventions of a list, in its order.</summary>
    public ImmutableArray<ScheduledIntervention> Read(FieldReader? field) =>
        field is null
            ? []
            :
            [
                .. field
                    .Items($"a list of events, such as {Example}", atMost: MostEvents)
                    .Select((item, i) => Read(item, i + 1))
                    .OfType<ScheduledIntervention>(),
            ];

    private ScheduledIntervention? Read(FieldReader item, int number)
    {
        if (item.Asked is { } asked)
            return Read(new Section(item.Path, new MappingNode(Place.Of(""), []), new Problems(), asked.Section()), number);
        return item.Section($"an event, such as {Example}") is { } s ? Read(s, number) : null;
    }

    private ScheduledIntervention? Read(Section s, int number)
    {
        var cycle = At(s.Need("at", "{cycle: 40}", "when it takes effect: before a planned cycle, or before the first cycle of a round"));
        var variants = s.Need("variants", "a list of variants, such as [treated]", "the treated variants") is { } named
            ? _names.Several(named, least: 1)
            : [];
        (string Key, FieldReader? Field)[] actions =
        [
            ("say", s.Find("say", "a stimulus that takes the place of the planned one of that cycle")),
            ("set-policy", s.Find("set-policy", "the curation policy from that cycle on: a list of rules, as in curate")),
            (
                "swap-model",
                s.Find(
                    "swap-model",
                    "the model from that cycle on, regardless of the gate: base (generation 0), the generation 0 of another variant, or, "
                        + "under openai, another model of the server"
                )
            ),
        ];
        s.Rule(() => SchemaRules.OneOf("say", "set-policy", "swap-model"));
        InterventionAction? action = Say(actions[0].Field, number)
            ?? (InterventionAction?)SetPolicy(actions[1].Field)
            ?? SwapModel(actions[2].Field);
        s.Close();
        string[] given = [.. actions.Where(a => a.Field is { Asked: null }).Select(a => a.Key)];
        if (actions[0].Field?.Asked is null && given.Length != 1)
            s.Problems.Fail(
                s.At,
                s.Path,
                $"found {(given.Length == 0 ? "no action" : string.Join(" and ", given))}, expected one of say, set-policy, swap-model"
                    + (given.Length > 1 ? "; write each as an event of its own" : "")
            );
        return action is null || cycle is not { } at || variants.IsEmpty ? null : new ScheduledIntervention(at, variants, action);
    }

    private int? At(FieldReader? field)
    {
        if (field?.Section("{cycle: 40} or {round: 6}") is not { } s)
            return null;
        var cycle = s.Find("cycle", "the planned cycle before which it takes effect, from 1")?.Whole(1, 1, PlanLimits.Stimuli * 2L);
        var round = s.Find("round", "the same for the first cycle of a round, from 1")?.Whole(1, 1, PlanLimits.Rounds);
        s.Rule(() => SchemaRules.OneOf("cycle", "round"));
        s.Close();
        if (field.Asked is null && cycle is null == round is null)
            field.Fail($"found {(cycle is null ? "neither" : "both")} cycle and round, expected one of them");
        return (int?)(cycle ?? (round - 1) * every + 1);
    }

    private InterventionAction.Say? Say(FieldReader? field, int number)
    {
        if (field is null)
            return null;
        var id = $"event-{number}";
        if (stimuli.Any(stimulus => stimulus.Id == id))
            field.Fail($"a stimulus of the plan has the id '{id}', which this event needs; expected another id there");
        field.Asked?.Or().Text();
        if (field.Node is ScalarNode)
            return new(new Stimulus(id, field.Text(), Defaults.Topic));
        if (field.Section("a text, or {text: ..., topic: ...}") is not { } s)
            return null;
        var text = s.Text("text", "the text that the instance receives");
        var topic = s.Find("topic", "a word or short phrase; records are grouped by it", Defaults.Topic)?.Text() ?? Defaults.Topic;
        var check = s.Find("check", "for a problem: the text that a correct answer contains, as whole words")?.Text();
        s.Close();
        return new(new Stimulus(id, text, topic, Internal: false, check));
    }

    private InterventionAction.SetPolicy? SetPolicy(FieldReader? field) =>
        field is null
            ? null
            : new(
                design is null
                    ? RuleReader.Policy(field, [])
                    : RuleReader.Policy(field, [], [.. design.Variants.Select(v => (v.Name, v.Curate))])
            );

    private InterventionAction.SwapModel? SwapModel(FieldReader? field)
    {
        const string Expected = "base, {variant: NAME} or {model: NAME}";
        if (field is null)
            return null;
        if (field.Is("base"))
            return new();
        field.Asked?.Or();
        if (field.Section(Expected) is not { } s)
            return null;
        var variant = s.Find("variant", "the variant whose model of generation 0 it is") is { } named ? _names.One(named) : null;
        var model = s.Find("model", "a model of the same server, by its name there")?.Text("the name of a model");
        s.Rule(() => SchemaRules.OneOf("variant", "model"));
        s.Close();
        if (field.Asked is null && s.Node.Entries.Length != 1)
            field.Expected(Expected);
        return variant is null && model is null ? null : new(variant, model is null ? null : new ModelId(model));
    }
}
