namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A pattern for names: <c>*</c> matches any characters, <c>?</c> one character.</summary>
public static class Glob
{
    /// <summary>Whether the pattern matches a whole name.</summary>
    public static bool Fits(string pattern, string name) => Fits(pattern.AsSpan(), name);

    /// <summary>Whether the text contains wildcards.</summary>
    public static bool IsPattern(string pattern) => pattern.AsSpan().ContainsAny('*', '?');

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // If the rest does not match, the last star takes one more character.
        var (p, n, star, taken) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
                (star, taken, p) = (p, n, p + 1);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
                (p, n) = (p + 1, n + 1);
            else if (star >= 0)
                (p, n) = (star + 1, ++taken);
            else
                return false;
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
