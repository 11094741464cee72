using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Experiments;

namespace AiMe.Console.Output;

/// <summary>The variants of a matrix, and the declared tests, in a few lines.</summary>
internal static class DesignLines
{
    private const int ShownAtMost = 8;

    /// <summary>No lines for an experiment without a matrix that declares nothing.</summary>
    public static IEnumerable<string> Of(Experiment experiment)
    {
        if (!experiment.Axes.IsEmpty)
            yield return $"Matrix: {string.Join(" x ", experiment.Axes)}; variants {Listed(experiment.Variants.Select(v => v.Name))}.";
        if (experiment.Analysis is not { } analysis)
            yield break;
        var (primary, secondary) = (analysis.TestsOf(analysis.Primary).Count(), analysis.TestsOf(analysis.Secondary).Count());
        var further = secondary == 0 ? "" : $"; {Lines.Count(secondary, "secondary test")} of {Listed(analysis.Secondary.Select(Text))}";
        if (!analysis.Declared.IsEmpty)
            yield return $"Predictions: {Listed(analysis.Declared.Select(Text), "; ")}.";
        if (primary + secondary == 0)
            yield break;
        yield return $"Declared: {Lines.Count(primary, "primary test")} of {Listed(analysis.Primary.Select(Text))}{further}; generation "
            + $"{analysis.Generation ?? experiment.Size.Rounds}, familywise alpha {Text(analysis.Alpha)}.";
        yield return $"Contrasts: {Listed(analysis.Contrasts.Select(c => Text(c, analysis)), "; ")}.";
    }

    private static string Text(Prediction prediction) =>
        $"{PredictionWords.Number(prediction)} {PredictionWords.Expected(prediction, Measure.Find(prediction.Measure)!)}"
        + (prediction.IsSecondary ? " (secondary)" : "");

    private static string Text(DeclaredOutcome outcome) =>
        outcome switch
        {
            DeclaredOutcome.Value { SmallestEffect: { } effect } v => $"{v.Measure} (smallest effect {Text(effect)})",
            DeclaredOutcome.Value v => v.Measure,
            DeclaredOutcome.Survival s => $"survival of {s.Measure} {(s.Above ? "above" : "below")} {Text(s.Bound)}",
            _ => throw new UnreachableException(),
        };

    private static string Text(DeclaredContrast contrast, AnalysisPlan analysis) =>
        contrast switch
        {
            DeclaredContrast.Pair p => $"{p.First} - {p.Second}{Text(p.Direction, p, analysis)}",
            DeclaredContrast.Ordered o => $"{string.Join(", ", o.Variants)} in order{Text(o.Direction, o, analysis)}",
            DeclaredContrast.Equivalent e => $"{e.First} equivalent to {e.Second}",
            _ => throw new UnreachableException(),
        } + (contrast.Measures.IsEmpty ? "" : $" on {string.Join(", ", contrast.Measures)}");

    // "higher or later" if the contrast tests values and survivals.
    private static string Text(EffectDirection direction, DeclaredContrast contrast, AnalysisPlan analysis)
    {
        var words = analysis
            .Primary.Concat(analysis.Secondary)
            .Where(contrast.AppliesTo)
            .Select(o => TestWords.Predicted(direction, o))
            .Distinct();
        return direction == EffectDirection.Either ? "" : $" (predicted {string.Join(" or ", words.Order(StringComparer.Ordinal))})";
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Listed(IEnumerable<string> texts, string between = ", ")
    {
        ImmutableArray<string> all = [.. texts];
        var shown = string.Join(between, all.Take(ShownAtMost));
        return all.Length <= ShownAtMost ? shown : $"{shown} and {all.Length - ShownAtMost} more";
    }
}
