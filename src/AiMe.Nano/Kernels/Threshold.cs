using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>Finds the large numbers of a row: the few tokens that can be drawn.</summary>
internal static unsafe class Threshold
{
    /// <summary>Writes the indices i of x (n) with x_i >= threshold, ascending, and returns their count.</summary>
    /// <param name="chosen">Length n or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Above(float* x, int n, float threshold, Span<int> chosen)
    {
        var count = 0;
        var least = Vector512.Create(threshold);
        var i = 0;
        for (; i + Wide.Count <= n; i += Wide.Count)
        {
            // Most vectors have none, so the loop over the lanes is rare.
            for (var lanes = Vector512.GreaterThanOrEqual(Vector512.Load(x + i), least).ExtractMostSignificantBits(); lanes != 0;
                lanes &= lanes - 1)
                chosen[count++] = i + BitOperations.TrailingZeroCount(lanes);
        }

        for (; i < n; i++)
        {
            if (x[i] >= threshold)
                chosen[count++] = i;
        }

        return count;
    }
}
