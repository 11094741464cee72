using System.Globalization;
using AiMe.Faculties.Curation;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on judges: how many of their answers are ratings, and whether the order of the scale moves them.</summary>
internal static class JudgeFindings
{
    // A judge of which more answers are no ratings decides little, and by other means than its rubric.
    private const double WarningShare = 0.05;

    /// <summary>One finding for each judge.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        foreach (var judge in comparison.Judges)
        {
            var lost = judge.Answers - judge.Count("rated");
            var order = judge.OrderEffect;
            var moves = order.Low > 0 || order.High < 0;
            var isWarning = moves || lost > WarningShare * judge.Answers;
            yield return new ComparisonFinding(
                "judges",
                $"{(isWarning ? "Warning: " : "")}{Counts(judge)} {Order(judge)}",
                Detail: !isWarning
            );
        }
    }

    private static string Counts(JudgeTally judge)
    {
        var others = JudgeAnswer
            .Kinds.Where(k => k != "rated" && judge.Count(k) > 0)
            .Select(k => $"{Sentence.Number(judge.Count(k))} {k}")
            .ToArray();
        return $"The judge {judge.Judge} rated {Sentence.Number(judge.Count("rated"))} of "
            + $"{Sentence.Count(judge.Answers, "request", "requests")}{(others.Length == 0 ? "" : $" ({string.Join(", ", others)})")}.";
    }

    private static string Order(JudgeTally judge)
    {
        var (order, n) = (judge.OrderEffect, judge.OrderDifferences.Length);
        if (n == 0)
            return "No experience was rated in both orders of the scale, so the effect of the order is unknown.";
        var text = string.Create(CultureInfo.InvariantCulture, $"{order.Mean:+0.00;-0.00;0.00}");
        var bounds = double.IsNaN(order.Low)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" [{order.Low:+0.00;-0.00;0.00}, {order.High:+0.00;-0.00;0.00}]");
        return $"With the scale from its highest score its ratings differ by {text}{bounds} over "
            + $"{Sentence.Count(n, "experience", "experiences")} rated in both orders.";
    }
}
