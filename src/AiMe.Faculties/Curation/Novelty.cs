using System.Collections.Immutable;

namespace AiMe.Faculties.Curation;

/// <summary>How far an answer lies from the nearest of earlier ones: 1 - greatest cosine.</summary>
/// <remarks>
/// In [0, 2]; 0 for a repetition. NaN when there are no earlier ones: the first answer is neither novel nor stale, and the rule that
/// asks decides. NaN too when the answer itself has no direction; earlier ones without direction are skipped. Source: docs/SCIENCE.md,
/// "Novelty"; noise is novel too, so read it together with held-out cross-entropy.
/// </remarks>
public static class Novelty
{
    /// <summary>Novelty of an answer against earlier ones, of which <paramref name="embeddingOf"/> gives the embedding.</summary>
    /// <exception cref="ArgumentException">Two embeddings have different lengths.</exception>
    public static double Of<T>(Embedding answer, ImmutableArray<T> earlier, Func<T, Embedding> embeddingOf) =>
        1 - GreatestCosine(answer, earlier, embeddingOf);

    /// <summary>The cosine to the nearest of earlier ones, in [-1, 1]; NaN if there is none.</summary>
    /// <exception cref="ArgumentException">Two embeddings have different lengths.</exception>
    public static double GreatestCosine<T>(Embedding answer, ImmutableArray<T> earlier, Func<T, Embedding> embeddingOf)
    {
        ArgumentNullException.ThrowIfNull(embeddingOf);
        var greatest = double.NaN;
        foreach (var one in earlier)
        {
            var cosine = embeddingOf(one).Cosine(answer);
            if (!(cosine <= greatest)) // also true for NaN, the initial value
                greatest = double.IsNaN(cosine) ? greatest : cosine;
        }

        return greatest;
    }
}
