using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>Says in one sentence what a declared test found.</summary>
internal static class TestSentence
{
    /// <param name="isOnly">Whether nothing else was declared.</param>
    public static string Of(DeclaredTest test, bool isOnly) =>
        test.Verdict switch
        {
            TestVerdict.Supported => $"{Start(test, Seen(test))}{Over(test)}{Predicted(test)}{Evidence(test, isOnly)}.",
            TestVerdict.NotSupported => $"That {Clause(test, test.Direction)} is not established{Over(test)}{Evidence(test, isOnly)}.",
            TestVerdict.Opposite =>
                $"That {Clause(test, test.Direction)} is not established, and the estimate{Over(test)} is opposite to what was predicted"
                    + $"{Evidence(test, isOnly)}.",
            TestVerdict.CannotReach when test.IsTied =>
                $"That {Clause(test, test.Direction)} is not established{Over(test)}, all of which are tied{Evidence(test, isOnly)}.",
            TestVerdict.CannotReach when test.HasTies =>
                $"{UnitWords.Count(test.N, test.IsOverCharters)}, some of them tied, cannot establish that "
                    + $"{Clause(test, test.Direction)}{Evidence(test, isOnly)}.",
            TestVerdict.CannotReach =>
                $"{UnitWords.Count(test.N, test.IsOverCharters)} cannot establish that {Clause(test, test.Direction)}"
                    + $"{Evidence(test, isOnly)}.",
            TestVerdict.NotTested => $"That {Clause(test, test.Direction)} is not tested: {WhyNot(test)}.",
            _ => throw new UnreachableException(),
        };

    /// <summary>What the test asks; nothing of a result.</summary>
    public static string Hypothesis(DeclaredTest test) => $"{Start(test, test.Direction)}.";

    /// <summary>What a supported test claims, as a clause.</summary>
    public static string Claim(DeclaredTest test) =>
        $"{Clause(test, Seen(test))}{(test.IsPrimary ? "" : " (secondary)")}, corrected {Sentence.P(test.CorrectedP)}";

    // An equivalence begins with the name of a variant, which stays as it is written.
    private static string Start(DeclaredTest test, EffectDirection direction) =>
        test.Method == TestMethod.Equivalence ? Clause(test, direction) : Sentence.Capital(Clause(test, direction));

    private static string Clause(DeclaredTest test, EffectDirection direction)
    {
        var (subject, first, last) = (Sentence.Subject(test.Measure), test.Variants[0], test.Variants[^1]);
        var crosses = test.Outcome is DeclaredOutcome.Survival s
            ? $"{subject} {(s.Above ? "rises above" : "falls below")} {test.Measure.Show(s.Bound)}"
            : "";
        return test.Method switch
        {
            TestMethod.SignFlip => direction switch
            {
                EffectDirection.Higher => $"{subject} is higher in {first} than in {last}",
                EffectDirection.Lower => $"{subject} is lower in {first} than in {last}",
                _ => $"{subject} differs between {first} and {last}",
            },
            TestMethod.Page when crosses.Length > 0 => direction switch
            {
                EffectDirection.Higher => $"{crosses} ever later from {first} to {last}",
                EffectDirection.Lower => $"{crosses} ever sooner from {first} to {last}",
                _ => $"the time at which {crosses} has a trend from {first} to {last}",
            },
            TestMethod.Page => direction switch
            {
                EffectDirection.Higher => $"{subject} rises from {first} to {last}",
                EffectDirection.Lower => $"{subject} falls from {first} to {last}",
                _ => $"{subject} has a trend from {first} to {last}",
            },
            TestMethod.LogRank => direction switch
            {
                EffectDirection.Higher => $"{crosses} later in {first} than in {last}",
                EffectDirection.Lower => $"{crosses} sooner in {first} than in {last}",
                _ => $"the time at which {crosses} differs between {first} and {last}",
            },
            TestMethod.Equivalence => $"{first} and {last} differ in {subject} by less than {TestWords.Bound(test)}",
            _ => throw new UnreachableException(),
        };
    }

