namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A pattern of a name: <c>*</c> stands for any characters, <c>?</c> for one; everything else for itself.</summary>
public static class Glob
{
    /// <summary>Whether a whole name fits.</summary>
    public static bool Fits(string pattern, string name) => Fits(pattern.AsSpan(), name);

    /// <summary>Whether it is more than a plain name.</summary>
    public static bool IsPattern(string pattern) => pattern.AsSpan().ContainsAny('*', '?');

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // The last star takes one character more whenever what stands behind it does not fit.
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
