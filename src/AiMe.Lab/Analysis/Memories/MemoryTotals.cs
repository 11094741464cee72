using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>The memories of one instance, or of all instances of a variant together, in the figures of a table.</summary>
/// <param name="Name">Of the instance or of the variant.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="Near">Near duplicates; null if an instance has too many memories to search for them.</param>
/// <param name="Gini">Mean over the instances with a recall; NaN without one.</param>
/// <param name="TopShare">Mean over the instances with a recall; NaN without one.</param>
public sealed record MemoryTotals(
    string Name,
    int Instances,
    int Experiences,
    int Kept,
    int Held,
    int Rejected,
    int Insights,
    int Forgotten,
    int Recallable,
    int Exact,
    int? Near,
    int SameAnswers,
    int StoredAgain,
    int Repeats,
    int Never,
    int Reachable,
    int Stale,
    double Gini,
    double TopShare,
    int Junk
)
{
    /// <summary>Share of junk among the recallable memories, in [0, 1]; NaN without a memory.</summary>
    public double JunkShare => Recallable == 0 ? double.NaN : (double)Junk / Recallable;

    /// <summary>One instance.</summary>
    public static MemoryTotals Of(MemoryAudit audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        return Of(audit.Instance, [audit]);
    }

    /// <summary>Several instances together: sums of numbers, means of shares.</summary>
    public static MemoryTotals Of(string name, ImmutableArray<MemoryAudit> audits) =>
        new(
            name,
            audits.Length,
            audits.Sum(a => a.Experiences),
            audits.Sum(a => a.With(Verdict.Keep)),
            audits.Sum(a => a.With(Verdict.Hold)),
            audits.Sum(a => a.With(Verdict.Reject)),
            audits.Sum(a => a.Insights.Length),
            audits.Sum(a => a.Forgotten),
            audits.Sum(a => a.Recallable),
            audits.Sum(a => a.Duplicates.Exact),
            audits.Any(a => a.Duplicates.NearCount is null) ? null : audits.Sum(a => a.Duplicates.NearCount),
            audits.Sum(a => a.Duplicates.SameAnswers.Length),
            audits.Sum(a => a.Echoes.StoredAgain.Length),
            audits.Sum(a => a.Echoes.Repeats.Length),
            audits.Sum(a => a.Recall.Never),
            audits.Sum(a => a.Recall.Reachable.Length),
            audits.Sum(a => a.Recall.Stale.Length),
            Mean(audits.Select(a => a.Recall.Gini)),
            Mean(audits.Select(a => a.Recall.TopShare)),
            audits.Sum(a => a.Junk.Junk)
        );

    /// <summary>By variant, in the order in which the audits name them.</summary>
    public static ImmutableArray<MemoryTotals> ByVariant(IEnumerable<MemoryAudit> audits) =>
        [.. audits.GroupBy(a => a.Variant, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g]))];

    private static double Mean(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
