using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano;

/// <summary>
/// One pre-norm block over a ragged batch: the rows of all sequences follow each other, so every matrix product sees
/// all of them; only attention goes sequence by sequence.
/// </summary>
internal static unsafe class Layer
{
    /// <summary>
    /// Attention over the rows of a state's QueryKeyValue, rotated to their positions, into its Attended.
    /// </summary>
    internal interface IAttend
    {
        void Attend(int layer, LayerState state);
    }

    /// <summary>
    /// Reads state.Input (rows, width) and writes the block's output (rows, width), which may be the input.
    /// </summary>
    /// <param name="adapter">The adapter, or null for the weights alone.</param>
    public static void Forward<T>(PackedWeights w, int layer, LayerState state, float* output, int rows, T attend, Adapter? adapter = null)
        where T : IAttend
    {
        var (c, h, q, qkv) = (w.Config.Width, w.Config.Hidden, w.Config.QueryWidth, w.Config.QueryKeyValueWidth);
        RmsNorm.Forward(state.Input, w.AttentionNorm(layer), state.Normed, state.InputInverse, rows, c, w.Epsilon);
        Product(state.Normed, c, w.QueryKeyValue(layer), state.QueryKeyValue, qkv, rows, add: false);
        if (w.Config.AttentionBias)
            AddBias(w.Bias(layer), state.QueryKeyValue, rows, qkv);
        adapter?.AddTo(layer, Site.QueryKeyValue, state.Normed, state, state.QueryKeyValue, rows);
        attend.Attend(layer, state);
        Copy(state.Input, state.Middle, rows * c);
        Product(state.Attended, q, w.Output(layer), state.Middle, c, rows, add: true);
        adapter?.AddTo(layer, Site.Output, state.Attended, state, state.Middle, rows);

        RmsNorm.Forward(state.Middle, w.MlpNorm(layer), state.MiddleNormed, state.MiddleInverse, rows, c, w.Epsilon);
        Product(state.MiddleNormed, c, w.GateUp(layer), state.GateUp, 2 * h, rows, add: false);
        adapter?.AddTo(layer, Site.GateUp, state.MiddleNormed, state, state.GateUp, rows);
        SwiGlu.Forward(state.GateUp, state.Hidden, rows, h);
        Copy(state.Middle, output, rows * c);
        Product(state.Hidden, h, w.Down(layer), output, c, rows, add: true);
        adapter?.AddTo(layer, Site.Down, state.Hidden, state, output, rows);
    }

    /// <summary>y (rows, n) = x (rows, k) times packed panels, or added to y.</summary>
    public static void Product(float* x, int k, float* panels, float* y, int n, int rows, bool add) =>
        Gemm.Multiply(x, k, 1, panels, Gemm.Panel, k * Gemm.Panel, y, n, rows, n, k, add);

    /// <summary>Rows of the embedding, one a token.</summary>
    public static void Embed(PackedWeights w, ReadOnlySpan<int> tokens, float* x)
    {
        var c = w.Config.Width;
        for (var i = 0; i < tokens.Length; i++)
            w.Embed(tokens[i], x + (nint)i * c);
    }

    /// <summary>y (rows, n) += bias (n), row by row.</summary>
    private static void AddBias(float* bias, float* y, int rows, int n)
    {
        for (var r = 0; r < rows; r++, y += n)
            Adam.Add(bias, y, n);
    }

    public static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
}
