using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>
/// Sixteen lanes for every reduction along a row. The lane of an element is its index modulo 16 and the lanes are added
/// in one fixed tree, so the bits are the same if <see cref="Vector512"/> is two halves in software.
/// </summary>
internal static unsafe class Wide
{
    public const int Count = 16;

    /// <summary>Loads the first <paramref name="count"/> lanes from memory; the others are as given.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> LoadPart(float* from, int count, float others)
    {
        var lanes = stackalloc float[Count];
        for (var i = 0; i < Count; i++)
            lanes[i] = i < count ? from[i] : others;
        return Vector512.Load(lanes);
    }

    /// <summary>Writes the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void StorePart(Vector512<float> value, float* to, int count)
    {
        var lanes = stackalloc float[Count];
        value.Store(lanes);
        for (var i = 0; i < count; i++)
            to[i] = lanes[i];
    }

    /// <summary>The first <paramref name="count"/> lanes of a vector, the others as given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> KeepFirst(Vector512<float> value, int count, float others) =>
        Vector512.ConditionalSelect(Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), value,
            Vector512.Create(others));

    /// <summary>Lane i + lane i + 8, then 4, 2, 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> v)
    {
        var eight = v.GetLower() + v.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The largest lane; lanes are not NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> v)
    {
        var eight = Vector256.ConditionalSelect(Vector256.GreaterThan(v.GetLower(), v.GetUpper()), v.GetLower(), v.GetUpper());
        var four = Vector128.ConditionalSelect(Vector128.GreaterThan(eight.GetLower(), eight.GetUpper()), eight.GetLower(),
            eight.GetUpper());
        var (a, b) = (four[0] > four[2] ? four[0] : four[2], four[1] > four[3] ? four[1] : four[3]);
        return a > b ? a : b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    /// <summary>
    /// e to the power of each lane: 0 below -87.3, clamped at e^88 above, NaN for NaN. Relative error below 2e-7.
    /// </summary>
    /// <remarks>
    /// x = k ln 2 + r with |r| at most ln 2 / 2, a polynomial of degree 6 in r (Cephes' coefficients), and k into the
    /// exponent.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var gone = Vector512.LessThan(x, Vector512.Create(-87.3f));
        x = Vector512.ConditionalSelect(gone, Vector512<float>.Zero, x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(88f)), Vector512.Create(88f), x);
        var k = Vector512.Floor(Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504f), Vector512.Create(0.5f)));
        var r = Vector512.FusedMultiplyAdd(k, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(k, Vector512.Create(2.12194440e-4f), r);
        var y = Vector512.Create(1.9875691500e-4f);
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.3981999507e-3f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(8.3334519073e-3f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(4.1665795894e-2f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.6666665459e-1f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(5.0000001201e-1f));
        y = Vector512.FusedMultiplyAdd(y, r * r, r) + Vector512<float>.One;
        var power = (Vector512.ConvertToInt32Native(k) + Vector512.Create(127)) << 23;
        return Vector512.ConditionalSelect(gone, Vector512<float>.Zero, y * power.AsSingle());
    }

    /// <summary>1 / (1 + e^-x) of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + Exp(-x));
}
