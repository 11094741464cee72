namespace AiMe.Lab.Analysis.Ratings;

/// <summary>The name under which a person rates pairs. It is part of a file's name.</summary>
public static class RaterName
{
    /// <summary>Most characters.</summary>
    public const int Longest = 40;

    /// <summary>What is wrong with a name, and what was expected; null if nothing is.</summary>
    public static string? FaultOf(string? name) =>
        name is null || name.Length is 0 or > Longest || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '_'))
            ? $"found '{name}', expected a name of your own choice: letters, digits, - and _, at most {Longest} characters"
            : null;
}
