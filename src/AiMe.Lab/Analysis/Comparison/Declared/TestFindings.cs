using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>Findings of the declared tests, a sentence each.</summary>
internal static class TestFindings
{
    private const int Most = 4;

    /// <summary>At most four tests in full, claims first and primary before secondary; how many of the others support a claim.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Generation == 0)
            yield break;
        var isOnly = comparison is { Family: 1, Analysis.Secondary.IsEmpty: true };
        ImmutableArray<DeclaredTest> tests = [.. comparison.Tests.OrderByDescending(t => t.IsPrimary).ThenBy(t => Weight(t.Verdict))];
        foreach (var (i, test) in tests.Index())
            yield return new ComparisonFinding("test", TestSentence.Of(test, isOnly), Detail: i >= Most);
        if (tests.Length <= Most)
            yield break;
        var others = tests.Length - Most;
        DeclaredTest[] claims = [.. tests.Skip(Most).Where(t => t.Verdict == TestVerdict.Supported)];
        yield return new ComparisonFinding(
            "test",
            $"{Sentence.Number(comparison.Tests.Length)} tests were declared; of the {others} not named here "
                + claims.Length switch
                {
                    0 => "none supports a claim.",
                    1 => $"1 supports a claim: {TestSentence.Claim(claims[0])}.",
                    _ => $"{claims.Length} support a claim, such as: {TestSentence.Claim(claims[0])}.",
                }
        );
    }

    /// <summary>Whether the plan is too small for any primary test.</summary>
    public static IEnumerable<ComparisonFinding> Reach(RunComparison comparison)
    {
        DeclaredTest[] primary = [.. comparison.Tests.Where(t => t.IsPrimary)];
        if (comparison.Generation == 0 || !primary.All(t => t.CannotReach))
            yield break;
        // If every replicate is tied, the sentence of the test says so.
        if (primary.Where(t => !double.IsNaN(t.P) && !t.IsTied).MinBy(t => t.SmallestP) is not { } best)
            yield break;
        var divided = best.Family == 1 ? "" : $" divided over {best.Family} tests";
        var needed = best is { Method: TestMethod.SignFlip, HasTies: false }
            ? SignFlip.FewestPairs(best.Alpha / best.Family, DeclaredTests.Sided(best.Direction))
            : null;
        yield return new ComparisonFinding(
            "replicates",
            $"{(best.HasTies ? "No result can be established" : "No difference of any size can be established")}: with "
                + $"{UnitWords.Count(best.N, best.IsOverCharters)}{(best.HasTies ? ", some of them tied," : "")} the smallest "
                + $"possible p is {Sentence.P(best.SmallestP)[4..]}, above {best.Alpha:0.###}{divided}"
                + $"{(needed is null ? "" : $"; at least {needed} {UnitWords.One(best.IsOverCharters)}s are needed")}."
        );
    }

    /// <summary>Whether a declared analysis is still to come, or another generation was selected.</summary>
    public static IEnumerable<ComparisonFinding> NotYet(RunComparison comparison)
    {
        var (here, declared) = (comparison.Generation, comparison.DeclaredGeneration);
        if (here == declared)
            yield break;
        if (declared > comparison.Reached)
            yield return new ComparisonFinding(
                "incomplete",
                $"The declared tests are of generation {declared}, which not all instances have reached: nothing is tested yet."
            );
        else
            yield return new ComparisonFinding(
                "incomplete",
                $"Generation {here} was selected instead of generation {declared}, for which the tests were declared: everything here is "
                    + "exploratory."
            );
    }

    private static int Weight(TestVerdict verdict) =>
        verdict switch
        {
            TestVerdict.Supported => 0,
            TestVerdict.Opposite => 1,
            TestVerdict.NotSupported => 2,
            TestVerdict.CannotReach => 3,
            _ => 4,
        };
}
