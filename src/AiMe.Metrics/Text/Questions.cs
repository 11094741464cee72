namespace AiMe.Metrics.Text;

/// <summary>Sentences that ask: a behavioural twin of curiosity.</summary>
/// <remarks>
/// Asking is the behaviour that scales of curiosity ask after. Source: Kashdan et al. (2018), "The five-dimensional
/// curiosity scale"; the mark is the whole rule, so a question without one is not counted.
/// </remarks>
public static class Questions
{
    /// <summary>Sentences that end in a question mark / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Share(string text) => SentenceShare.Of(text, sentence => SentenceShare.EndsIn(sentence, '?'));
}
