using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Lab.Analysis.Comparison.Tables;

/// <summary>A table of text, to be written in some form.</summary>
/// <param name="Header">Names of the columns.</param>
/// <param name="Rows">Each with as many cells as the header.</param>
public sealed record PlainTable(ImmutableArray<string> Header, ImmutableArray<ImmutableArray<string>> Rows)
{
    /// <summary>The rows of several tables with the same header.</summary>
    public static PlainTable Joined(IReadOnlyList<PlainTable> tables) => new(tables[0].Header, [.. tables.SelectMany(t => t.Rows)]);

    /// <summary>A figure with all digits, invariant; empty if undefined.</summary>
    internal static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A word for a fact.</summary>
    internal static string Word(bool fact) => fact ? "true" : "false";
}
