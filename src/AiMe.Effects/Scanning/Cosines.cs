using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>Relevances by dot products and lengths.</summary>
/// <remarks>They have the bits of <see cref="Faculties.Embedding.Cosine(long, double, double)"/>.</remarks>
internal static class Cosines
{
    /// <summary>relevance_i = dot_i / (norm_i norm), or 0 if a length is 0.</summary>
    /// <param name="dots">Shape (n), as are the norms and the relevances.</param>
    /// <returns>The least and the greatest relevance.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Scale Of(ReadOnlySpan<int> dots, ReadOnlySpan<double> norms, double norm, Span<double> relevances)
    {
        var (scale, i) = (Scale.Empty, 0);
        if (dots.Length >= Vector256<double>.Count)
        {
            var (least, greatest) = (Vector256.Create(scale.Least), Vector256.Create(scale.Greatest));
            for (; i <= dots.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            {
                var lengths = Vector256.Create(norms[i..]) * norm;
                var (low, high) = Vector128.Widen(Vector128.Create(dots[i..]));
                var cosines = Vector256.ConvertToDouble(Vector256.Create(low, high)) / lengths;
                var relevance = Vector256.ConditionalSelect(Vector256.Equals(lengths, Vector256<double>.Zero), default, cosines);
                relevance.CopyTo(relevances[i..]);
                (least, greatest) = (Vector256.MinNative(least, relevance), Vector256.MaxNative(greatest, relevance));
            }

            for (var lane = 0; lane < Vector256<double>.Count; lane++)
                scale = scale.Including(new Scale(least[lane], greatest[lane]));
        }

        for (; i < dots.Length; i++)
        {
            relevances[i] = Ranking.Relevance(Faculties.Embedding.Cosine(dots[i], norms[i], norm));
            scale = scale.Including(relevances[i]);
        }

        return scale;
    }
}
