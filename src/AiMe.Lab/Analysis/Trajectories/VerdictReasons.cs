using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Trajectories;

/// <summary>What the curation of a variant did with its experiences, by the rule that decided.</summary>
/// <param name="Kept">Number of experiences kept for training, over all instances and complete or open rounds.</param>
/// <param name="Others">Rejected and held ones by rule, the most frequent first, ties in ordinal order.</param>
public sealed record VerdictReasons(string Variant, int Kept, ImmutableArray<ReasonCount> Others)
{
    /// <summary>Number of judged experiences.</summary>
    public int Judged => Kept + Others.Sum(o => o.Times);

    /// <summary>The variants of a run, in the order of the plan, up to a round.</summary>
    public static ImmutableArray<VerdictReasons> Of(RunRecord record, int lastRound)
    {
        ArgumentNullException.ThrowIfNull(record);
        return
        [
            .. record.Plan.Variants.Select(v =>
                Of(
                    v.Name,
                    [
                        .. record
                            .Instances.Where(i => i.Variant.Name == v.Name)
                            .SelectMany(i => SettledVerdicts.Of(i.Events.Select(e => e.Happened)))
                            .Where(s => s.Round <= lastRound),
                    ]
                )
            ),
        ];
    }

    private static VerdictReasons Of(string variant, Stored[] judged) =>
        new(
            variant,
            judged.Count(s => s.Verdict == Verdict.Keep),
            [
                .. judged
                    .Where(s => s.Verdict != Verdict.Keep)
                    .Select(s => (s.Verdict, Reason: s.Reasons.FirstOrDefault() ?? "no reason recorded"))
                    .GroupBy(s => (s.Verdict, Rule: RuleOf(s.Reason)))
                    .Select(g => new ReasonCount(g.Key.Rule, g.Key.Verdict, g.Count(), g.First().Reason))
                    .OrderByDescending(r => r.Times)
                    .ThenBy(r => r.Rule, StringComparer.Ordinal)
                    .ThenBy(r => r.Verdict),
            ]
        );

    // A reason begins with the name of its rule.
    private static string RuleOf(string reason) => reason.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? reason[..at] : reason;
}

/// <summary>How often a rule decided against keeping.</summary>
/// <param name="Example">The first reason in its own words, with its figures.</param>
public sealed record ReasonCount(string Rule, Verdict Verdict, int Times, string Example);
