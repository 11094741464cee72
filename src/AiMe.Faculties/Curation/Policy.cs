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

    /// <summary>The judgement of a policy on an experience, which is not trained on if it was given so or has no text.</summary>
    public static Judgement Judge(ImmutableArray<Rule> policy, Case judged, Draft draft)
    {
        var judgement = Judge(policy, judged);
        return draft.Given is { Untrained: true }
                ? Overrule(judgement, new RuleColumn("given", double.NaN, Vote.Hold, "to be remembered, not trained on"))
            : draft.IsEmpty && !AllowsEmpty(policy)
                ? Overrule(judgement, new RuleColumn("empty", double.NaN, Vote.Reject, "the model stopped without text"))
            : judgement;
    }

    /// <summary>Whether the policy may keep an answer without text.</summary>
    public static bool AllowsEmpty(ImmutableArray<Rule> policy) => RulesOf(policy).Any(r => r is AllowEmpty);

    /// <summary>The rules that determine how many experiences are kept: under a matched policy, those of its shadow.</summary>
    public static ImmutableArray<Rule> RulesOf(ImmutableArray<Rule> policy) => Matched.In(policy)?.Policy ?? policy;

    /// <summary>The judgement with a column before those of the rules, which decides whatever they vote.</summary>
    /// <param name="because">Its vote is to reject or to hold.</param>
    public static Judgement Overrule(Judgement judgement, RuleColumn because) =>
        judgement with
        {
            Verdict = because.Vote == Vote.Reject ? Verdict.Reject : Verdict.Hold,
            Columns = [because, .. judgement.Columns],
        };
}
