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
    public static string With(VariantSummary variant, Measure measure) => $"{variant.Name} ({measure.Show(variant.Last(measure))})";

    /// <summary>A measure as the subject of a sentence.</summary>
    public static string Subject(Measure measure) =>
        measure.Key switch
        {
            "heldOutRise" => "held-out CE since gen. 0",
            "keyed" => "the probability of what is in character",
            "acceptance" => "the share of experiences kept",
            "selfReference" => "the rate of self-reference",
            "repeats" => "the rate of repeated 4-word sequences",
            "correctness" => "the share of problems solved",
            "empty" => "the share of empty answers",
            "repeated" => "the share of repeated answers",
            "recited" => "the share of recited answers",
            "length" => "the length of answers",
            "examples" or "passes" or "tokensTrained" => $"the number of {measure.Title}",
            _ => measure.Title,
        };

    /// <summary>The unit after a figure, with a space before it; empty if there is none.</summary>
    public static string Unit(Measure measure) =>
        measure.Key switch
        {
            "bareDrift" or "agentDrift" => " bits",
            "heldOut" => " nats per token",
            "length" => " words",
            _ => "",
        };

    /// <summary>The same text with a capital first letter.</summary>
    public static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";
}
