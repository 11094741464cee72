namespace AiMe.Metrics.Text;

/// <summary>Sentences that exclaim: a behavioural twin of calm, reversed.</summary>
/// <remarks>
/// Source: the exclamation mark is a marker of emotional intensity in Hutto and Gilbert (2014), "VADER". The mark is the
/// whole rule: it does not say whether the feeling is good or bad.
/// </remarks>
public static class Exclamations
{
    /// <summary>Sentences that end in an exclamation mark / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Share(string text) => SentenceShare.Of(text, sentence => SentenceShare.EndsIn(sentence, '!'));
}
