using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Curation;

namespace AiMe.Lab.History;

/// <summary>Answers of judges in words.</summary>
public static class JudgeWords
{
    /// <summary>An answer in one line.</summary>
    public static string Of(JudgeAnswer answer) =>
        answer switch
        {
            JudgeAnswer.Rating r => string.Create(CultureInfo.InvariantCulture, $"{r.Score}, {r.Label}: {r.Explanation}"),
            JudgeAnswer.Unparsable u => $"no rating: unparsable, {u.Why}: {u.Text}",
            JudgeAnswer.Declined d => $"no rating: refused: {d.Why}",
            JudgeAnswer.Silent s => $"no rating: {s.Why}",
            JudgeAnswer.Unanswered u => $"no rating: every attempt failed: {u.Error}",
            _ => throw new UnreachableException(),
        };
}
