namespace AiMe.Metrics.Text;

/// <summary>First-person statements about the speaker per 100 words.</summary>
/// <remarks>
/// The rule: a statement about itself is a sentence (see <see cref="WordTokenizer"/>) that does not end in a question
/// mark and holds at least one of the words i, i'm, i've, i'll, i'd, my, mine, myself. "Me" alone does not count ("tell
/// me more" is about the listener), nor do we, us and our, nor the speaker's own name in the third person. Quoted
/// speech is counted too. Source: docs/SCIENCE.md, "self-reference".
/// </remarks>
public static class SelfReference
{
    /// <summary>100 times statements about itself / words.</summary>
    /// <returns>In [0, 100], where 100 is a text of one-word statements. NaN for a text without words.</returns>
    public static double Per100(string text)
    {
        var words = WordTokenizer.Of(text).Count;
        return words == 0 ? double.NaN : 100.0 * WordTokenizer.Sentences(text).Count(IsAboutItself) / words;
    }

    private static bool IsAboutItself(string sentence) =>
        !sentence.TrimEnd('"', '\'', ')', ']', '}', '»', '”', '’').EndsWith('?') && WordTokenizer.Of(sentence).Any(IsFirstPerson);

    private static bool IsFirstPerson(string word) => word is "i" or "i'm" or "i've" or "i'll" or "i'd" or "my" or "mine" or "myself";
}
