namespace AiMe.Metrics.Statistics;

/// <summary>Krippendorff's alpha of ratings.</summary>
/// <param name="Alpha">At most 1; 1 is perfect agreement, 0 that of chance; below 0 is systematic disagreement. NaN if undefined.</param>
/// <param name="Low">Lower bound of its interval; NaN if undefined.</param>
/// <param name="High">Upper bound of its interval; NaN if undefined.</param>
/// <param name="Units">Units with at least two ratings: only these count.</param>
/// <param name="Ratings">Ratings of these units.</param>
/// <param name="Why">Why alpha is undefined, in one sentence; null if it is defined.</param>
public sealed record Agreement(double Alpha, double Low, double High, int Units, int Ratings, string? Why);
