using System.IO.Enumeration;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A pattern of a name: <c>*</c> stands for any characters, <c>?</c> for one; everything else for itself.</summary>
public static class Glob
{
    /// <summary>Whether a whole name matches. Case matters.</summary>
    public static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>Whether it is more than a plain name.</summary>
    public static bool IsPattern(string pattern) => pattern.AsSpan().ContainsAny('*', '?');
}
