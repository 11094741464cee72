using AiMe.Metrics.Text;

namespace AiMe.Effects;

/// <summary>Text in text, as whole words: "7" is not in "17".</summary>
internal static class WholeWords
{
    /// <summary>Whether the words of a part stand one after another in a text, whatever their case.</summary>
    public static bool Contain(string text, string part) =>
        $" {string.Join(' ', WordTokenizer.Of(text))} ".Contains($" {string.Join(' ', WordTokenizer.Of(part))} ", StringComparison.Ordinal);
}
