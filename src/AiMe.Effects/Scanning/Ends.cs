using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AiMe.Faculties.Memory;

namespace AiMe.Effects.Scanning;

/// <summary>Least and greatest of many numbers.</summary>
internal static class Ends
{
    /// <summary>The scale of all values; both ends are NaN if a value is.</summary>
    /// <param name="values">Shape (n).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Scale Of(ReadOnlySpan<double> values)
    {
        var (scale, i) = (Scale.Empty, 0);
        var (least, greatest) = (Vector256.Create(scale.Least), Vector256.Create(scale.Greatest));
        for (; i <= values.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var some = Vector256.Create(values[i..]);
            (least, greatest) = (Vector256.Min(least, some), Vector256.Max(greatest, some));
        }

        for (var lane = 0; lane < Vector256<double>.Count; lane++)
            scale = scale.Including(new Scale(least[lane], greatest[lane]));
        for (; i < values.Length; i++)
            scale = scale.Including(values[i]);
        return scale;
    }

    /// <summary>The least and the greatest value; of no values, the greatest and the least number.</summary>
    /// <param name="values">Shape (n).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (long Least, long Greatest) Of(ReadOnlySpan<long> values)
    {
        var (least, greatest, i) = (Vector256.Create(long.MaxValue), Vector256.Create(long.MinValue), 0);
        for (; i <= values.Length - Vector256<long>.Count; i += Vector256<long>.Count)
        {
            var some = Vector256.Create(values[i..]);
            (least, greatest) = (Vector256.Min(least, some), Vector256.Max(greatest, some));
        }

        var (first, last) = (long.MaxValue, long.MinValue);
        for (var lane = 0; lane < Vector256<long>.Count; lane++)
            (first, last) = (Math.Min(first, least[lane]), Math.Max(last, greatest[lane]));
        for (; i < values.Length; i++)
            (first, last) = (Math.Min(first, values[i]), Math.Max(last, values[i]));
        return (first, last);
    }
}
