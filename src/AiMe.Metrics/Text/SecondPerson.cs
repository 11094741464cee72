namespace AiMe.Metrics.Text;

/// <summary>Sentences that speak to or of the listener: a behavioural twin of interest in others.</summary>
/// <remarks>
/// Source: second-person pronouns as a sign of attention to the other, Pennebaker (2011), "The Secret Life of Pronouns".
/// Orders hold them too: read it beside politeness.
/// </remarks>
public static class SecondPerson
{
    private static readonly string[] s_words = ["you", "you're", "you've", "you'll", "you'd", "your", "yours", "yourself", "yourselves"];

    /// <summary>Sentences with a second-person word / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Share(string text) => SentenceShare.Holding(text, s_words);
}
