using System.Runtime.CompilerServices;

namespace AiMe.Nano.Kernels;

/// <summary>
/// The inner loops of <see cref="Gemm"/>, with its operands: rows by vectors of c whose sums stay in registers over the
/// whole depth k. c is written or added to.
/// </summary>
/// <remarks>
/// Two multiply-adds a cycle with a latency of four need at least eight sums in flight, and more hide the loads: a step
/// of 4 x 4 loads 8 times and multiplies 16 times. An element of a is spread over the lanes by its load; spreading it
/// from a register would cost a multiplication.
/// </remarks>
internal static unsafe class Tiles
{
    /// <summary>Four rows by two vectors of each of two panels; vectors of 16 lanes, half a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourByFour<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, nint bPanel, float* c, nint cRow,
        int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default,
            c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        if (add)
        {
            (c00, c01, c02, c03) = (T.Load(c), T.Load(c + T.Count), T.Load(c + 2 * T.Count), T.Load(c + 3 * T.Count));
            (c10, c11, c12, c13) = (T.Load(c + cRow), T.Load(c + cRow + T.Count), T.Load(c + cRow + 2 * T.Count),
                T.Load(c + cRow + 3 * T.Count));
            (c20, c21, c22, c23) = (T.Load(c + 2 * cRow), T.Load(c + 2 * cRow + T.Count), T.Load(c + 2 * cRow + 2 * T.Count),
                T.Load(c + 2 * cRow + 3 * T.Count));
            (c30, c31, c32, c33) = (T.Load(c + 3 * cRow), T.Load(c + 3 * cRow + T.Count), T.Load(c + 3 * cRow + 2 * T.Count),
                T.Load(c + 3 * cRow + 3 * T.Count));
        }

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var (b0, b1, b2, b3) = (T.Load(b), T.Load(b + T.Count), T.Load(b + bPanel), T.Load(b + bPanel + T.Count));
            var x = T.Broadcast(a + at);
            (c00, c01, c02, c03) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01), T.MultiplyAdd(x, b2, c02),
                T.MultiplyAdd(x, b3, c03));
            x = T.Broadcast(a1 + at);
            (c10, c11, c12, c13) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11), T.MultiplyAdd(x, b2, c12),
                T.MultiplyAdd(x, b3, c13));
            x = T.Broadcast(a2 + at);
            (c20, c21, c22, c23) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21), T.MultiplyAdd(x, b2, c22),
                T.MultiplyAdd(x, b3, c23));
            x = T.Broadcast(a3 + at);
            (c30, c31, c32, c33) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31), T.MultiplyAdd(x, b2, c32),
                T.MultiplyAdd(x, b3, c33));
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        T.Store(c02, c + 2 * T.Count);
        T.Store(c03, c + 3 * T.Count);
        T.Store(c10, c + cRow);
        T.Store(c11, c + cRow + T.Count);
        T.Store(c12, c + cRow + 2 * T.Count);
        T.Store(c13, c + cRow + 3 * T.Count);
        T.Store(c20, c + 2 * cRow);
        T.Store(c21, c + 2 * cRow + T.Count);
        T.Store(c22, c + 2 * cRow + 2 * T.Count);
        T.Store(c23, c + 2 * cRow + 3 * T.Count);
        T.Store(c30, c + 3 * cRow);
        T.Store(c31, c + 3 * cRow + T.Count);
        T.Store(c32, c + 3 * cRow + 2 * T.Count);
        T.Store(c33, c + 3 * cRow + 3 * T.Count);
    }

    /// <summary>Eight rows by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EightByTwo<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default,
            c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        if (add)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + cRow), T.Load(c + cRow + T.Count));
            (c20, c21) = (T.Load(c + 2 * cRow), T.Load(c + 2 * cRow + T.Count));
            (c30, c31) = (T.Load(c + 3 * cRow), T.Load(c + 3 * cRow + T.Count));
            (c40, c41) = (T.Load(c + 4 * cRow), T.Load(c + 4 * cRow + T.Count));
            (c50, c51) = (T.Load(c + 5 * cRow), T.Load(c + 5 * cRow + T.Count));
            (c60, c61) = (T.Load(c + 6 * cRow), T.Load(c + 6 * cRow + T.Count));
            (c70, c71) = (T.Load(c + 7 * cRow), T.Load(c + 7 * cRow + T.Count));
        }

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var (b0, b1) = (T.Load(b), T.Load(b + T.Count));
            var x = T.Broadcast(a + at);
            (c00, c01) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01));
            x = T.Broadcast(a1 + at);
            (c10, c11) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11));
            x = T.Broadcast(a2 + at);
            (c20, c21) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21));
            x = T.Broadcast(a3 + at);
            (c30, c31) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31));
            x = T.Broadcast(a4 + at);
            (c40, c41) = (T.MultiplyAdd(x, b0, c40), T.MultiplyAdd(x, b1, c41));
            x = T.Broadcast(a5 + at);
            (c50, c51) = (T.MultiplyAdd(x, b0, c50), T.MultiplyAdd(x, b1, c51));
            x = T.Broadcast(a6 + at);
            (c60, c61) = (T.MultiplyAdd(x, b0, c60), T.MultiplyAdd(x, b1, c61));
            x = T.Broadcast(a7 + at);
            (c70, c71) = (T.MultiplyAdd(x, b0, c70), T.MultiplyAdd(x, b1, c71));
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        T.Store(c10, c + cRow);
        T.Store(c11, c + cRow + T.Count);
        T.Store(c20, c + 2 * cRow);
        T.Store(c21, c + 2 * cRow + T.Count);
        T.Store(c30, c + 3 * cRow);
        T.Store(c31, c + 3 * cRow + T.Count);
        T.Store(c40, c + 4 * cRow);
        T.Store(c41, c + 4 * cRow + T.Count);
        T.Store(c50, c + 5 * cRow);
        T.Store(c51, c + 5 * cRow + T.Count);
        T.Store(c60, c + 6 * cRow);
        T.Store(c61, c + 6 * cRow + T.Count);
        T.Store(c70, c + 7 * cRow);
        T.Store(c71, c + 7 * cRow + T.Count);
    }

    /// <summary>
    /// Six rows by two vectors: 16 registers hold twelve sums, two vectors of b and one element of a.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixByTwo<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default,
            c40 = default, c41 = default, c50 = default, c51 = default;
        if (add)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + cRow), T.Load(c + cRow + T.Count));
            (c20, c21) = (T.Load(c + 2 * cRow), T.Load(c + 2 * cRow + T.Count));
            (c30, c31) = (T.Load(c + 3 * cRow), T.Load(c + 3 * cRow + T.Count));
            (c40, c41) = (T.Load(c + 4 * cRow), T.Load(c + 4 * cRow + T.Count));
            (c50, c51) = (T.Load(c + 5 * cRow), T.Load(c + 5 * cRow + T.Count));
        }

        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var (b0, b1) = (T.Load(b), T.Load(b + T.Count));
            var x = T.Broadcast(a + at);
            (c00, c01) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01));
            x = T.Broadcast(a1 + at);
            (c10, c11) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11));
            x = T.Broadcast(a2 + at);
            (c20, c21) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21));
            x = T.Broadcast(a3 + at);
            (c30, c31) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31));
            x = T.Broadcast(a4 + at);
            (c40, c41) = (T.MultiplyAdd(x, b0, c40), T.MultiplyAdd(x, b1, c41));
            x = T.Broadcast(a5 + at);
            (c50, c51) = (T.MultiplyAdd(x, b0, c50), T.MultiplyAdd(x, b1, c51));
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        T.Store(c10, c + cRow);
        T.Store(c11, c + cRow + T.Count);
        T.Store(c20, c + 2 * cRow);
        T.Store(c21, c + 2 * cRow + T.Count);
        T.Store(c30, c + 3 * cRow);
        T.Store(c31, c + 3 * cRow + T.Count);
        T.Store(c40, c + 4 * cRow);
        T.Store(c41, c + 4 * cRow + T.Count);
        T.Store(c50, c + 5 * cRow);
        T.Store(c51, c + 5 * cRow + T.Count);
    }

    /// <summary>Two rows by two vectors, for the remaining rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByTwo<T>(float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default, c10 = default, c11 = default;
        if (add)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
            (c10, c11) = (T.Load(c + cRow), T.Load(c + cRow + T.Count));
        }

        float* a1 = a + aRow;
        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var (b0, b1) = (T.Load(b), T.Load(b + T.Count));
            var x = T.Broadcast(a + at);
            (c00, c01) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01));
            x = T.Broadcast(a1 + at);
            (c10, c11) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11));
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        T.Store(c10, c + cRow);
        T.Store(c11, c + cRow + T.Count);
    }

    /// <summary>
    /// One row by two vectors of each of two panels, if vectors have 16 lanes; of fewer, four vectors side by side,
    /// with bPanel = two of them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByFour<T>(float* a, nint aColumn, float* b, nint bRow, nint bPanel, float* c, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default, c02 = default, c03 = default;
        if (add)
        {
            (c00, c01, c02, c03) = (T.Load(c), T.Load(c + T.Count), T.Load(c + 2 * T.Count), T.Load(c + 3 * T.Count));
        }

        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var (b0, b1, b2, b3) = (T.Load(b), T.Load(b + T.Count), T.Load(b + bPanel), T.Load(b + bPanel + T.Count));
            var x = T.Broadcast(a + at);
            (c00, c01, c02, c03) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01), T.MultiplyAdd(x, b2, c02),
                T.MultiplyAdd(x, b3, c03));
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
        T.Store(c02, c + 2 * T.Count);
        T.Store(c03, c + 3 * T.Count);
    }

    /// <summary>One row by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByTwo<T>(float* a, nint aColumn, float* b, nint bRow, float* c, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default, c01 = default;
        if (add)
        {
            (c00, c01) = (T.Load(c), T.Load(c + T.Count));
        }

        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var (b0, b1) = (T.Load(b), T.Load(b + T.Count));
            var x = T.Broadcast(a + at);
            (c00, c01) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01));
            b += bRow;
        }

        T.Store(c00, c);
        T.Store(c01, c + T.Count);
    }

    /// <summary>One row by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByOne<T>(float* a, nint aColumn, float* b, nint bRow, float* c, int k, bool add)
        where T : struct, ILanes<T>
    {
        T c00 = default;
        if (add)
        {
            c00 = T.Load(c);
        }

        nint at = 0;
        for (var p = 0; p < k; p++, at += aColumn)
        {
            var b0 = T.Load(b);
            var x = T.Broadcast(a + at);
            c00 = T.MultiplyAdd(x, b0, c00);
            b += bRow;
        }

        T.Store(c00, c);
    }
}
