namespace AiMe.Metrics.Statistics;

/// <summary>Area under the ROC curve: the probability that a positive scores above a negative, ties counted half.</summary>
/// <remarks>
/// (1 + Cliff's delta) / 2, the Mann-Whitney statistic over all pairs. Source: Hanley and McNeil (1982), "The meaning and
/// use of the area under a receiver operating characteristic curve".
/// </remarks>
public static class Auc
{
    /// <summary>The area for the scores of two groups.</summary>
    /// <returns>In [0, 1]; .5 when neither dominates. NaN when either is empty or holds a NaN.</returns>
    public static double Of(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives) =>
        (1 + CliffsDelta.Of(positives, negatives)) / 2;
}
