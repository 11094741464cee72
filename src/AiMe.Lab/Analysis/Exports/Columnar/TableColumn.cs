namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>A column of a table; every column may hold nulls.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Name">In snake_case.</param>
internal abstract record TableColumn<T>(string Name)
{
    /// <summary>Text in UTF-8.</summary>
    public sealed record Utf8Text(string Name, Func<T, string?> Of) : TableColumn<T>(Name);

    /// <summary>A figure with all its bits; NaN becomes null.</summary>
    public sealed record Number(string Name, Func<T, double> Of) : TableColumn<T>(Name);

    /// <summary>A whole number.</summary>
    public sealed record Whole(string Name, Func<T, long?> Of) : TableColumn<T>(Name);

    /// <summary>Whether something holds.</summary>
    public sealed record Fact(string Name, Func<T, bool?> Of) : TableColumn<T>(Name);

    /// <summary>A time in UTC, to the microsecond.</summary>
    public sealed record Time(string Name, Func<T, DateTime?> Of) : TableColumn<T>(Name);
}

/// <summary>Names of columns.</summary>
internal static class ColumnNames
{
    /// <summary>The key of a measure or the name of a score in snake_case: <c>bareDrift</c> is <c>bare_drift</c>.</summary>
    public static string Snake(string name) =>
        string.Concat(
            name.Select(
                (c, i) =>
                    c == '-' ? "_"
                    : char.IsAsciiLetterUpper(c) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(c)}"
                    : $"{c}"
            )
        );

    /// <summary>A value of an enumeration as the word used in JSON: <c>RolledBack</c> is <c>rolled-back</c>.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
