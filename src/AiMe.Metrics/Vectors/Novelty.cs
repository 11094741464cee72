namespace AiMe.Metrics.Vectors;

/// <summary>How far an embedding lies from the nearest of earlier ones: 1 - greatest cosine.</summary>
/// <remarks>
/// In [0, 2]; 0 for a repetition. NaN when there are no earlier ones: the first memory is neither novel nor stale, and
/// the caller decides. NaN too when the embedding itself is all zero. Earlier embeddings that are all zero, or hold a
/// NaN, have no direction and are skipped, so that one empty text cannot make every later novelty undefined. Source:
/// docs/SCIENCE.md, "novelty"; noise scores as novel, so read it together with held-out cross-entropy.
/// </remarks>
public static class Novelty
{
    /// <summary>Novelty of an 8-bit embedding, shape (d), against earlier ones of the same shape.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<sbyte> embedding, IReadOnlyList<sbyte[]> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var greatest = double.NaN;
        for (var i = 0; i < earlier.Count; i++)
            greatest = Greater(greatest, Cosine.Of(embedding, earlier[i]));
        return 1 - greatest;
    }

    /// <summary>Novelty of a single-precision embedding, shape (d), against earlier ones of the same shape.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<float> embedding, IReadOnlyList<float[]> earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var greatest = double.NaN;
        for (var i = 0; i < earlier.Count; i++)
            greatest = Greater(greatest, Cosine.Of(embedding, earlier[i]));
        return 1 - greatest;
    }

    private static double Greater(double greatest, double cosine) => greatest >= cosine || double.IsNaN(cosine) ? greatest : cosine;
}
