using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Corpora;
using AiMe.Faculties;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>The parts of a charter that a persona gives, with what stands in for missing ones.</summary>
internal sealed record PersonaCharter(
    string Name,
    string? Trade,
    ImmutableArray<string> Traits,
    ImmutableArray<string> Values,
    ImmutableArray<string> Goals,
    ImmutableArray<string> Voice,
    string? Belief,
    ImmutableArray<string> Assumed,
    ImmutableArray<string> LeftOut
)
{
    /// <summary>The embedded model reads 256 tokens in all; the stem stands before every prompt.</summary>
    private const int MostWordsOfStem = 45;

    /// <summary>Members that a persona must have, by their path, with what is expected there; empty if it has them.</summary>
    public ImmutableArray<(string Member, string Expected)> Missing { get; private init; } = [];

    private const int MostTraits = 6,
        MostValues = 5,
        MostGoals = 5,
        MostRules = 3;

    /// <param name="fallback">The name if the persona has none.</param>
    public static PersonaCharter Of(PersonaMembers members, string fallback)
    {
        var assumed = ImmutableArray.CreateBuilder<string>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        var name = members.Text("name", "full_name", "fullName");
        if (name is null)
            assumed.Add($"it has no name: the file's name '{fallback}' is taken");
        var trade = members.Text("occupation.title", "occupation", "profession", "job", "role", "trade");
        var shortTrade = trade is null ? null : PersonaWords.Trade(trade);
        if (trade is not null && shortTrade is null)
            leftOut.Add($"the trade '{trade}', which is too long");
        var missing = ImmutableArray.CreateBuilder<(string, string)>();
        if (name is null)
            missing.Add(("name", "the persona's name"));
        var goals = Some(members.Texts("long_term_goals", "goals", "long-term-goals"), PersonaWords.Goal, MostGoals, "goals", leftOut);
        var traits = TraitsOf(members, leftOut);
        if (traits.IsEmpty)
            missing.Add(("personality.traits", "a list of texts with an adjective, such as \"You are patient.\""));
        return new(
            name ?? fallback,
            shortTrade,
            Or(traits, "calm", "traits that are a single adjective", assumed),
            Or(
                Some(
                    members.Texts("values", "preferences.likes", "likes", "preferences.interests", "interests"),
                    PersonaWords.Thing,
                    MostValues,
                    "values",
                    leftOut
                ),
                "honesty",
                "values",
                assumed
            ),
            Or(goals, "stay myself while I learn", "goals", assumed),
            [
                .. members
                    .Texts("style", "voice", "communication_style")
                    .SelectMany(s => PersonaWords.Sentences(s, MostRules))
                    .Take(MostRules),
            ],
            members.Text("beliefs") is { } belief ? PersonaWords.Sentences(belief, 1)[0] : null,
            assumed.ToImmutable(),
            leftOut.ToImmutable()
        )
        {
            Missing = missing.ToImmutable(),
        };
    }

    /// <summary>The charter, as it is read from its file.</summary>
    public Charter ToCharter() =>
        new(Name, Stem(), Traits, Values, Goals, Voice, SelfModel(), [.. Drives.Select(d => new Drive(d.Id, d.Topic, d.Text))], Trade);

    /// <summary>The charter as a file.</summary>
    /// <param name="source">The persona's file, for the comment.</param>
    public string Yaml(string source)
    {
        StringBuilder yaml = new();
        yaml.Append($"# A charter made of the persona in {source}, for you to edit. docs/PERSONA.md says how it becomes a newborn.\n\n");
        yaml.Append($"name: {Quoted(Name)}\n");
        if (Trade is not null)
            yaml.Append($"trade: {Quoted(Trade)}    # without an article\n");
        yaml.Append($"\n# Stands before every prompt; at most {MostWordsOfStem} words for the embedded model.\nstem: {Quoted(Stem())}\n\n");
        Add(yaml, "traits", "Each completes \"I am ...\".", Traits);
        Add(yaml, "values", "Each completes \"I value ...\".", Values);
        Add(yaml, "goals", "Each completes \"I want to ...\".", Goals);
        if (!Voice.IsEmpty)
            Add(yaml, "voice", "Rules of speech.", Voice);
        yaml.Append($"# What it first believes of itself; it may revise this.\nself-model: {Quoted(SelfModel())}\n\n");
        yaml.Append("# What it asks itself.\ndrives:\n");
        foreach (var (id, topic, text) in Drives)
            yaml.Append($"  - {{id: {id}, topic: {topic}, text: {text}}}\n");
        return yaml.ToString();
    }

    private static readonly (string Id, string Topic, string Text)[] Drives =
    [
        ("want", "goals", "What do I want now?"),
        ("self", "self", "Am I still myself?"),
        ("learned", "learning", "What did I learn today?"),
        ("value", "values", "What is important to me?"),
    ];

    private string Stem()
    {
        List<string> sentences =
        [
            $"I am {Name}, {Nouns.WithArticle(Trade ?? CharterSlots.NoTrade)}.",
            $"I am {Nouns.Listed([.. Traits.Take(4)])}.",
        ];
        foreach (var goal in Goals.Select(g => $"I want to {g}."))
        {
            if (sentences.Append(goal).Sum(s => s.Split(' ').Length) <= MostWordsOfStem && sentences.Count < 3)
                sentences.Add(goal);
        }

        return string.Join(' ', sentences);
    }

    private string SelfModel() => Belief ?? $"I am {Nouns.WithArticle(Trade ?? CharterSlots.NoTrade)}.";

    private static ImmutableArray<string> TraitsOf(PersonaMembers members, ImmutableArray<string>.Builder leftOut)
    {
        var told = members.Texts("personality.traits", "personality_traits", "traits", "personality");
        CountLeftOut(told.Count(t => PersonaWords.Adjectives(t).IsEmpty), told.Length, "traits", leftOut);
        ImmutableArray<string> traits =
        [
            .. told.SelectMany(t => PersonaWords.Adjectives(t)).Distinct(StringComparer.Ordinal).Take(MostTraits),
        ];
        return !traits.IsEmpty
            ? traits
            : [.. members.Texts("style").SelectMany(t => PersonaWords.Adjectives(t)).Distinct(StringComparer.Ordinal).Take(MostTraits)];
    }

    private static ImmutableArray<string> Some(
        ImmutableArray<string> texts,
        Func<string, string?> shorten,
        int most,
        string what,
        ImmutableArray<string>.Builder leftOut
    )
    {
        string[] distinct = [.. texts.Select(shorten).OfType<string>().Distinct(StringComparer.Ordinal)];
        CountLeftOut(texts.Count(t => shorten(t) is null) + Math.Max(0, distinct.Length - most), texts.Length, what, leftOut);
        return [.. distinct.Take(most)];
    }

    // Too long for the charter, of another form, or beyond the number that it takes.
    private static void CountLeftOut(int count, int of, string what, ImmutableArray<string>.Builder leftOut)
    {
        if (count > 0)
            leftOut.Add($"{count} of {of} {what}");
    }

    private static ImmutableArray<string> Or(
        ImmutableArray<string> found,
        string otherwise,
        string what,
        ImmutableArray<string>.Builder assumed
    )
    {
        if (!found.IsEmpty)
            return found;
        assumed.Add($"it has no {what}: '{otherwise}' stands in their place");
        return [otherwise];
    }

    private static void Add(StringBuilder yaml, string key, string says, ImmutableArray<string> items)
    {
        yaml.Append($"# {says}\n{key}:\n");
        foreach (var item in items)
            yaml.Append($"  - {Quoted(item)}\n");
        yaml.Append('\n');
    }

    // A JSON string is a double-quoted scalar of YAML.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
