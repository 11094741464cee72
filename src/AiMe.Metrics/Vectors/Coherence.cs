using AiMe.Metrics.Text;

namespace AiMe.Metrics.Vectors;

/// <summary>
/// Whether neighbouring sentences belong together more than any two do: mean cosine of adjacent sentences minus the
/// same with the sentences shuffled.
/// </summary>
/// <remarks>
/// Nothing is shuffled. In a uniformly random order every pair is equally likely to be adjacent, so the expected value
/// of the shuffled term is the mean cosine over all pairs, exactly; it needs no seed. In [-2, 2]; above 0 if order
/// carries meaning. NaN below three sentences, since shuffling changes no adjacency, and if a sentence's embedding is
/// all zero. Repeats inflate it: read it together with <see cref="RepeatedNgrams"/>. Source: docs/SCIENCE.md,
/// "coherence".
/// </remarks>
public static class Coherence
{
    /// <summary>
    /// Coherence of a text from the 8-bit embeddings of its sentences in order, shape (sentences, d).
    /// </summary>
    public static double Of(IReadOnlyList<sbyte[]> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return Of(sentences.Count, (i, j) => Cosine.Of(sentences[i], sentences[j]));
    }

    /// <summary>Coherence of a text from the embeddings of its sentences in order, shape (sentences, d).</summary>
    public static double Of(IReadOnlyList<float[]> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return Of(sentences.Count, (i, j) => Cosine.Of(sentences[i], sentences[j]));
    }

    private static double Of(int count, Func<int, int, double> cosine)
    {
        if (count < 3)
            return double.NaN;
        double adjacent = 0,
            all = 0;
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var c = cosine(i, j);
                all += c;
                if (j == i + 1)
                    adjacent += c;
            }
        }

        return adjacent / (count - 1) - all / (count * (count - 1.0) / 2);
    }
}
