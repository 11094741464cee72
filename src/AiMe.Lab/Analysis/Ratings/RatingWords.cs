using System.Globalization;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>Ratings of pairs in words, for the terminal and for pages.</summary>
public static class RatingWords
{
    /// <summary>That a run has nothing to rate.</summary>
    public static string NoPairs(PairQueue queue) =>
        $"{queue.Run} has no pair of different answers of {queue.Variants[0]} and {queue.Variants[1]} yet"
        + (queue.Equal > 0 ? $"; in {queue.Equal} {(queue.Equal == 1 ? "pair" : "pairs")} both answers are the same" : "");

    /// <summary>What the column of shares says.</summary>
    public static string Share(SignReport report) =>
        $"share of {report.Variants[0]} among the ratings that name one variant; 50% is no difference";

    /// <summary>The raters, each with the number of pairs.</summary>
    public static string Raters(SignReport report) => string.Join(", ", report.Raters.Select(r => $"{r.Rater} ({r.Pairs})"));

    /// <summary>How the intervals were computed.</summary>
    public static string Intervals(SignReport report) =>
        report.Rows.Any(r => r.Method == "pairs")
            ? "Intervals are exact binomial where fewer than five replicates have such ratings, as if pairs were independent; else "
                + "they are bootstrapped over replicates."
            : "Intervals are bootstrapped over replicates.";

    /// <summary>How far raters agree: a sentence a sign; empty with one rater.</summary>
    public static IEnumerable<string> Agreement(SignReport report) =>
        report.Agreement.Select(a =>
            a.Agreement.Why is { } why
                ? $"Agreement of raters on {a.Sign}: undefined, because {why}."
                : $"Agreement of raters on {a.Sign}: alpha {Number(a.Agreement.Alpha)} {Bounds(a.Agreement.Low, a.Agreement.High)} over "
                    + $"{a.Agreement.Units.ToString("N0", CultureInfo.InvariantCulture)} {(a.Agreement.Units == 1 ? "pair" : "pairs")}."
        );

    /// <summary>A coefficient with two decimals; a hyphen if it is undefined.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>An interval; a hyphen if it is undefined.</summary>
    public static string Bounds(double low, double high) => double.IsNaN(low) ? "-" : $"[{Number(low)}, {Number(high)}]";
}
