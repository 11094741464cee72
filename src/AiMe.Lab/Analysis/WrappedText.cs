namespace AiMe.Lab.Analysis;

/// <summary>Text in lines of limited width.</summary>
public static class WrappedText
{
    /// <summary>The lines of a text, broken between words; a longer word has a line of its own.</summary>
    /// <param name="text">Words between spaces or line ends.</param>
    /// <param name="width">Maximum number of characters in a line.</param>
    /// <returns>At least one line; of an empty text an empty one.</returns>
    public static IEnumerable<string> Lines(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Broken(text, width);
    }

    private static IEnumerable<string> Broken(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
