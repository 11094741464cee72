using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Predictions;

namespace AiMe.Lab.Analysis.Replications;

/// <summary>The page of replications in Markdown. It depends on the results alone: the same runs give the same page.</summary>
public static class ReplicationPage
{
    private const int MostReported = 1000;

    /// <summary>Writes the page.</summary>
    /// <param name="outcomes">In the order of the page.</param>
    /// <param name="reports">Folder of the reports, relative to the page; null if none were written.</param>
    public static string Of(IReadOnlyList<ReplicationOutcome> outcomes, string? reports)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        StringBuilder page = new();
        page.Append(
            """
            # Replications

            Published results, each as an experiment with predictions that were declared before the run: `aime replicate NAME`.
            This page is written from the experiment files and their runs by
            `aime replicate --all --out docs/REPLICATIONS.md --reports docs/replications`; [PERFORMANCE.md](PERFORMANCE.md#replications)
            says how long that takes.

            **The rule.** A prediction is a quantity of each replicate and a bound. Its mean over replicates has Student's interval;
            all primary intervals of a run hold together with confidence .95 (Bonferroni). A run says *reproduced* if every primary
            interval lies beyond its bound, *not reproduced* if one lies on the other side, else *inconclusive*. A secondary
            prediction has an interval of .95 of its own and does not count towards the verdict. Shares of tests are counted in place
            of intervals: each right test stays within its bounds with probability .98. Predictions and sizes were chosen on the
            development seeds. The verdict comes from two other seeds; if they differ, it is *inconclusive*.

            **What an interval is over.** All replicates, on all seeds, begin with one generation 0 (`model.seed`). An interval is
            over what happens after it, and says nothing of another first training. A slope over variants or generations does not
            say that every step goes the same way.

            A mark after an interval tells what did not come out; no mark means that it did.

            | replication | verdict | source |
            |---|---|---|

            """
        );
        foreach (var o in outcomes)
            page.Append(
                CultureInfo.InvariantCulture,
                $"| [{o.Name}](#{o.Name}) | {PredictionWords.Of(o.Verdict)} | {Cell(o.About.Source)} |\n"
            );
        foreach (var o in outcomes)
            Append(page, o, reports);
        return $"{page.ToString().TrimEnd()}\n";
    }

    /// <summary>Whether a run is small enough that its report is written beside the page.</summary>
    public static bool HasReport(ReplicationRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Instances <= MostReported;
    }

    /// <summary>The name of the file of a replication's report.</summary>
    public static string ReportOf(string name) => $"{name}.html";

    private static void Append(StringBuilder page, ReplicationOutcome o, string? reports)
    {
        if (page[^2] != '\n')
            page.Append('\n');
        page.Append(CultureInfo.InvariantCulture, $"## {o.Name}\n\n");
        var verdict = PredictionWords.Of(o.Verdict);
        Paragraph(page, $"**{char.ToUpperInvariant(verdict[0])}{verdict[1..]}.** {o.About.Claim} ({o.About.Source})");
        if (o.Disagrees)
            Paragraph(page, $"{char.ToUpperInvariant(o.BySeed[0])}{o.BySeed[1..]}.");
        if (o.About.Differs.Length > 0)
            Paragraph(page, $"What differs from the publication: {o.About.Differs}");
        page.Append("| quantity | gen. | predicted | ");
        page.AppendJoin(" | ", o.Runs.Select(r => string.Create(CultureInfo.InvariantCulture, $"seed {r.Seed}")));
        page.Append(" |\n|---|--:|---|").Insert(page.Length, "---|", o.Runs.Length).Append('\n');
        for (var i = 0; i < o.Runs[0].Predictions.Length; i++)
        {
            var p = o.Runs[0].Predictions[i];
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {Cell(PredictionWords.Number(p.Declared))}{(p.Declared.IsSecondary ? " (secondary)" : "")} | {p.Generation} | "
                    + $"{PredictionWords.Expected(p.Declared, p.Measure)} |"
            );
            foreach (var run in o.Runs)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $" {Found(run.Predictions[i], run.Replicates)}{Unless(run.Predictions[i].Verdict)} |"
                );
            page.Append('\n');
        }

        page.Append('\n');
        var first = o.Runs[0];
        Paragraph(
            page,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{first.Instances:N0} instances and {first.Experiences:N0} experiences on each seed. Developed on "
                    + $"{Seeds(o.About.DevelopedOn)}. "
                    + $"Runs: {string.Join(", ", o.Runs.Select(r => $"`{r.Run}` (digest `{r.Digest[..12]}`)"))}."
            )
        );
        if (reports is not null)
            Paragraph(
                page,
                HasReport(first)
                    ? $"[Report of seed {first.Seed}]({reports}/{ReportOf(o.Name)})."
                    : $"A report of so many instances is large; `aime report {first.Run} --out report.html` writes it."
            );
        if (!o.About.Tried.IsEmpty)
        {
            page.Append("What was tried:\n\n");
            foreach (var tried in o.About.Tried)
                Item(page, tried);
            page.Append('\n');
        }
    }

    private static string Seeds(ImmutableArray<long> seeds) =>
        seeds.Length switch
        {
            0 => "no seed",
            1 => string.Create(CultureInfo.InvariantCulture, $"seed {seeds[0]}"),
            _ => $"seeds {string.Join(", ", seeds.Select(s => s.ToString(CultureInfo.InvariantCulture)))}",
        };

    // What came out as predicted needs no word.
    private static string Unless(PredictionVerdict verdict) =>
        verdict == PredictionVerdict.Reproduced ? "" : $", {PredictionWords.Of(verdict)}";

    // With a parked instance a replicate has no value.
    private static string Of(PredictionResult result, int replicates) =>
        result.Declared.Of is Faculties.Supervisor.PredictedNumber.RejectionsOf || result.Estimate.N == replicates
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" (n {result.Estimate.N})");

    private static string Found(PredictionResult result, int replicates)
    {
        var (mean, range) = PredictionWords.Found(result);
        return range.Length == 0 ? mean : $"{mean} {range}{Of(result, replicates)}";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static void Paragraph(StringBuilder page, string text) => page.AppendJoin('\n', WrappedText.Lines(text, 116)).Append("\n\n");

    private static void Item(StringBuilder page, string text)
    {
        var lines = WrappedText.Lines(text, 114).ToArray();
        page.Append("- ").AppendJoin("\n  ", lines).Append('\n');
    }
}
