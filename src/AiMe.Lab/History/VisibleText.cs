using System.Globalization;
using System.Text;

namespace AiMe.Lab.History;

/// <summary>Shows recorded text as it is: what would be invisible, or would change the order of what is read, is spelled out.</summary>
/// <remarks>
/// Escaping for HTML is the renderer's part. Control and format characters (bidirectional overrides among them) and lone
/// surrogates become <c>\u202E</c> and the like; line feeds and tabs stay. Zero-width joiners stay, since scripts and emoji
/// need them.
/// </remarks>
public static class VisibleText
{
    /// <summary>The same text, with every such character spelled out.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text) || !Needs(text))
            return text ?? "";
        var visible = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                visible.Append(text[i]).Append(text[++i]);
            else if (IsHidden(text[i]) || char.IsSurrogate(text[i]))
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            else if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
                visible.Append(text[i] == '\r' ? '\n' : text[i]);
        }

        return visible.ToString();
    }

    private static bool Needs(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(c => c == '\r' || IsHidden(c) || char.IsSurrogate(c));

    private static bool IsHidden(char c) =>
        c is not ('\n' or '\t' or '\r' or '\u200C' or '\u200D')
        && char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
