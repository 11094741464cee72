using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Helpers for sentences.</summary>
internal static class Sentence
{
    private const int MostNames = 4;

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>; more than four: <c>a, b, c, d and 3 more</c>.</summary>
    public static string List(IEnumerable<string> parts)
    {
        ImmutableArray<string> all = [.. parts];
        if (all.Length > MostNames)
            all = [.. all.Take(MostNames), $"{all.Length - MostNames} more"];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}";
    }

    /// <summary><c>1 instance</c>, <c>1,080 instances</c>.</summary>
    public static string Count(int n, string one, string many) => $"{Number(n)} {(n == 1 ? one : many)}";

    /// <summary>A whole number with thousands separators.</summary>
    public static string Number(int n) => n.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A p-value with two significant digits, never 0.</summary>
    public static string P(double p) =>
        p < 0.0001 ? "p < 0.0001" : $"p = {p.ToString(p < 0.001 ? "0.0000" : "0.0###", CultureInfo.InvariantCulture)}";

    /// <summary>A variant with its figure: <c>keep-all (0.025 [0.010, 0.040])</c>.</summary>
    public static string With(VariantSummary variant, Measure measure, bool signed = false) =>
        $"{variant.Name} ({measure.Show(variant.Last(measure), signed)})";
}
