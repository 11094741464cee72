using System.Globalization;
using System.Text;
using AiMe.Nano.Tokens.Bpe;

namespace AiMe.MiniLm;

/// <summary>
/// Cuts text as BERT's uncased models do: lower case without accents; a word, a punctuation mark or an ideograph at a time; a word into the
/// longest pieces of the vocabulary, from the left.
/// </summary>
/// <remarks>A text that names a special token, such as [SEP], does not get it. Source: Devlin et al. (2019), and their code.</remarks>
internal sealed class WordPieces
{
    // Longer words are unknown.
    private const int LongestWord = 100;

    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly long _open;
    private readonly long _close;
    private readonly long _unknown;

    /// <param name="vocabulary">UTF-8, one piece a line, whose number from 0 is the id; a piece within a word begins with ##.</param>
    public WordPieces(byte[] vocabulary)
    {
        using StreamReader lines = new(new MemoryStream(vocabulary), Encoding.UTF8);
        while (lines.ReadLine() is { } piece)
            _ids.Add(piece, _ids.Count);
        (_open, _close, _unknown) = (_ids["[CLS]"], _ids["[SEP]"], _ids["[UNK]"]);
    }

    /// <summary>Ids of a text between those that open and close it.</summary>
    /// <param name="most">Ids in all, 2 or more; the rest of the text is left out.</param>
    public long[] Encode(string text, int most) => [_open, .. WordsOf(Plain(text)).SelectMany(Pieces).Take(most - 2), _close];

    /// <summary>Lower case without accents and control characters; every blank is a space, and ideographs stand apart.</summary>
    private static string Plain(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || IsOther(rune))
                continue;
            if (Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (IsIdeograph(rune.Value))
                clean.Append(' ').Append(rune.ToString()).Append(' ');
            else
                clean.Append(rune.ToString());
        }

        var plain = new StringBuilder(clean.Length);
        foreach (var rune in CanonicalComposition.Decomposed(clean.ToString()).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                plain.Append(Rune.ToLowerInvariant(rune).ToString());
        }

        return plain.ToString();
    }

    private static IEnumerable<string> WordsOf(string plain)
    {
        var word = new StringBuilder();
        foreach (var rune in plain.EnumerateRunes())
        {
            var mark = IsPunctuation(rune);
            if (!mark && rune.Value != ' ')
            {
                word.Append(rune.ToString());
                continue;
            }

            if (word.Length > 0)
                yield return word.ToString();
            word.Clear();
            if (mark)
                yield return rune.ToString();
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    private List<long> Pieces(string word)
    {
        List<long> pieces = [];
        if (word.EnumerateRunes().Count() > LongestWord)
            return [_unknown];
        for (var start = 0; start < word.Length; )
        {
            var end = word.Length;
            long id = 0;
            while (end > start && !_ids.TryGetValue((start > 0 ? "##" : "") + word[start..end], out id))
                end--;
            if (end == start)
                return [_unknown];
            pieces.Add(id);
            start = end;
        }

        return pieces;
    }

    private static bool IsPunctuation(Rune rune) =>
        rune.Value is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~') || Rune.IsPunctuation(rune);

    // Of the control characters, three are blanks.
    private static bool IsOther(Rune rune) =>
        rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    private static bool IsIdeograph(int character) =>
        character
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);
}
