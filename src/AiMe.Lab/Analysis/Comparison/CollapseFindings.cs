using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on answers that are empty, repeated or recited, and on declared survivals.</summary>
public static class CollapseFindings
{
    /// <summary>The measures of collapse of which some variant's mean is above 0 at the compared generation.</summary>
    public static ImmutableArray<Measure> Shown(IEnumerable<VariantSummary> variants) =>
        [.. new[] { Measure.Empty, Measure.Repeated, Measure.Recited }.Where(m => variants.Any(v => v.Last(m).Mean > 0))];

    /// <summary>Empty answers in the last round, and how many instances crossed a declared bound.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Generation == 0)
            yield break;
        var silent = comparison.Variants.Where(v => v.Last(Measure.Empty).Mean > 0);
        var empty = Sentence.List(silent.Select(v => Sentence.With(v, Measure.Empty)));
        if (empty.Length > 0)
            yield return new ComparisonFinding("collapse", $"Answers without a word in round {comparison.Generation}: {empty}.");
        foreach (var outcome in comparison.Survival.GroupBy(c => c.Outcome))
        {
            var (measure, crossed) = (outcome.First().Measure, outcome.Select(c => $"{c.Crossed} of {c.N} instances of {c.Variant}"));
            yield return new ComparisonFinding(
                "survival",
                $"{Sentence.Capital(Sentence.Subject(measure))} {(outcome.Key.Above ? "rose above" : "fell below")} "
                    + $"{measure.Show(outcome.Key.Bound)} by generation {comparison.Generation} in {Sentence.List(crossed)}.",
                Detail: comparison.Tests.Any(t => t.Outcome == outcome.Key) // its sentence says so
            );
        }
    }
}
