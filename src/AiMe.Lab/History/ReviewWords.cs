using AiMe.Faculties;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.History;

/// <summary>People's verdicts in words.</summary>
public static class ReviewWords
{
    /// <summary>What became of a held experience, and the notes on it, a line each.</summary>
    public static IEnumerable<string> Of(SettledReview settled)
    {
        yield return $"{settled.Id}: {Reason(settled)["review: ".Length..]}";
        foreach (var answer in settled.Answers.Where(a => a.Note is not null))
            yield return $"{answer.By}: {answer.Note}";
    }

    /// <summary>The reason of the final verdict, as rules give theirs.</summary>
    public static string Reason(SettledReview settled) =>
        settled.Verdict switch
        {
            Verdict.Keep => $"review: kept by {By(settled, Verdict.Keep)}{Against(settled, Verdict.Reject)}",
            Verdict.Reject => $"review: rejected by {By(settled, Verdict.Reject)}{Against(settled, Verdict.Keep)}",
            Verdict.Hold when settled.Answers.IsEmpty => "review: left out, nobody had answered",
            Verdict.Hold => $"review: left out, without a majority by {string.Join(", ", settled.Answers.Select(a => a.By))}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string By(SettledReview settled, Verdict verdict) =>
        string.Join(", ", settled.Answers.Where(a => a.Verdict == verdict).Select(a => a.By));

    private static string Against(SettledReview settled, Verdict other) =>
        settled.Answers.Any(a => a.Verdict == other) ? $" against {By(settled, other)}" : "";
}
