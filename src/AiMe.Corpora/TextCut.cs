namespace AiMe.Corpora;

/// <summary>Cuts texts without splitting a character.</summary>
public static class TextCut
{
    /// <summary>The beginning of a text: at most so many UTF-16 code units, and one fewer if a surrogate pair would be split.</summary>
    /// <param name="most">At least 0.</param>
    public static string Beginning(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (text.Length <= most)
            return text;
        return most > 0 && char.IsSurrogatePair(text, most - 1) ? text[..(most - 1)] : text[..most];
    }

    /// <summary>The text, or its beginning and a mark; both together are at most so long.</summary>
    /// <param name="most">At least the length of the mark.</param>
    public static string Marked(string text, int most, string mark = "...")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(mark);
        return text.Length <= most ? text : Beginning(text, most - mark.Length).TrimEnd() + mark;
    }
}
