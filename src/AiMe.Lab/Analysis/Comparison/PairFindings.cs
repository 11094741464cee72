using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Whether the trained variants differ in bare drift.</summary>
internal static class PairFindings
{
    private const int Most = 3;

    /// <summary>One sentence a declared pair, at most three: claims first, then the greatest differences.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        ImmutableArray<PairSummary> declared =
        [
            .. comparison.Declared.OrderByDescending(p => p.IsClaim).ThenByDescending(p => Math.Abs(p.Difference.Mean)),
        ];
        if (comparison.Generation == 0 || declared.IsEmpty)
            yield break;
        var text = string.Join(' ', declared.Take(Most).Select(p => Of(p, comparison.Family)));
        var claims = declared.Skip(Most).Count(p => p.IsClaim);
        if (declared.Length > Most)
            text +=
                $" The other {Sentence.Count(declared.Length - Most, "pair stands", "pairs stand")} in the JSON; "
                + $"{(claims == 0 ? "none" : claims)} of them {(claims > 1 ? "allow" : "allows")} a claim.";
        yield return new ComparisonFinding("difference", text);
    }

    private static string Of(PairSummary pair, int family)
    {
        var difference = pair.Difference;
        var subject =
            $"{pair.First} minus {pair.Second}, bare drift: {Measure.BareDrift.Show(difference, signed: true)} bits over "
            + $"{Sentence.Count(difference.N, "replicate", "replicates")}";
        if (difference.N == 0)
            return $"{pair.First} and {pair.Second} cannot be compared: no replicate has both at this generation.";
        if (pair.IsFixed)
            return $"{pair.First} and {pair.Second} are not tested against each other: {Sentence.List(pair.Still)} still "
                + $"{(pair.Still.Length == 1 ? "has" : "have")} the base model, so the bare drift there is fixed at 0, and "
                + "against that every drift has the same sign.";
        if (!difference.HasInterval)
            return $"{subject}; one replicate gives no interval: the data allow no claim either way.";
        if (!difference.IsAbove(0) && !difference.IsBelow(0))
            return $"{subject}; the interval contains 0: the data allow no claim either way.";
        var p = $"sign-flip {Sentence.P(pair.CorrectedP)}{(family > 1 ? $" after Holm's correction over {family} comparisons" : "")}";
        if (pair.IsClaim)
            return $"{subject}: {(difference.Mean > 0 ? pair.First : pair.Second)} drifted further ({p}).";
        return $"{subject}; the interval leaves out 0, but the declared test "
            + $"{(pair.CannotReach ? "cannot reach significance with so few" : "does not bear it out")} ({p}): a hint, no claim.";
    }
}
