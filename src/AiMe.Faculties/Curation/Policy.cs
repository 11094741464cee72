using System.Collections.Immutable;

namespace AiMe.Faculties.Curation;

/// <summary>A curation policy: an ordered list of rules.</summary>
public static class Policy
{
    /// <summary>
    /// Applies every rule, and gives the verdict of the first rule that does not pass; if all pass, the case is kept.
    /// </summary>
    /// <remarks>Later rules vote too, so that every column is in the journal.</remarks>
    public static Judgement Judge(ImmutableArray<Rule> policy, Case judged)
    {
        var columns = ImmutableArray.CreateRange(policy, rule => rule.Judge(judged));
        var deciding = columns.FirstOrDefault(c => c.Vote != Vote.Pass)?.Vote ?? Vote.Keep;
        var verdict = deciding switch
        {
            Vote.Reject => Verdict.Reject,
            Vote.Hold => Verdict.Hold,
            _ => Verdict.Keep,
        };
        return new Judgement(verdict, columns, judged.Novelty, judged.Similarity);
    }

    /// <summary>The judgement with a column before those of the rules, which holds the case whatever they vote.</summary>
    public static Judgement Hold(Judgement judgement, RuleColumn because) =>
        judgement with
        {
            Verdict = Verdict.Hold,
            Columns = [because, .. judgement.Columns],
        };
}
