using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on differences in bare drift between trained variants.</summary>
internal static class PairFindings
{
    private const int Most = 3;

    /// <summary>One sentence per declared pair, at most three: claims first, then the largest differences.</summary>
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
                $" The JSON output lists {(declared.Length - Most == 1 ? "the other pair" : $"the other {declared.Length - Most} pairs")}; "
                + $"{(claims == 0 ? "none" : claims)} of them {(claims > 1 ? "support" : "supports")} a claim.";
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
            return $"{pair.First} and {pair.Second} are not tested: {Sentence.List(pair.Still)} still "
                + $"{(pair.Still.Length == 1 ? "has" : "have")} the base model, with a bare drift fixed at 0, and all differences "
                + "from that have the same sign.";
        if (!difference.HasInterval)
            return $"{subject}; one replicate gives no interval, so there is no claim either way.";
        if (!difference.IsAbove(0) && !difference.IsBelow(0))
            return $"{subject}; the interval contains 0, so there is no claim either way.";
        var correction = family > 1 ? $" after Holm's correction over {family} comparisons" : "";
        var p = $"sign-flip {Sentence.P(pair.CorrectedP)}{correction}";
        if (pair.IsClaim)
            return $"{subject}: the drift of {(difference.Mean > 0 ? pair.First : pair.Second)} is larger ({p}).";
        return $"{subject}; the interval excludes 0, but the declared test "
            + $"{(pair.CannotReach ? "cannot reach significance with so few" : "is not significant")} ({p}): an indication, not a claim.";
    }
}
