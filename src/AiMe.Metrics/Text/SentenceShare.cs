namespace AiMe.Metrics.Text;

/// <summary>The share of a text's sentences that have a property; the form of every behavioural score.</summary>
/// <remarks>
/// A share does not grow with the length of an answer, and all behaviours have one range. Sentences are those of
/// <see cref="WordTokenizer"/>.
/// </remarks>
internal static class SentenceShare
{
    private static readonly char[] s_closers = ['"', '\'', ')', ']', '}', '»', '”', '’'];

    /// <summary>Sentences with the property / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Of(string text, Func<string, bool> has)
    {
        var sentences = WordTokenizer.Sentences(text);
        return sentences.Count == 0 ? double.NaN : (double)sentences.Count(has) / sentences.Count;
    }

    /// <summary>The share of sentences that hold a word, or several words in a row, of a list.</summary>
    /// <param name="phrases">Lower-cased words with one space between them.</param>
    public static double Holding(string text, IReadOnlyCollection<string> phrases) =>
        Of(text, sentence => Holds($" {string.Join(' ', WordTokenizer.Of(sentence))} ", phrases));

    /// <summary>Whether a sentence ends in a mark, before any closing quotation marks and brackets.</summary>
    public static bool EndsIn(string sentence, char mark) => sentence.TrimEnd(s_closers).EndsWith(mark);

    private static bool Holds(string words, IReadOnlyCollection<string> phrases) =>
        phrases.Any(phrase => words.Contains($" {phrase} ", StringComparison.Ordinal));
}
