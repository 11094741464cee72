using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Preregistration;

/// <summary>A registration as a Markdown page.</summary>
public static class RegistrationMarkdown
{
    private const string Digest = " (SHA-256)";
    private const string Beginning = " (SHA-256, first 8 digits)";

    private static readonly ImmutableArray<string> Digests = ["charter", "stimuli.source", "probes.set"];
    private static readonly ImmutableArray<string> Elsewhere = ["model", "replicates", "variants", "analysis"];

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
        OfRun();
        Settings();
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
                    Escaped(h.Text),
                    Escaped(h.Outcome),
                    Escaped(h.Contrast),
                    h.Direction == EffectDirection.Either ? "-" : TestWords.Predicted(h.Direction, test.Outcome),
                    h.Test,
                    h.SmallestEffect?.ToString(CultureInfo.InvariantCulture) ?? "-"
                );
            page.Append('\n');
        }

        void Row(params ReadOnlySpan<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

        // What is part of the design above, or known only after the first training, is not said again.
        void OfRun()
        {
            page.Append("| setting of the run | value |\n|---|---|\n");
            foreach (var (key, value) in DistinctSettings.Common(plan).Where(s => !Elsewhere.Contains(s.Key, StringComparer.Ordinal)))
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"| {key}{(Digests.Contains(key, StringComparer.Ordinal) ? Beginning : "")} | {Escaped(value)} |\n"
                );
            if (r.Model is { ValueKind: JsonValueKind.Object } model)
            {
                foreach (var member in model.EnumerateObject())
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"| model.{member.Name}{(member.Name == "corpus" ? Digest : "")} | {Escaped(ValueOf(member))} |\n"
                    );
            }

            page.Append('\n');
        }

        // Settings that all variants share are said once.
        void Settings()
        {
            var variants = r.Design.Variants;
            string[] keys = [.. variants.SelectMany(v => v.Settings.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            var differing = keys.Where(k => variants.Select(v => v.Settings.GetValueOrDefault(k, "-")).Distinct().Count() > 1).ToArray();
            if (differing.Length > 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"| variant | {string.Join(" | ", differing)} |\n");
                page.Append(CultureInfo.InvariantCulture, $"|---|{string.Concat(differing.Select(_ => "---|"))}\n");
                foreach (var v in variants)
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"| {v.Name} | {string.Join(" | ", differing.Select(k => Escaped(v.Settings.GetValueOrDefault(k, "-"))))} |\n"
                    );
                page.Append('\n');
            }

            page.Append("| setting of all variants | value |\n|---|---|\n");
            foreach (var key in keys.Except(differing))
                page.Append(CultureInfo.InvariantCulture, $"| {key} | {Escaped(variants[0].Settings[key])} |\n");
            page.Append('\n');
        }
    }

    // A seed is a number in an experiment file, and hexadecimal in the canonical form.
    private static string ValueOf(JsonProperty member) =>
        member.Name == "seed" && ulong.TryParse(member.Value.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var seed)
            ? seed.ToString(CultureInfo.InvariantCulture)
            : member.Value.ToString();

    // In a cell a bar or a line break would end it.
    private static string Escaped(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ").Replace("<", "&lt;", StringComparison.Ordinal);
}
