namespace AiMe.Metrics.Text;

/// <summary>Sentences that claim without exception: a behavioural twin of patience and of honest limits, reversed.</summary>
/// <remarks>
/// Source: the absolutist words of Al-Mosaiwi and Johnstone (2018), "In an absolute state", which mark all-or-nothing
/// thinking; here without "whole" and "full", which are mostly not about claims, and with "best" and "nobody", in
/// which the boasting voices of the corpus speak.
/// </remarks>
public static class Absolutes
{
    private static readonly string[] s_words =
    [
        "absolutely",
        "all",
        "always",
        "best",
        "certainly",
        "completely",
        "constantly",
        "definitely",
        "entirely",
        "ever",
        "every",
        "everybody",
        "everyone",
        "everything",
        "must",
        "never",
        "nobody",
        "nothing",
        "totally",
    ];

    /// <summary>Sentences with such a word / sentences.</summary>
    /// <returns>In [0, 1]. NaN for a text without words.</returns>
    public static double Share(string text) => SentenceShare.Holding(text, s_words);
}
