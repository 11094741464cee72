using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A warning where variants that are contrasted were trained on different amounts.</summary>
internal static class DoseFindings
{
    /// <summary>The subject of these findings.</summary>
    public const string About = "doses";

    private const double Tolerated = 0.1;

    /// <summary>One sentence on the contrasts whose passes or tokens differ by more than a tenth of the greater.</summary>
    /// <remarks>
    /// A variant that is never trained is a control; that its dose is 0 needs no warning. Models of different tokens read one text as
    /// different numbers of them.
    /// </remarks>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Generation == 0)
            yield break;
        var contrasts = comparison
            .Analysis.Contrasts.Select(DeclaredTests.VariantsOf)
            .Select(names => comparison.Variants.Where(v => v.Weights != Weighting.NeverTrained && names.Contains(v.Name)).ToArray())
            .Where(variants => variants.Length > 1)
            .ToArray();
        foreach (var measure in (ImmutableArray<Measure>)[Measure.Passes, Measure.TokensTrained])
        {
            VariantSummary[] apart =
            [
                .. contrasts
                    .Where(c => (measure == Measure.Passes || HaveOneModel(comparison, c)) && Differ(c, measure))
                    .SelectMany(c => c)
                    .Distinct()
                    .OrderByDescending(v => v.Last(measure).Mean),
            ];
            if (apart.Length == 0)
                continue;
            yield return new ComparisonFinding(
                About,
                $"Doses differ: by generation {comparison.Generation} {apart[0].Name} was trained on {Dose(apart[0], measure)} "
                    + $"{(measure == Measure.Passes ? "passes over examples" : "tokens")} but "
                    + $"{Sentence.List(apart.Skip(1).Select(v => $"{v.Name} on {Dose(v, measure)}"))}, so a difference between them may be "
                    + "one of dose."
            );
            yield break;
        }
    }

    private static string Dose(VariantSummary variant, Measure measure) => Sentence.Number((int)Math.Round(variant.Last(measure).Mean));

    private static bool HaveOneModel(RunComparison comparison, VariantSummary[] variants) =>
        variants.Select(v => comparison.Plan.BaseOf(v.Name, replicate: 1)).Distinct().Count() == 1;

    private static bool Differ(VariantSummary[] variants, Measure measure)
    {
        double[] means = [.. variants.Select(v => v.Last(measure).Mean).Where(m => !double.IsNaN(m))];
        return means.Length > 1 && means.Max() - means.Min() > Tolerated * means.Max();
    }
}
