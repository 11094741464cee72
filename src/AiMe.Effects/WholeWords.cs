using AiMe.Metrics.Text;

namespace AiMe.Effects;

/// <summary>Searches text for whole words: "7" is not in "17".</summary>
public static class WholeWords
{
    /// <summary>Whether a text contains the words of another in sequence, ignoring case.</summary>
    public static bool Contain(string text, string part) =>
        $" {string.Join(' ', WordTokenizer.Of(text))} ".Contains($" {string.Join(' ', WordTokenizer.Of(part))} ", StringComparison.Ordinal);
}
