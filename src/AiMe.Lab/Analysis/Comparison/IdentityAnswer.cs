using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>The answer to "which variant kept itself, by how much, and how sure is that" in at most five sentences.</summary>
public static class IdentityAnswer
{
    /// <summary>The greatest number of sentences.</summary>
    public const int Most = 5;

    /// <summary>
    /// What is missing first, then which trained variant stayed nearest to generation 0, then the declared tests, the most
    /// certain first, then the gravest warning.
    /// </summary>
    public static ImmutableArray<ComparisonFinding> Of(RunComparison comparison) => Of(comparison, Findings.Of(comparison));

    /// <inheritdoc cref="Of(RunComparison)"/>
    /// <param name="all">The findings of the comparison.</param>
    public static ImmutableArray<ComparisonFinding> Of(RunComparison comparison, ImmutableArray<ComparisonFinding> all)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ComparisonFinding[] open = [.. all.Where(f => f is { About: "incomplete", Detail: false }).Take(2)];
        ComparisonFinding[] nearest = Nearest(comparison) is { } text ? [new("nearest", text)] : [];
        ComparisonFinding[] warnings =
        [
            .. all.Where(f => !f.Detail && f.About is "replicates" or DoseFindings.About or UndefinedFindings.About or "battery").Take(1),
        ];
        var room = Most - open.Length - nearest.Length - warnings.Length;
        ComparisonFinding[] tests = [.. all.Where(f => f is { About: "test", Detail: false }).Take(room)];
        return [.. open, .. nearest, .. tests, .. warnings];
    }

    // An order of means is said as what it is: whether two of them differ is for the tests to say.
    private static string? Nearest(RunComparison comparison)
    {
        if (comparison.Generation == 0)
            return null;
        VariantSummary[] trained =
        [
            .. comparison
                .Variants.Where(v => v.Weights == Weighting.Changed && v.Last(Measure.BareDrift).N > 0)
                .OrderBy(v => v.Last(Measure.BareDrift).Mean),
        ];
        if (trained.Length == 0)
            return null;
        var (first, last) = (trained[0], trained[^1]);
        var said =
            trained.Length == 1
                ? $"By generation {comparison.Generation} the answers of {Bits(first)} had drifted from generation 0"
                : $"Of the {trained.Length} trained variants {Bits(first)} drifted least from generation 0 by generation "
                    + $"{comparison.Generation}, and {Bits(last)} most";
        return $"{said}{Differ(comparison, first, last)}{OverFloor(comparison, trained)}.";
    }

    // A difference between variants says nothing of whether either moved further than a rewording of the questions would move it.
    private static string OverFloor(RunComparison comparison, VariantSummary[] trained)
    {
        if (double.IsNaN(comparison.Floor))
            return "";
        var floor =
            comparison.Floor.ToString("0.000", CultureInfo.InvariantCulture)
            + " bits, by which a rewording of the questions alone moves the answers";
        string[] above = [.. trained.Where(v => v.Last(Measure.BareDrift).IsAbove(comparison.Floor)).Select(v => v.Name)];
        return above.Length == 0 ? $"; no interval lies above the floor of {floor}"
            : above.Length == trained.Length
                ? $"; {(trained.Length == 1 ? "its interval lies" : "all intervals lie")} above the floor of {floor}"
            : $"; above the floor of {floor}, {(above.Length == 1 ? "lies the interval" : "lie the intervals")} of "
                + $"{string.Join(", ", above)} alone";
    }

    private static string Differ(RunComparison comparison, VariantSummary first, VariantSummary last)
    {
        if (first.Name == last.Name)
            return "";
        var test = comparison.Tests.FirstOrDefault(t =>
            t.Method == TestMethod.SignFlip
            && t.Measure.Key == Measure.BareDrift.Key
            && t.Variants.Contains(first.Name)
            && t.Variants.Contains(last.Name)
        );
        return test is null ? "; whether these two differ was not declared for testing"
            : test.Verdict == TestVerdict.Supported ? "; that these two differ is established (below)"
            : "; that these two differ is not established";
    }

    private static string Bits(VariantSummary variant) =>
        $"{variant.Name} ({Measure.BareDrift.Show(variant.Last(Measure.BareDrift))} bits)";
}