    // The direction of what was found, for a claim.
    private static EffectDirection Seen(DeclaredTest test) => test.Effect > 0 ? EffectDirection.Higher : EffectDirection.Lower;

    private static string Predicted(DeclaredTest test) => test.Direction == EffectDirection.Either ? "" : ", as predicted";

    private static string Over(DeclaredTest test) =>
        $" {(test.Method == TestMethod.Page ? "in" : "over")} {UnitWords.Count(test.N, test.IsOverCharters)}";

    private static string Evidence(DeclaredTest test, bool isOnly)
    {
        // Without this, a p below alpha beside "not established" would read as a mistake.
        var held = test is { Verdict: TestVerdict.NotSupported } && test.CorrectedP <= test.Alpha ? "; the interval includes 0" : "";
        var figures = $"{Figures(test)}, {Corrected(test, isOnly)}{held}";
        return test.Method switch
        {
            TestMethod.Page when test.Estimate.N == 0 => $" ({figures})",
            TestMethod.Page => $" ({figures}; last minus first {Amount(test)}{Against(test)})",
            TestMethod.LogRank =>
                $": in {string.Join(" against ", test.Crossings.Select(c => $"{c.Crossed} of {c.Of}"))} instances ({figures})",
            _ => $": {Amount(test)} ({figures})",
        };
    }

    // L ranks every variant within each replicate, so it can point one way and the mean of the two ends the other.
    private static string Against(DeclaredTest test) =>
        test.Effect * test.Estimate.Mean < 0 ? ", against the trend: the test ranks all variants, the difference is of two" : "";

    private static string Figures(DeclaredTest test)
    {
        var name = test.Method switch
        {
            TestMethod.SignFlip => "sign-flip test",
            TestMethod.Page => $"Page's L = {test.Statistic.ToString("0.#", CultureInfo.InvariantCulture)}",
            TestMethod.Equivalence => "equivalence test",
            TestMethod.LogRank => $"log-rank test within {UnitWords.One(test.IsOverCharters)}s",
            _ => throw new UnreachableException(),
        };
        return $"{name}, {(test.IsExact ? "exact " : "")}{Sentence.P(test.P)}";
    }

    private static string Corrected(DeclaredTest test, bool isOnly) =>
        (isOnly, test.Family) switch
        {
            (true, 1) => "the only declared test",
            (_, 1) => $"the only {Rank(test)} test",
            _ => $"{TestWords.P(test.CorrectedP)} corrected for {test.Family} {Rank(test)} tests",
        };

    private static string Rank(DeclaredTest test) => test.IsPrimary ? "primary" : "secondary";

    private static string Amount(DeclaredTest test)
    {
        var (mean, range) = test.Measure.Parts(test.Estimate, difference: true);
        var level = Math.Abs(test.Confidence - Estimate.Level) < 1e-9 ? "" : $"{test.Confidence * 100:0.##}% interval ";
        return $"{mean}{Sentence.Unit(test.Measure)}{(range.Length == 0 ? "" : level.Length == 0 ? $" {range}" : $", {level}{range}")}";
    }

    /// <summary>Why nothing was tested, as a clause.</summary>
    public static string WhyNot(DeclaredTest test) =>
        test switch
        {
            { Still: { IsEmpty: false } still } => Fixed(still, test.Measure),
            { Method: TestMethod.Equivalence, Outcome: DeclaredOutcome.Survival } => "a time of crossing has no equivalence test",
            { N: 0 } =>
                $"no {UnitWords.One(test.IsOverCharters)} has {(test.Variants.Length == 2 ? "both" : "all of them")} at this generation",
            { Method: TestMethod.Equivalence, N: > 1 } => "no smallest effect of interest was declared",
            _ => $"one {UnitWords.One(test.IsOverCharters)} is not enough",
        };

    /// <summary>Why variants cannot change by a measure, as a clause.</summary>
    public static string Fixed(ImmutableArray<string> still, Measure measure) =>
        $"{Sentence.List(still)} {(still.Length == 1 ? "has" : "have")} the base model, of which {Sentence.Subject(measure)} cannot change";
}
