using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>Shortens the sentences of a persona to the words and phrases of a charter.</summary>
internal static partial class PersonaWords
{
    private const int MostWordsOfPhrase = 8;

    private static readonly string[] Adverbs = ["very", "highly", "quite", "extremely", "really", "always", "often", "somewhat", "also"];

    /// <summary>
    /// The adjectives of a sentence such as "You are very organized and like to plan ahead."; none if it has no such form.
    /// </summary>
    public static ImmutableArray<string> Adjectives(string sentence)
    {
        var match = Being().Match(sentence);
        var rest = match.Success ? sentence[match.Length..] : sentence;
        var phrase = End().Split(rest, 2)[0];
        return [.. Joined().Split(phrase).Select(Adjective).OfType<string>()];
    }

    /// <summary>What "To find the truth." wants, as it completes "I want to"; null if it is too long or empty.</summary>
    public static string? Goal(string sentence)
    {
        var text = Wanting().Replace(sentence.Trim().TrimEnd('.', '!'), "", 1);
        return Phrase(text, 16);
    }

    /// <summary>A noun phrase without its full stop, in small letters at the beginning; null if it is too long.</summary>
    public static string? Thing(string text) => Phrase(text.Trim().TrimEnd('.', '!'), MostWordsOfPhrase);

    /// <summary>A trade in small letters, but for abbreviations; null if it is too long.</summary>
    public static string? Trade(string title)
    {
        var words = Article().Replace(title.Trim().TrimEnd('.'), "", 1).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Phrase(string.Join(' ', words.Select(Small)), MostWordsOfPhrase);
    }

    /// <summary>The first sentences of a text.</summary>
    public static ImmutableArray<string> Sentences(string text, int most) =>
        [.. SentenceEnd().Split(text.Trim()).Where(s => s.Length > 0).Take(most)];

    private static string? Adjective(string part)
    {
        var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        while (words.Length > 1 && Adverbs.Contains(words[0], StringComparer.OrdinalIgnoreCase))
            words = words[1..];
        return words is [var word] && Word().IsMatch(word) ? word.ToLowerInvariant() : null;
    }

    private static string? Phrase(string text, int most)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Length > most)
            return null;
        words[0] = Small(words[0]);
        return string.Join(' ', words);
    }

    private static string Small(string word) =>
        word.Length > 1 && char.IsUpper(word[0]) && !char.IsUpper(word[1]) ? char.ToLowerInvariant(word[0]) + word[1..] : word;

    [GeneratedRegex(@"^\s*(?:you are|you're|i am|i'm|is|are|he is|she is|they are)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Being();

    [GeneratedRegex(
        @"[.;:!?]|\band (?:like|likes|love|loves|enjoy|enjoys|not|can|care|cares|want|wants|have|has)\b|\bbut\b|\bwhen\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex End();

    [GeneratedRegex(@",\s*(?:and\s+)?|\s+and\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Joined();

    [GeneratedRegex(@"^(?:i want to|you want to|my goal is to|to)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Wanting();

    [GeneratedRegex(@"^(?:an?|the)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Article();

    [GeneratedRegex(@"(?<=[.!?])\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^\p{L}[\p{L}'-]{2,}$")]
    private static partial Regex Word();
}
