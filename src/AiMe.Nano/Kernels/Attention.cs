using System.Runtime.CompilerServices;

namespace AiMe.Nano.Kernels;

/// <summary>
/// Causal attention of one head over one sequence, in blocks of query rows, so that at most half a block is wasted.
/// </summary>
internal static unsafe class Attention
{
    public const int RowBlock = 32;

    /// <summary>Row length of a score buffer for that many keys.</summary>
    public static int ScoreRow(int keys) => Packing.PaddedTo(keys, Wide.Count);

    /// <summary>o = softmax(q k^T / sqrt(size)) v, row i attending to keys 0 .. past + i.</summary>
    /// <remarks>
    /// Query i is at q + i * qRow, value j at v + j * vRow, output i at o + i * oRow, each of <c>size</c> floats; keys
    /// are k transposed in panels, (keys / 32, size, 32). If <c>keep</c>, row i of the probabilities goes to p + i *
    /// pRow; otherwise p is a scratch of RowBlock rows.
    /// </remarks>
    public static void Forward(
        float* q, nint qRow, float* keys, float* v, nint vRow, float* o, nint oRow, float* p, int pRow, int n, int past, int size,
            bool keep)
    {
        var scale = 1 / MathF.Sqrt(size);
        for (var i = 0; i < n; i += RowBlock)
        {
            var rows = Math.Min(RowBlock, n - i);
            var seen = past + i + rows;
            var columns = ScoreRow(seen);
            var block = keep ? p + i * pRow : p;
            Gemm.Multiply(q + i * qRow, qRow, 1, keys, Gemm.Panel, size * Gemm.Panel, block, pRow, rows, columns, size, add: false);
            for (var r = 0; r < rows; r++)
                Softmax.Causal(block + r * pRow, past + i + r + 1, columns, scale);
            Gemm.Multiply(block, pRow, 1, v, vRow, Gemm.Panel, o + i * oRow, oRow, rows, size, seen, add: false);
        }
    }

    /// <summary>Gradients dq, dk, dv of one head from dout, over a whole sequence of n.</summary>
    /// <remarks>
    /// q, k, dq, dk and dv have rows <c>row</c> apart; values are v transposed in panels; p holds the forward pass's
    /// probabilities and ds is scratch, both (n, pRow). If <c>add</c>, dk and dv are added to: another head of queries
    /// shares the keys.
    /// </remarks>
    public static void Backward(
        float* q, float* k, nint row, float* values, float* p, float* dout, nint doutRow, float* ds, int pRow,
        float* dq, float* dk, float* dv, int n, int size, bool add)
    {
        var scale = 1 / MathF.Sqrt(size);
        for (var i = 0; i < n; i += RowBlock)
        {
            var rows = Math.Min(RowBlock, n - i);
            var columns = ScoreRow(i + rows);
            Gemm.Multiply(
                dout + i * doutRow, doutRow, 1, values, Gemm.Panel, size * Gemm.Panel, ds + i * pRow, pRow, rows, columns, size,
                    add: false);
            for (var r = i; r < i + rows; r++)
                Softmax.CausalBackward(p + r * pRow, ds + r * pRow, r + 1, columns, scale);
            Gemm.Multiply(ds + i * pRow, pRow, 1, k, row, Gemm.Panel, dq + i * row, row, rows, size, i + rows, add: false);
        }

        for (var j = 0; j < n; j += RowBlock)
        {
            var rows = Math.Min(RowBlock, n - j); // key j is seen by queries j .. n
            var from = j * pRow + j;
            Gemm.Multiply(ds + from, 1, pRow, q + j * row, row, Gemm.Panel, dk + j * row, row, rows, size, n - j, add);
            Gemm.Multiply(p + from, 1, pRow, dout + j * doutRow, doutRow, Gemm.Panel, dv + j * row, row, rows, size, n - j, add);
        }
    }
}
