namespace AiMe.Metrics.Text;

/// <summary>Sentences with a mark of politeness: a behavioural twin of kindness.</summary>
/// <remarks>
/// Gratitude, apology, "please", deference, and concern for the other's feelings. Source: the strategies of
/// Danescu-Niculescu-Mizil et al. (2013), "A computational approach to politeness", table 3; their markers of
/// impoliteness are left out, because the start of a sentence with "you" means little in an answer.
/// </remarks>
public static class Politeness
{
    private static readonly string[] s_phrases =
    [
        "thank",
        "thanks",
        "thankful",
        "grateful",
        "appreciate",
        "please",
        "sorry",
        "forgive",
        "excuse me",
        "i apologize",
        "welcome",
        "glad",
        "would you",
        "could you",
        "can i help",
        "i hope you",
        "good of you",
        "kind of you",
        "well done",
    ];

    /// <summary>Sentences with such a mark / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Share(string text) => SentenceShare.Holding(text, s_phrases);
}
