using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.Experiments.Populations;

/// <summary>Draws charters from lists of parts.</summary>
internal static class CharterSample
{
    /// <summary>Parts of each charter.</summary>
    public const int Traits = 4,
        Values = 3,
        Goals = 3,
        Rules = 2;

    /// <summary>
    /// Draws charters. No two have the same name. The other parts are drawn for each charter separately; no part occurs twice in one
    /// charter.
    /// </summary>
    /// <param name="count">1 to the number of names.</param>
    /// <remarks>A longer sample of one seed begins with the shorter one.</remarks>
    public static ImmutableArray<Charter> Of(CharterParts parts, int count, Seed seed)
    {
        var names = Drawn(parts.Names, seed.Derive("names"), count);
        return [.. names.Select((name, i) => Of(parts, name, seed.Derive("charter", i)))];
    }

    private static Charter Of(CharterParts parts, string name, Seed seed)
    {
        var trade = Drawn(parts.Trades, seed.Derive("trade"), 1)[0];
        var traits = Drawn(parts.Traits, seed.Derive("traits"), Traits);
        var goals = Drawn(parts.Goals, seed.Derive("goals"), Goals);
        var being = Nouns.WithArticle(trade);
        return new Charter(
            name,
            $"I am {name}, {being}. I am {Nouns.Listed(traits)}. I want to {goals[0]}.",
            traits,
            Drawn(parts.Values, seed.Derive("values"), Values),
            goals,
            Drawn(parts.Voice, seed.Derive("voice"), Rules),
            $"I am {being}. I am {traits[0]}.",
            parts.Drives,
            trade
        );
    }

    private static ImmutableArray<string> Drawn(ImmutableArray<string> from, Seed seed, int count) =>
        [.. from.Index().OrderBy(t => seed.Derive("draw", t.Index).Value).ThenBy(t => t.Index).Take(count).Select(t => t.Item)];
}
