using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AiMe.Nano.Tokens.Bpe;

/// <summary>One step of cutting a text into the pieces that merges never cross.</summary>
internal abstract class TextSplitter
{
    /// <summary>The lengths of the pieces, which fill the text, in UTF-16 units.</summary>
    public abstract IEnumerable<int> Lengths(string text);
}

/// <summary>Each number is a piece, or each run of numbers.</summary>
internal sealed class DigitSplitter(bool single) : TextSplitter
{
    public override IEnumerable<int> Lengths(string text)
    {
        var start = 0;
        for (int i = 0, size; i < text.Length; i += size)
        {
            var isNumber = IsNumber(text, i, out size);
            var next = i + size;
            var goesOn = next < text.Length && IsNumber(text, next, out _) == isNumber && !(single && isNumber);
            if (goesOn)
                continue;
            yield return next - start;
            start = next;
        }
    }

    private static bool IsNumber(string text, int at, out int size)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out size);
        return Rune.IsNumber(rune);
    }
}

/// <summary>Each match of a regular expression is a piece, and so is what is between two.</summary>
/// <remarks>
/// .NET's classes do not know characters beyond U+FFFF, which are two units. Such a character is matched as one of the
/// same category: patterns of tokenizers name classes, and of single characters only some of ASCII.
/// </remarks>
internal sealed class PatternSplitter : TextSplitter
{
    // One below U+10000 of each category, in the order of UnicodeCategory; none is ASCII.
    private static readonly ImmutableArray<char> s_ofCategory =
    [
        .. "Ààǅʰª\u0300\u0903\u0488٠Ⅰ²\u2003",
        .. "\u2028\u2029\u0080\u00AD\uD800\uE000‿‐⁅⁆«»‡±¢˅¦\u0378",
    ];

    private readonly Regex _pattern;

    /// <exception cref="ArgumentException">.NET does not know the pattern.</exception>
    public PatternSplitter(string pattern) => _pattern = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public override IEnumerable<int> Lengths(string text)
    {
        var alike = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Alike(text);
        var (start, from) = (0, 0); // in units of the text; of what is matched
        foreach (var (index, length) in Pieces(alike))
        {
            if (index > from)
                yield return Advance(index - from);
            yield return Advance(length);
        }

        if (start < text.Length)
            yield return text.Length - start;

        int Advance(int characters)
        {
            var before = start;
            from += characters;
            if (ReferenceEquals(alike, text))
            {
                start += characters;
                return characters;
            }

            for (var i = 0; i < characters; i++)
                start += char.IsHighSurrogate(text[start]) ? 2 : 1;
            return start - before;
        }
    }

    private IEnumerable<(int Index, int Length)> Pieces(string text)
    {
        for (var match = _pattern.Match(text); match.Success; match = match.NextMatch())
        {
            if (match.Length > 0)
                yield return (match.Index, match.Length);
        }
    }

    private static string Alike(string text)
    {
        var alike = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp)
                alike.Append((char)rune.Value);
            else
                alike.Append(s_ofCategory[(int)CharUnicodeInfo.GetUnicodeCategory(rune.Value)]);
        }

        return alike.ToString();
    }
}
