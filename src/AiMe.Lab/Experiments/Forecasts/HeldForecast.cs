using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>How many experiences a run holds for people.</summary>
/// <param name="AtMost">If every condition is met and no rule before review decides.</param>
/// <param name="About">The expected number of random shares; null if a score decides, which is not known beforehand.</param>
/// <param name="AnswersEach">Answers that a verdict needs; the greatest of the variants.</param>
/// <param name="Waits">Whether a round waits for them in any variant.</param>
public sealed record HeldForecast(long AtMost, long? About, int AnswersEach, bool Waits)
{
    /// <summary>The forecast; null if no policy holds experiences for people.</summary>
    public static HeldForecast? Of(RunPlan plan)
    {
        var rules = plan.Variants.Select(v => Review.In(v.Curate)).OfType<Review>().ToArray();
        if (rules.Length == 0)
            return null;
        var each = (long)plan.Cycles * plan.Replicates;
        double about = 0;
        foreach (var rule in rules)
            about +=
                rule.When.Any(w => w is ReviewCondition.All) ? each
                : rule.When.All(w => w is ReviewCondition.Share) ? each * rule.When.Max(w => ((ReviewCondition.Share)w).P) // one draw
                : double.NaN;
        return new(
            each * rules.Length,
            double.IsNaN(about) ? null : (long)Math.Round(about),
            rules.Max(r => r.Terms.Reviewers),
            rules.Any(r => r.Terms.OnOpen == OnOpen.Wait)
        );
    }
}
