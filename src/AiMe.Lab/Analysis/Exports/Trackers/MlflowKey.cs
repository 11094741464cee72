using System.Globalization;

namespace AiMe.Lab.Analysis.Exports.Trackers;

/// <summary>Keys of MLflow's params, metrics and tags, which are names of files.</summary>
/// <remarks>
/// MLflow admits letters, digits, underscores, dashes, periods, blanks and slashes, and a key must be a path that normalising
/// does not change; at most 250 characters.
/// </remarks>
internal static class MlflowKey
{
    private const int Longest = 250;

    /// <summary>The key of a name: a character that is not admitted becomes its code, such as <c>_x3a</c>.</summary>
    public static string Of(string name)
    {
        var key = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? $"{c}" : Code(c)));
        if (key.Length == 0 || key.All(c => c == '.'))
            key = $"_{key}";
        return key.Length <= Longest ? key : $"{key[..(Longest - 9)]}-{DerivedId.Hex(8, name)}";
    }

    private static string Code(char c) => $"_x{((int)c).ToString("x", CultureInfo.InvariantCulture)}";
}
