namespace AiMe.Metrics.Statistics;

/// <summary>What differences between ratings mean.</summary>
public enum MeasurementLevel
{
    /// <summary>Two ratings are the same or not.</summary>
    Nominal,

    /// <summary>Ratings have an order; how far apart two are follows from the ratings between them.</summary>
    Ordinal,

    /// <summary>Differences of ratings are comparable.</summary>
    Interval,
}
