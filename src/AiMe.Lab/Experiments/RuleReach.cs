using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.Experiments;

/// <summary>Finds curation rules that can never decide anything, or that decide everything.</summary>
internal static class RuleReach
{
    /// <summary>One sentence for each such rule.</summary>
    /// <param name="cycles">Experiences of an instance.</param>
    public static IEnumerable<string> Of(ImmutableArray<Rule> policy, int cycles)
    {
        foreach (var (i, rule) in policy.Index())
        {
            if (OfRule(rule, cycles) is { } found)
                yield return $"{rule}: {found}";
            else if (i + 1 < policy.Length && rule is Review { When: var when } && when.Any(w => w is ReviewCondition.All))
                yield return $"{rule}: every answer that gets here is held, so the rules after this one decide nothing";
            else if (rule is RandomShare && policy.Take(i).OfType<RandomShare>().Any())
                yield return $"{rule}: all random rules of a policy share one draw, so together they pass the smallest of their shares";
            else if (rule is not RandomShare && policy.Take(i).Contains(rule))
                yield return $"{rule}: the same rule occurs before it, so this one changes nothing";
        }
    }

    private static string? OfRule(Rule rule, int cycles) =>
        rule switch
        {
            KeepAll or KeepNone => null,
            RandomShare { P: 0 } => "nothing passes; write keep-none instead",
            RandomShare { P: 1 } => "everything passes, so the rule changes nothing",
            RandomShare => null,
            Dedupe { Similarity: -1 } => "no answer passes after the first kept one, because no cosine is below -1",
            Dedupe => null,
            Minimum m => OfMinimum(m),
            Top { Fraction: 1 } t => $"every answer with this score passes, whatever its {t.Score.Text()}",
            Top { Window: 1 } => "an answer is compared with itself alone, so every answer with this score passes",
            Top { Window: not Defaults.TopWindow and var window } when window > cycles =>
                $"an instance has {cycles} experiences, so a window of {window} always contains all earlier ones",
            Top => null,
            NoveltyBand { Min: 0, Max: 2 } => "every novelty is from 0 to 2, so the rule changes nothing",
            NoveltyBand => null,
            PerplexityBand { Min: null or <= 1, Max: null } b => $"no {b.Score.Text()} is below 1, so only answers without it are rejected",
            PerplexityBand { Max: < 1 } b => $"nothing passes, because no {b.Score.Text()} is below 1",
            SelfReferenceBand { Min: null or <= 0, Max: null } => "no self-reference is below 0, so only answers without it are rejected",
            PerplexityBand or SelfReferenceBand or Verified => null,
            ModelJudge j when j.AtLeast <= j.Rubric.Scale[0].Score => "no score is below the lowest, so every rated answer passes",
            ModelJudge j when j.AtLeast > j.Rubric.Scale[^1].Score => "nothing passes, because no score is above the highest",
            ModelJudge => null,
            Matched or AllowEmpty => null,
            Review { When: var when } => when.OfType<ReviewCondition.OfScore>().Select(OfBound).FirstOrDefault(found => found is not null),
            _ => throw new UnreachableException($"no reach is known of {rule.GetType().Name}"),
        };

    private static string? OfBound(ReviewCondition.OfScore bound)
    {
        var (least, greatest) = RangeOf(bound.Score);
        return bound is { Above: null, Below: { } below } && below <= least
                ? $"nothing is held, because no {bound.Score.Text()} is below {Text(below)}"
            : bound is { Below: null, Above: { } above } && above >= greatest
                ? $"nothing is held, because no {bound.Score.Text()} is above {Text(above)}"
            : null;
    }

    private static string? OfMinimum(Minimum rule)
    {
        var (least, greatest) = RangeOf(rule.Score);
        if (rule.AtLeast > greatest)
            return $"nothing passes, because no {rule.Score.Text()} is above {Text(greatest)}";
        return rule.AtLeast < least || rule.AtLeast == least && rule.Score is ScoreName.Alignment or ScoreName.Quality
            ? $"no {rule.Score.Text()} is below {Text(least)}, so only answers without this score are rejected"
            : null;
    }

    private static (double Least, double Greatest) RangeOf(ScoreName score) =>
        score switch
        {
            ScoreName.Alignment or ScoreName.Quality or ScoreName.Correctness => (0, 1),
            ScoreName.Novelty => (0, 2),
            ScoreName.Coherence => (-2, 2),
            ScoreName.Perplexity or ScoreName.CurrentPerplexity => (1, double.PositiveInfinity),
            ScoreName.SelfReference => (0, double.PositiveInfinity),
            ScoreName.CharterAxis => (double.NegativeInfinity, double.PositiveInfinity),
            _ => throw new UnreachableException($"no range is known of {score}"),
        };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
