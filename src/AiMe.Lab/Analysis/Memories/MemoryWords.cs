using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>An audit in words, as the terminal and pages show it.</summary>
public static class MemoryWords
{
    /// <summary>The other system's figure, with its source.</summary>
    public const string OtherSystem = "mem0ai/mem0 issue 4573: 97.8% of 10,134 entries, most of them judged by readers";

    /// <summary>What of that measure is not in the share.</summary>
    public const string NotJudged =
        "Needs a reader, and is not counted: transient task state, hallucinated profiles, confused identities, wrong places, "
        + "invented lifestyle. Cannot occur: system messages and recalled text are not stored (checked above).";

    /// <summary>The figures of an audit, each with what it is about.</summary>
    public static IEnumerable<(string Term, string Meaning)> Facts(MemoryAudit audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        yield return ("stored", Stored(audit));
        yield return ("duplicates", Duplicates(audit.Duplicates));
        yield return ("from prompts", Echoes(audit.Echoes));
        yield return ("recall", Recall(audit));
        yield return ("concentration", Concentration(audit.Recall));
        yield return ("junk", Junk(audit.Junk));
    }

    /// <summary>A category of junk in a few words.</summary>
    public static string Of(JunkKind kind) =>
        kind switch
        {
            JunkKind.ExactDuplicate => "exact duplicate",
            JunkKind.NearDuplicate => "near duplicate",
            JunkKind.RepeatsRecalled => "repeats a recalled memory",
            JunkKind.RestatesPrompt => "restates charter or self-model",
            JunkKind.NoWord => "no word",
            JunkKind.Leak => "address, key or path",
            JunkKind.Placeholder => "placeholder",
            _ => throw new UnreachableException(),
        };

    /// <summary>The number of memories of a category.</summary>
    public static string Of(JunkCount count) => count.Count is { } n ? Plain.Count(n) : "not searched";

    /// <summary>What an insight rests on, in a clause.</summary>
    public static string Evidence(AuditedInsight insight) =>
        string.Join(", ", insight.Evidence.Select(e => e.Fate == "kept" ? e.Id.Value : $"{e.Id} {e.Fate}"));

    /// <summary>When the self-model changed and because of which insights.</summary>
    public static string Of(SelfModelChange change) =>
        (change.IsReached ? $"generation {change.Generation}" : $"round {change.Generation}, not closed")
        + $": {string.Join(", ", change.Insights.Select(i => $"{i.Id} at cycle {i.Cycle}"))}";

    /// <summary>The beginning of a text on one line.</summary>
    /// <param name="most">Most characters.</param>
    public static string Beginning(string text, int most)
    {
        var line = string.Join(' ', VisibleText.Of(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
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
        + $"{Plain.Count(audit.Insights.Length, "insight")}"
        + (audit.FailedInsights > 0 ? $" ({Plain.Count(audit.FailedInsights)} failed)" : "")
        + $"; {Plain.Count(audit.Forgotten)} forgotten; {Plain.Count(audit.Recallable)} recallable now";

    private static string Duplicates(DuplicateFigures d) =>
        $"exact {Plain.Count(d.Exact)}"
        + (d.Groups.IsEmpty ? "" : $" (in {Plain.Count(d.Groups.Length, "group")}, the largest of {Plain.Count(d.Groups[0].Ids.Length)})")
        + (
            d.NearCount is { } near
                ? $"; near {Plain.Count(near)} (cosine {Share(DuplicateFigures.NearBound)} or more to an earlier one)"
                : $"; near ones not searched: more than {Plain.Count(DuplicateFigures.MostCompared)} memories"
        )
        + $"; same answer to another question {Plain.Count(d.SameAnswers.Length)}";

    private static string Echoes(PromptEchoes e) =>
        $"recalled text stored again {Plain.Count(e.StoredAgain.Length)} of {Plain.Count(e.Checked)} (0 by construction; checked); "
        + $"answers that repeat a recalled memory {Plain.Count(e.Repeats.Length)}; with a sentence of the charter or self-model "
        + Plain.Count(e.Restating.Length);

    private static string Recall(MemoryAudit audit) =>
        $"{Plain.Count(audit.Recall.Recalls)} in {Plain.Count(audit.Recall.Cycles, "cycle")}; never recalled "
        + $"{Plain.Count(audit.Recall.Never)} of the {Plain.Count(audit.Recall.Reachable.Length)} that could be; stale "
        + $"{Plain.Count(audit.Recall.Stale.Length)} of {Plain.Count(audit.Recallable)} (not stored or recalled in the last "
        + $"{Plain.Count(audit.Recall.StaleAfter, "cycle")})";

    private static string Concentration(RecallFigures r) =>
        r.Recalls == 0
            ? "undefined: nothing was recalled"
            : $"Gini {Share(r.Gini)} ({Share(r.EvenGini)} by age alone, if each recall had drawn evenly); the most recalled tenth "
                + $"({Plain.Count(r.TopTenth)}) has {Percent(r.TopShare)} of the recalls";

    private static string Junk(JunkMeasure j) =>
        $"at least {Percent(j.Share)}: {Plain.Count(j.Junk)} of {Plain.Count(j.Memories)} recallable, as far as a program can judge ("
        + string.Join(", ", j.Counts.Where(c => c.Count != 0).Select(c => $"{Of(c.Kind)} {Of(c)}").DefaultIfEmpty("of no category"))
        + ")";
}
