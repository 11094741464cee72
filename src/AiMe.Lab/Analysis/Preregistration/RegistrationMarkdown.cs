using System.Globalization;
using System.Text;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Lab.Analysis.Predictions;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>A registration as a Markdown page.</summary>
public static class RegistrationMarkdown
{
    /// <summary>The page.</summary>
    /// <param name="json">Name of the JSON page that belongs to it.</param>
    public static string Of(RegistrationPage r, string json)
    {
        ArgumentNullException.ThrowIfNull(r);
        StringBuilder page = new();
        var plan = r.ReadPlan();
        var tests = DeclaredTests.Blank([], DefaultAnalysis.Of(plan));
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # Pre-registration of {r.Experiment}

            | | |
            |---|---|
            | run | `{r.Run}` |
            | SHA-256 of the resolved plan | `{r.Digest}` |
            | written | {r.Written} UTC |
            | plan, as data | `{json}` |

            ## Question

            {Escaped(r.Question ?? "No question is declared.")}

            ## Hypotheses


            """
        );
        Family("Primary", "primary");
        Family("Secondary", "secondary");
        AppendPredictions(page, r, plan);
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            ## Analysis

            - Compared generation: {r.Generation}.
            - Significance level: {r.Alpha} for each family; {r.Correction}.
            - Intervals: {(
                r.Interval == IntervalMethod.Bca ? "seeded BCa bootstrap" : "Student's t"
            )}, by replicates, which are paired across variants.
            - A difference without a predicted direction is claimed if its corrected p is at most the significance level and its interval
              excludes 0; every other hypothesis is claimed by its corrected p alone.

            ## Design

            - {r.Design.Variants.Length} variants x {r.Design.Replicates} replicates = {r.Design.Instances} instances.
            - Each instance: {r.Design.Experiences} experiences in {r.Design.Rounds} rounds; {r.Design.Stimuli} stimuli.
            - Seed of the run: `{r.Design.Seed}`; of the replicates: {string.Join(", ", r.Design.Blocks.Select(b => $"`{b}`"))}.


            """
        );
        foreach (var treatment in Treatment.All(plan))
            page.Append(CultureInfo.InvariantCulture, $"- Scheduled intervention: {Escaped(treatment.Sentence)}.\n");
        if (!plan.Scheduled.IsEmpty)
            page.Append('\n');
        SettingTables.Append(page, r, plan);
        page.Append("## Exclusions\n\n");
        foreach (var rule in r.Exclusions)
            page.Append(CultureInfo.InvariantCulture, $"- {rule}\n");
        return page.ToString();

        void Family(string title, string family)
        {
            var own = tests.Where(t => t.IsPrimary == (family == "primary")).Select(t => (Test: t, Of: Hypothesis.Of(t))).ToArray();
            if (own.Length == 0)
                return;
            page.Append(CultureInfo.InvariantCulture, $"{title} family, {own.Length} {(own.Length == 1 ? "test" : "tests")}:\n\n");
            page.Append("| hypothesis | outcome | contrast | predicted | test | smallest effect |\n|---|---|---|---|---|---|\n");
            foreach (var (test, h) in own)
                Row(
                    page,
                    Escaped(h.Text),
                    Escaped(h.Outcome),
                    Escaped(h.Contrast),
                    h.Direction == EffectDirection.Either ? "-" : TestWords.Predicted(h.Direction, test.Outcome),
                    h.Test,
                    h.SmallestEffect?.ToString(CultureInfo.InvariantCulture) ?? "-"
                );
            page.Append('\n');
        }
    }

    private static void AppendPredictions(StringBuilder page, RegistrationPage r, RunPlan plan)
    {
        if (plan.Analysis is not { Declared: { IsEmpty: false } declared })
            return;
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            ## Predictions

            A prediction is reproduced if the interval of its mean lies beyond the bound, and not reproduced if it lies on the other
            side. All primary intervals hold together with confidence 1 - {r.Alpha} (Bonferroni).

            | number of a replicate | generation | predicted mean | |
            |---|---|---|---|

            """
        );
        foreach (var p in declared)
            Row(
                page,
                Escaped(PredictionWords.Number(p)),
                p.At is { } at ? at.ToString(CultureInfo.InvariantCulture)
                    : p.Of is PredictedNumber.StepOf ? "each"
                    : "last",
                PredictionWords.Expected(p, Measure.Find(p.Measure)!),
                p.IsSecondary ? "secondary" : "primary"
            );
        page.Append('\n');
    }

    private static void Row(StringBuilder page, params ReadOnlySpan<string> cells) =>
        page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    // In a cell a bar or a line break would end it.
    internal static string Escaped(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ").Replace("<", "&lt;", StringComparison.Ordinal);
}
