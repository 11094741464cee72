using System.Collections.Immutable;
using System.Numerics;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>Finds memories whose embedding is close to that of an earlier one.</summary>
internal static class NearDuplicates
{
    // A sum in single precision is wrong by far less; what passes is decided by exact integers, on every machine alike.
    private const float Slack = 1e-3f;

    /// <summary>The memories within a cosine of an earlier one, each with the oldest such.</summary>
    /// <param name="memories">Oldest first; their embeddings have one length.</param>
    public static ImmutableArray<NearDuplicate> Of(
        ImmutableArray<AuditedMemory> memories,
        double bound,
        CancellationToken cancellationToken
    )
    {
        var found = ImmutableArray.CreateBuilder<NearDuplicate>();
        float[][] units = [.. memories.Select(m => Unit(m.Embedding.Components))];
        for (var i = 1; i < units.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (Dot(units[i], units[earlier]) < bound - Slack)
                    continue;
                var cosine = memories[i].Embedding.Cosine(memories[earlier].Embedding);
                if (!(cosine >= bound))
                    continue;
                found.Add(new(memories[i].Id, memories[earlier].Id, cosine));
                break;
            }
        }

        return found.DrainToImmutable();
    }

    // All zeros, without a direction, stay zeros.
    private static float[] Unit(ImmutableArray<sbyte> components)
    {
        var length = Math.Sqrt(components.Sum(c => (double)c * c));
        return [.. components.Select(c => length > 0 ? (float)(c / length) : 0)];
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var dot = Vector.Sum(sum);
        for (; i < a.Length; i++)
            dot += a[i] * b[i];
        return dot;
    }
}
