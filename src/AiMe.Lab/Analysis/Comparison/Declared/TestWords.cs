using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>What a declared test found, as the cells of a table.</summary>
public static class TestWords
{
    /// <summary>The variants of a contrast and their relation: <c>a - b</c>, <c>a &lt; b &lt; c</c>, <c>a = b</c>.</summary>
    public static string Contrast(DeclaredTest test) => string.Join($" {Sign(test)} ", test.Variants);

    /// <summary>What stands between the variants of a contrast.</summary>
    public static string Sign(DeclaredTest test) =>
        test.Contrast switch
        {
            DeclaredContrast.Pair => "-",
            DeclaredContrast.Ordered { Direction: EffectDirection.Higher } => "<",
            DeclaredContrast.Ordered { Direction: EffectDirection.Lower } => ">",
            DeclaredContrast.Ordered => "to",
            DeclaredContrast.Equivalent => "=",
            _ => throw new UnreachableException(),
        };

    /// <summary>The name of the test, with its direction.</summary>
    public static string Method(DeclaredTest test) =>
        test.Direction == EffectDirection.Either ? Name(test) : $"{Name(test)}, {Predicted(test.Direction, test.Outcome)}";

    /// <summary>The name of the test.</summary>
    public static string Name(DeclaredTest test) =>
        test.Method switch
        {
            TestMethod.SignFlip => "sign flips",
            TestMethod.Page => "Page's L",
            TestMethod.Equivalence => "equivalence",
            TestMethod.LogRank => "log-rank",
            _ => throw new UnreachableException(),
        };

    /// <summary>A direction in the word for its outcome: a value is higher or lower, a bound is crossed later or sooner.</summary>
    public static string Predicted(EffectDirection direction, DeclaredOutcome outcome) =>
        (direction, outcome) switch
        {
            (EffectDirection.Either, _) => "either",
            (EffectDirection.Higher, DeclaredOutcome.Survival) => "later",
            (EffectDirection.Lower, DeclaredOutcome.Survival) => "sooner",
            (EffectDirection.Higher, _) => "higher",
            (EffectDirection.Lower, _) => "lower",
            _ => throw new UnreachableException(),
        };

    /// <summary>The statistic where it is no difference; else empty.</summary>
    public static string Statistic(DeclaredTest test) =>
        test.Method switch
        {
            TestMethod.Page or TestMethod.LogRank when !double.IsNaN(test.Statistic) => test.Statistic.ToString(
                "0.##",
                CultureInfo.InvariantCulture
            ),
            TestMethod.Equivalence => $"within {Bound(test)}",
            _ => "",
        };

    /// <summary>A probability for a table, never rounded to 0; "-" if undefined.</summary>
    public static string P(double p) =>
        double.IsNaN(p) ? "-"
        : p == 0 ? "0"
        : p < 0.0001 ? "<0.0001"
        : p.ToString(p < 0.001 ? "0.0000" : "0.0###", CultureInfo.InvariantCulture);

    /// <summary>The verdict in words.</summary>
    public static string Verdict(DeclaredTest test) =>
        test.Verdict switch
        {
            TestVerdict.Supported => "claim",
            TestVerdict.NotSupported => "no claim",
            TestVerdict.Opposite => "opposite",
            TestVerdict.CannotReach => "cannot reach",
            TestVerdict.NotTested => "not tested",
            _ => throw new UnreachableException(),
        };

    /// <summary>The outcome as in a table: a measure, or the bound of a survival.</summary>
    public static string Outcome(DeclaredTest test) =>
        test.Outcome is DeclaredOutcome.Survival s ? Crossing(s, test.Measure) : test.Measure.Title;

    /// <summary>Such as <c>empty above 50%</c>.</summary>
    public static string Crossing(DeclaredOutcome.Survival outcome, Measure measure) =>
        $"{measure.Title} {(outcome.Above ? "above" : "below")} {measure.Show(outcome.Bound)}";

    /// <summary>The bound of an equivalence test.</summary>
    internal static string Bound(DeclaredTest test) =>
        test.Outcome is DeclaredOutcome.Value { SmallestEffect: { } bound }
            ? $"{test.Measure.ShowDifference(bound)}{Sentence.Unit(test.Measure)}"
            : "the smallest effect of interest";
}
