using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>Nouns and lists in English sentences.</summary>
public static class Nouns
{
    /// <summary>A noun with its article, by its first letter: a clockmaker, an architect.</summary>
    public static string WithArticle(string noun)
    {
        ArgumentNullException.ThrowIfNull(noun);
        return noun.Length > 0 && "aeiouAEIOU".Contains(noun[0]) ? $"an {noun}" : $"a {noun}";
    }

    /// <summary>a, b and c.</summary>
    public static string Listed(ImmutableArray<string> words) =>
        words.Length < 2 ? string.Concat(words) : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}
