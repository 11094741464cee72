using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>The lower-cased words of a text in order: case, punctuation and white space do not count.</summary>
/// <param name="Text">Each word between two blanks, so that a search for words finds whole words.</param>
/// <param name="Count">Number of words.</param>
internal readonly record struct PlainWords(string Text, int Count)
{
    public static PlainWords Of(string text)
    {
        var words = WordTokenizer.Of(text);
        return new($" {string.Join(' ', words)} ", words.Count);
    }

    /// <summary>Whether all words of another text stand in this one, in order and without a gap.</summary>
    /// <param name="least">The fewest words that count: a shorter text is found by chance.</param>
    public bool Contain(PlainWords other, int least) => other.Count >= least && Text.Contains(other.Text, StringComparison.Ordinal);

    /// <summary>Equal for two texts of the same words; for texts without a word, for the same text without blanks at its ends.</summary>
    public static string KeyOf(string text) => Of(text) is { Count: > 0 } words ? words.Text : text.Trim();
}
