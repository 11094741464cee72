using System.Collections.Immutable;

namespace AiMe.Metrics.Text;

/// <summary>Pairs texts of two groups by length, so that a difference between the groups is not one of length.</summary>
/// <remarks>
/// Self-recognition that ignores length measures who says more. Source: docs/SCIENCE.md, "self-recognition"; Davidson et
/// al. (2024) match lengths.
/// </remarks>
public static class LengthMatch
{
    private const double Tolerance = 0.1;

    /// <summary>Greedy pairs without replacement, the shortest first.</summary>
    /// <param name="first">Lengths of the first group, in tokens; 0 is never paired.</param>
    /// <param name="second">Lengths of the second group.</param>
    /// <returns>
    /// Indices into both groups. Two lengths match if they differ by at most one token or a tenth of the longer. Both
    /// groups are walked from short to long, ties by index; a text that finds no partner is left out.
    /// </returns>
    public static ImmutableArray<(int First, int Second)> Pairs(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        var (a, b) = (Sorted(first), Sorted(second));
        var pairs = ImmutableArray.CreateBuilder<(int, int)>();
        for (int i = 0, j = 0; i < a.Length && j < b.Length; )
        {
            var (x, y) = (first[a[i]], second[b[j]]);
            if (Math.Abs(x - y) <= Math.Max(1, Math.Floor(Math.Max(x, y) * Tolerance)))
                pairs.Add((a[i++], b[j++]));
            else if (x < y)
                i++;
            else
                j++;
        }

        return pairs.ToImmutable();
    }

    private static int[] Sorted(IReadOnlyList<int> lengths) =>
        [.. Enumerable.Range(0, lengths.Count).Where(i => lengths[i] > 0).OrderBy(i => lengths[i]).ThenBy(i => i)];
}
