using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.History;

/// <summary>The answers of one judge.</summary>
/// <param name="Judge">See <see cref="ModelJudge.Id"/>.</param>
/// <param name="Counts">Number of answers by kind, for every kind that occurred.</param>
/// <param name="OrderDifferences">
/// For each experience that was rated in both orders of the scale: the mean rating from the highest score minus that from the lowest.
/// </param>
public sealed record JudgeTally(string Judge, ImmutableSortedDictionary<string, int> Counts, ImmutableArray<double> OrderDifferences)
{
    private const double Level = 0.95;

    /// <summary>Answers of all kinds.</summary>
    public int Answers => Counts.Values.Sum();

    /// <summary>The mean of the order differences with its 95% Student interval over experiences; NaN without one.</summary>
    public Interval OrderEffect => StudentT.Interval(OrderDifferences.AsSpan(), Level);

    /// <summary>The number of answers of a kind.</summary>
    public int Count(string kind) => Counts.GetValueOrDefault(kind);

    /// <summary>The judges of an instance, in the order of their first answer.</summary>
    public static ImmutableArray<JudgeTally> Of(IEnumerable<Event> events) =>
        [
            .. events
                .OfType<Rated>()
                .GroupBy(r => r.Judge, StringComparer.Ordinal)
                .Select(j => new JudgeTally(
                    j.Key,
                    j.GroupBy(r => r.Answer.Kind, StringComparer.Ordinal)
                        .ToImmutableSortedDictionary(k => k.Key, k => k.Count(), StringComparer.Ordinal),
                    [.. j.GroupBy(r => r.Cycle).Select(DifferenceOf).Where(d => !double.IsNaN(d))]
                )),
        ];

    /// <summary>The same judges over several instances.</summary>
    public static ImmutableArray<JudgeTally> Sum(IEnumerable<JudgeTally> tallies) =>
        [
            .. tallies
                .GroupBy(t => t.Judge, StringComparer.Ordinal)
                .Select(j => new JudgeTally(
                    j.Key,
                    j.SelectMany(t => t.Counts)
                        .GroupBy(c => c.Key, StringComparer.Ordinal)
                        .ToImmutableSortedDictionary(k => k.Key, k => k.Sum(c => c.Value), StringComparer.Ordinal),
                    [.. j.SelectMany(t => t.OrderDifferences)]
                )),
        ];

    // NaN if one of the orders has no rating.
    private static double DifferenceOf(IEnumerable<Rated> answers)
    {
        var rated = answers.Where(r => r.Answer is JudgeAnswer.Rating).ToLookup(r => r.Reversed, r => ((JudgeAnswer.Rating)r.Answer).Score);
        return rated[true].Any() && rated[false].Any() ? rated[true].Average() - rated[false].Average() : double.NaN;
    }
}
