using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>An audit in words, as the terminal and pages show it.</summary>
public static class MemoryWords
{
    /// <summary>The other system's figure, with its source.</summary>
    public const string OtherSystem = "mem0ai/mem0 issue 4573 reports 97.8% of 10,134 entries, most judged by readers";

    /// <summary>What of that measure needs a reader, and is not in the share.</summary>
    public const string NotJudged = "transient task state, hallucinated profiles, confused identities, wrong places, invented lifestyle";

    /// <summary>The figures of an audit, each with what it is about.</summary>
    public static IEnumerable<(string Term, string Meaning)> Facts(MemoryAudit audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        yield return ("stored", Stored(audit));
        yield return ("duplicates", Duplicates(audit.Duplicates));
        yield return ("stored again", StoredAgain(audit.Echoes));
        yield return ("said again", Echoes(audit.Echoes));
        yield return ("recall", Recall(audit.Recall));
        yield return ("stale", Stale(audit));
        yield return ("concentration", Concentration(audit.Recall));
        yield return ("insights", Insights(audit));
        yield return ("junk", $"{Junk(audit.Junk)}. Not judged: {NotJudged}. {OtherSystem}.");
    }

    /// <summary>A category of junk in a few words.</summary>
    public static string Of(JunkKind kind) =>
        kind switch
        {
            JunkKind.ExactDuplicate => "exact duplicate",
            JunkKind.NearDuplicate => "near duplicate",
            JunkKind.SameAnswer => "same answer to another question",
            JunkKind.RepeatsRecalled => "repeats a recalled memory",
            JunkKind.RestatesPrompt => "restates charter or self-model",
            JunkKind.NoWord => "no word",
            JunkKind.Leak => "address, key or path",
            JunkKind.Placeholder => "placeholder",
            _ => throw new UnreachableException(),
        };

    /// <summary>The number of memories of a category.</summary>
    public static string Of(JunkCount count) => count.Count is { } n ? Plain.Count(n) : "not searched";

    /// <summary>What an insight rests on, with a mark for what cannot be recalled any more; see <see cref="Marks"/>.</summary>
    public static string Evidence(AuditedInsight insight) =>
        string.Join(
            ' ',
            insight.Evidence.Select(e =>
                e.Fate switch
                {
                    "rejected" => $"{e.Id}-",
                    "forgotten" => $"{e.Id}~",
                    "missing" => $"{e.Id}?",
                    _ => e.Id.Value,
                }
            )
        );

    /// <summary>What the marks of <see cref="Evidence"/> mean.</summary>
    public const string Marks = "-: rejected, ~: forgotten";

    /// <summary>When the self-model changed and because of which insights.</summary>
    public static string Of(SelfModelChange change) =>
        (change.IsReached ? $"generation {change.Generation}" : $"round {change.Generation}, not closed")
        + ": "
        + (
            change.Insights.Length <= 3
                ? string.Join(", ", change.Insights.Select(i => i.Id))
                : $"{change.Insights[0].Id} to {change.Insights[^1].Id}"
        );

    /// <summary>A text on one line.</summary>
    public static string OneLine(string text) =>
        string.Join(' ', VisibleText.Of(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The beginning of a text on one line.</summary>
    /// <param name="most">Most characters.</param>
    public static string Beginning(string text, int most)
    {
        var line = OneLine(text);
        if (line.Length <= most)
            return line;
        var cut = line[..Math.Max(0, most - 3)];
        if (cut.Length > 0 && char.IsHighSurrogate(cut[^1]))
            cut = cut[..^1];
        return $"{cut.TrimEnd()}...";
    }

    /// <summary>A coefficient with two decimals; a hyphen if it is undefined.</summary>
    public static string Share(double value) => double.IsNaN(value) ? "-" : value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Percent(double value) => double.IsNaN(value) ? "-" : Plain.Percent(value);

    private static string Stored(MemoryAudit audit) =>
        $"{Plain.Count(audit.Experiences, "experience")}: {Plain.Count(audit.With(Verdict.Keep))} kept, "
        + $"{Plain.Count(audit.With(Verdict.Hold))} held, {Plain.Count(audit.With(Verdict.Reject))} rejected; "
        + $"{Plain.Count(audit.Insights.Length, "insight")}; {Plain.Count(audit.Forgotten)} forgotten; "
        + $"{Plain.Count(audit.Recallable)} in memory";

    private static string Duplicates(DuplicateFigures d) =>
        $"exact: {Plain.Count(d.Exact)}; "
        + (
            d.NearCount is { } near
                ? $"near (cosine {Share(DuplicateFigures.NearBound)} or more): {Plain.Count(near)}"
                : $"near: not searched, more than {Plain.Count(DuplicateFigures.MostCompared)} memories"
        )
        + $"; same answer to another question: {Plain.Count(d.SameAnswers.Length)}";

    private static string StoredAgain(PromptEchoes e) =>
        $"recalled text stored as new: {Plain.Count(e.StoredAgain.Length)} of {Plain.Count(e.Checked, "experience")} (0 by construction; "
        + "checked)";

    private static string Echoes(PromptEchoes e) =>
        $"answers that repeat a recalled memory: {Plain.Count(e.Repeats.Length)}; that restate charter or self-model: "
        + Plain.Count(e.Restating.Length);

    private static string Recall(RecallFigures r) =>
        $"{Plain.Count(r.Recalls)} in {Plain.Count(r.Cycles, "cycle")}; never recalled: {Plain.Count(r.Never)} of the "
        + $"{Plain.Count(r.Reachable.Length)} that could be";

    private static string Stale(MemoryAudit audit) =>
        $"{Plain.Count(audit.Recall.Stale.Length)} of {Plain.Count(audit.Recallable)} neither stored nor recalled in the last "
        + Plain.Count(audit.Recall.StaleAfter, "cycle");

    private static string Concentration(RecallFigures r) =>
        r.Recalls == 0
            ? "undefined: nothing was recalled"
            : $"Gini {Share(r.Gini)} ({Share(r.EvenGini)} by age alone); the most recalled tenth ({Plain.Count(r.TopTenth)}) has "
                + $"{Percent(r.TopShare)} of the recalls";

    private static string Insights(MemoryAudit audit) =>
        $"cite {Plain.Count(audit.Insights.Sum(i => i.Evidence.Length), "experience")}: {Plain.Count(audit.Insights.Sum(i => i.Rejected))} "
        + $"rejected, {Plain.Count(audit.Insights.Sum(i => i.Forgotten))} forgotten; insights without evidence left: "
        + $"{Plain.Count(audit.Insights.Count(i => i.IsUnsupported))}"
        + (audit.FailedInsights > 0 ? $"; {Plain.Count(audit.FailedInsights)} not formed" : "");

    private static string Junk(JunkMeasure j) =>
        $"at least {Percent(j.Share)}, {Plain.Count(j.Junk)} of {Plain.Count(j.Memories)} in memory: "
        + string.Join(", ", j.Counts.Where(c => c.Count != 0).Select(c => $"{Of(c.Kind)} {Of(c)}").DefaultIfEmpty("of no category"));
}
