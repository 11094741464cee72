using System.Collections.Immutable;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>How often each variant showed a sign, at one generation or over all.</summary>
/// <param name="Generation">Null for all generations together.</param>
/// <param name="OnlyFirst">Ratings that only the first variant (by name) shows it.</param>
/// <param name="OnlySecond">Ratings that only the second variant shows it.</param>
/// <param name="Both">Ratings that both show it.</param>
/// <param name="Neither">Ratings that none shows it.</param>
/// <param name="Share">
/// Share of the first variant among the ratings that name one, with its 95% interval: 0.5 is no difference; NaN without one.
/// </param>
/// <param name="Method">
/// <c>replicates</c> (bootstrap over replicates) or <c>pairs</c> (exact binomial, as if pairs were independent).
/// </param>
public sealed record SignRow(
    string Sign,
    int? Generation,
    int OnlyFirst,
    int OnlySecond,
    int Both,
    int Neither,
    Interval Share,
    string Method
);

/// <summary>Ratings of pairs by sign and generation, and how far the raters agree.</summary>
/// <param name="Variants">The two variants, by name: the first and the second of every row.</param>
/// <param name="Raters">By name, with the number of pairs that each rated.</param>
/// <param name="Rows">By sign in the order of the form: all generations together, then each.</param>
/// <param name="Agreement">Krippendorff's alpha between raters by sign, nominal; empty with one rater.</param>
public sealed record SignReport(
    string Run,
    ImmutableArray<string> Variants,
    ImmutableArray<(string Rater, int Pairs)> Raters,
    ImmutableArray<SignRow> Rows,
    ImmutableArray<(string Sign, Agreement Agreement)> Agreement
)
{
    private const double Level = 0.95;

    // With fewer replicates their bootstrap is too narrow to be shown.
    private const int LeastReplicates = 5;

    /// <summary>Computes the report.</summary>
    /// <param name="lines">The lines of one or more files, of this run and of one pair of variants.</param>
    /// <exception cref="PairRatingException">They are of another run, of several pairs, or of other answers.</exception>
    public static SignReport Of(RunRecord record, IReadOnlyCollection<PairRating> lines)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(lines);
        var counting = PairRatingFile.Counting(lines).ToArray();
        if (lines.FirstOrDefault(l => l.Run != record.Plan.Run) is { } foreign)
            throw new PairRatingException($"The ratings are of the run {foreign.Run}, expected {record.Plan.Run}");
        string[] between = [.. lines.Select(l => string.Join(" and ", l.Between)).Distinct()];
        if (between.Length != 1)
            throw new PairRatingException(
                between.Length == 0
                    ? "The files have no ratings yet"
                    : $"The ratings are between {string.Join(", and between ", between)}; expected one pair of variants: report each by "
                        + "itself"
            );
        var variants = lines.First().Between;
        var queues = counting
            .Select(l => l.Rater)
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(r => r, r => PairQueue.Of(record, variants[0], variants[1], r), StringComparer.Ordinal);
        RatedPair[] rated = [.. counting.Select(l => new RatedPair(l, RatingSession.Find(queues[l.Rater], l), variants[0]))];
        var seed = record.Plan.Seed.Derive("rating").Derive("report").Value;
        return new SignReport(
            record.Plan.Run,
            variants,
            [
                .. rated
                    .GroupBy(r => r.Line.Rater, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => (g.Key, g.Count())),
            ],
            [
                .. SignForm.Signs.SelectMany(s =>
                    rated
                        .Select(r => (int?)r.Pair.Generation)
                        .Distinct()
                        .Order()
                        .Select(g => Row(s.Key, g, [.. rated.Where(r => r.Pair.Generation == g)], seed))
                        .Prepend(Row(s.Key, null, rated, seed))
                ),
            ],
            queues.Count < 2 ? [] : [.. SignForm.Signs.Select(s => (s.Key, AgreementOn(s.Key, rated, seed)))]
        );
    }

    private static SignRow Row(string sign, int? generation, RatedPair[] rated, ulong seed)
    {
        var choices = rated.Select(r => r.On(sign)).ToArray();
        var (first, second) = (choices.Count(c => c == SignChoice.First), choices.Count(c => c == SignChoice.Second));
        // Pairs of one replicate come from the same two instances, and several raters may have rated one pair.
        var replicates = rated
            .GroupBy(r => r.Pair.Replicate)
            .Select(g => (First: g.Count(r => r.On(sign) == SignChoice.First), Second: g.Count(r => r.On(sign) == SignChoice.Second)))
            .Where(r => r.First + r.Second > 0)
            .ToArray();
        var overReplicates = replicates.Length >= LeastReplicates;
        return new SignRow(
            sign,
            generation,
            first,
            second,
            choices.Count(c => c == SignChoice.Both),
            choices.Count(c => c == SignChoice.Neither),
            overReplicates ? ShareBootstrap.Interval(replicates, Level, seed) : ExactBinomial.Interval(first, first + second, Level),
            overReplicates ? "replicates" : "pairs"
        );
    }

    private static Agreement AgreementOn(string sign, RatedPair[] rated, ulong seed) =>
        KrippendorffAlpha.Of(
            [
                .. rated
                    .GroupBy(r => r.Pair.Id, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => g.Select(r => (double)r.On(sign)).ToArray()),
            ],
            MeasurementLevel.Nominal,
            Level,
            seed
        );

    // First and second are variants here, whatever sides the rater saw.
    private sealed record RatedPair(PairRating Line, AnswerPair Pair, string First)
    {
        public SignChoice On(string sign) =>
            (Line.Choices![sign], Pair.FirstVariant == First) switch
            {
                (SignChoice.First, false) => SignChoice.Second,
                (SignChoice.Second, false) => SignChoice.First,
                (var choice, _) => choice,
            };
    }
}
