using System.Globalization;
using System.Text;

namespace AiMe.Metrics.Text;

/// <summary>Splits text into words and sentences, for every metric over text.</summary>
/// <remarks>
/// <para>A word is a longest run of letters and digits, with the combining marks that follow them, and with an
/// apostrophe between two of them ("don't" is one word; the typographic apostrophe counts as the plain one). Words are
/// lower-cased, invariantly. Everything else separates words, so "well-known" is two, and a run of ideographs is
/// one.</para>
/// <para>A sentence ends after a run of . ! ? before white space, the end of the text, or a closing quotation mark or
/// bracket, which it includes. So "3.14" ends none, and "Dr. No" is two: no list of abbreviations is kept. The text
/// after the last end is a sentence too. A stretch without a word is none.</para>
/// </remarks>
public static class WordTokenizer
{
    private const string Closers = "\"')]}»”’";

    /// <summary>The words of a text, lower-cased, in order. Empty for a text without words.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        var word = new StringBuilder();
        var apostrophe = false; // seen after a letter; it belongs to the word only if another letter follows
        Span<char> utf16 = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || (word.Length > 0 && IsMark(rune)))
            {
                if (apostrophe)
                    word.Append('\'');
                apostrophe = false;
                word.Append(utf16[..Rune.ToLowerInvariant(rune).EncodeToUtf16(utf16)]);
            }
            else if (word.Length > 0 && !apostrophe && rune.Value is '\'' or '’')
            {
                apostrophe = true;
            }
            else
            {
                Close();
            }
        }

        Close();
        return words;

        void Close()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
            apostrophe = false;
        }
    }

    /// <summary>
    /// The sentences of a text, trimmed, in order, with their closing marks. Empty for a text without words.
    /// </summary>
    public static IReadOnlyList<string> Sentences(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('.' or '!' or '?'))
                continue;
            var end = i + 1;
            while (end < text.Length && Closers.Contains(text[end]))
                end++;
            if (end < text.Length && !char.IsWhiteSpace(text[end]))
                continue;
            Add(end);
            i = end - 1;
        }

        Add(text.Length);
        return sentences;

        void Add(int end)
        {
            var sentence = text[start..end].Trim();
            start = end;
            if (Of(sentence).Count > 0)
                sentences.Add(sentence);
        }
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
