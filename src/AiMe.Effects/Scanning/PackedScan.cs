using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>Ranks packed memories, with the bits of <see cref="Ranking"/>.</summary>
/// <remarks>
/// 1. The exact relevance of all, by integer dot products, and the ends of the three parts. 2. An approximate score of all, of which
/// only the greatest of each sixteen is kept: the k-th greatest of these is a bound that k memories reach. 3. The exact score of those
/// memories whose approximate score comes near that bound.
/// </remarks>
internal static class PackedScan
{
    private const int Lanes = 4,
        Group = 16 * Lanes;

    /// <summary>What <see cref="Ranking.Best"/> gives.</summary>
    /// <param name="packed">A copy of the view's memories: one or more.</param>
    public static ImmutableArray<Hit> Best(PackedMemories packed, MemoryView view, Faculties.Embedding query)
    {
        if (query.Components.Length != packed.Width || view.Settings.Recall == 0)
            return Ranking.Best(view, query);
        var relevance = Compare(packed, query);
        var recency = RecencyScale.Of(packed, view.Settings.Decay, view.At.Ticks);
        var fade = packed.Fading.Until(view.At.Ticks);
        if (ApproximateScore.For(view.Settings, recency, packed.Importance, relevance, fade) is not { } score)
            return Ranking.Best(view, query);

        var groups = packed.Chunks.Sum(chunk => GroupsOf(chunk.Count));
        var maxima = ArrayPool<double>.Shared.Rent(groups * Lanes);
        try
        {
            var found = maxima.AsSpan(0, groups * Lanes);
            Score(packed, score, found);
            var finalists = new Finalists(view, recency, packed.Importance, relevance);
            Choose(packed, score, found, Bound(found, view.Settings.Recall) - 2 * score.Error, finalists);
            return finalists.Hits();
        }
        finally
        {
            ArrayPool<double>.Shared.Return(maxima);
        }
    }

    private static Scale Compare(PackedMemories packed, Faculties.Embedding query)
    {
        var (widened, norm, relevance) = (new short[packed.Width], query.Norm(), Scale.Empty);
        for (var i = 0; i < widened.Length; i++)
            widened[i] = query.Components[i];
        foreach (var chunk in packed.Chunks)
            relevance = relevance.Including(chunk.Compare(widened, norm));
        return relevance;
    }

    // The greatest approximate score of each lane of each group.
    private static void Score(PackedMemories packed, ApproximateScore score, Span<double> maxima)
    {
        foreach (var chunk in packed.Chunks)
        {
            Score(chunk.Fadings, chunk.Importances, chunk.Relevances, score, maxima);
            maxima = maxima[(GroupsOf(chunk.Count) * Lanes)..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(
        ReadOnlySpan<double> fadings,
        ReadOnlySpan<double> importances,
        ReadOnlySpan<double> relevances,
        ApproximateScore score,
        Span<double> maxima
    )
    {
        for (var (start, group) = (0, 0); start < fadings.Length; (start, group) = (start + Group, group + 1))
        {
            var (max, end, i) = (Vector256.Create(double.NegativeInfinity), Math.Min(start + Group, fadings.Length), start);
            for (; i <= end - Lanes; i += Lanes)
                max = Vector256.MaxNative(
                    max,
                    score.Of(Vector256.Create(fadings[i..]), Vector256.Create(importances[i..]), Vector256.Create(relevances[i..]))
                );
            for (; i < end; i++)
                max = max.WithElement(i % Lanes, Math.Max(max[i % Lanes], score.Of(fadings[i], importances[i], relevances[i])));
            max.CopyTo(maxima[(group * Lanes)..]);
        }
    }

    // The k-th greatest maximum: k memories have at least this score. The newest come first, since they are rather the best.
    private static double Bound(ReadOnlySpan<double> maxima, int k)
    {
        var best = new PriorityQueue<double, double>();
        for (var i = maxima.Length - 1; i >= 0; i--)
        {
            if (best.Count < k)
                best.Enqueue(maxima[i], maxima[i]);
            else if (maxima[i] > best.Peek())
                best.EnqueueDequeue(maxima[i], maxima[i]);
        }

        return best.Count < k ? double.NegativeInfinity : best.Peek();
    }

    private static void Choose(
        PackedMemories packed,
        ApproximateScore score,
        ReadOnlySpan<double> maxima,
        double bound,
        Finalists finalists
    )
    {
        var first = 0;
        foreach (var chunk in packed.Chunks)
        {
            for (var lane = 0; lane < GroupsOf(chunk.Count) * Lanes; lane++)
            {
                if (maxima[lane] < bound)
                    continue;
                var start = lane / Lanes * Group;
                for (var row = start + lane % Lanes; row < Math.Min(start + Group, chunk.Count); row += Lanes)
                {
                    if (score.Of(chunk.Fadings[row], chunk.Importances[row], chunk.Relevances[row]) >= bound)
                        finalists.Add(first + row, chunk.Relevances[row]);
                }
            }

            maxima = maxima[(GroupsOf(chunk.Count) * Lanes)..];
            first += chunk.Count;
        }
    }

    private static int GroupsOf(int count) => (count + Group - 1) / Group;
}
