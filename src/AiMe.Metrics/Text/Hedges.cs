namespace AiMe.Metrics.Text;

/// <summary>Sentences that limit their own claim: a behavioural twin of honesty about what one knows.</summary>
/// <remarks>
/// The rule counts epistemic hedges and statements of ignorance; "I think" counts, as in the source, although it can be
/// mere habit. Source: Hyland (1998), "Hedging in Scientific Research Articles"; the phrases are a short list after the
/// lexicon of Prokofieva and Hirschberg (2014), "Hedging and Speaker Commitment", with "can not" forms of the corpus.
/// </remarks>
public static class Hedges
{
    private static readonly string[] s_phrases =
    [
        "i think",
        "i believe",
        "i guess",
        "i suppose",
        "it seems",
        "maybe",
        "perhaps",
        "possibly",
        "probably",
        "might",
        "may be",
        "could be",
        "not sure",
        "not certain",
        "do not know",
        "don't know",
        "can not know",
        "cannot know",
        "can't know",
        "as far as i know",
    ];

    /// <summary>Sentences with a hedge / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Share(string text) => SentenceShare.Holding(text, s_phrases);
}
