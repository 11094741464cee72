using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano.Training;

/// <summary>The backward pass of one block, in the reverse order of <see cref="Layer.Forward"/>.</summary>
/// <param name="adapter">
/// Null if all weights are trained; else they are frozen, and the gradient is the adapter's.
/// </param>
internal sealed unsafe class LayerGradient(PackedWeights weights, AdapterParameters? adapter = null)
{
    private readonly AdapterGradient? _adapter = adapter is null ? null : new AdapterGradient(adapter);
    private readonly Block? _frozenNorm = adapter is null ? null : new Block(weights.Config.Width); // takes what is not asked for
    private readonly Block _values = new(Packing.Size(weights.Config.HeadSize, weights.Config.Context));
    private readonly Block _scores = new((long)weights.Config.Context * Attention.ScoreRow(weights.Config.Context));
    private Block? _dhidden,
        _dgateUp,
        _dnormed,
        _dattended,
        _dqkv,
        _wPanels,
        _xPanels,
        _dyPanels;

    /// <summary>
    /// dx (rows, width): in, the gradient by the block's output; out, by its input. The matrices' gradients overwrite
    /// the flat one; those of the norms are added to it.
    /// </summary>
    public void Run(int layer, LayerState s, List<int> lengths, int rows, float* dx, float* gradient)
    {
        var (c, h, q, qkv) = (weights.Config.Width, weights.Config.Hidden, weights.Config.QueryWidth, weights.Config.QueryKeyValueWidth);
        var at = weights.Layout;
        _dhidden = Block.AtLeast(_dhidden, (long)rows * h);
        _dgateUp = Block.AtLeast(_dgateUp, (long)rows * 2 * h);
        _dnormed = Block.AtLeast(_dnormed, (long)rows * c);
        _dattended = Block.AtLeast(_dattended, (long)rows * q);
        _dqkv = Block.AtLeast(_dqkv, (long)rows * qkv);

        Product(layer, Site.Down, s, dx, c, s.Hidden, h, _dhidden.Start, gradient, at.Down(layer), rows);
        SwiGlu.Backward(s.GateUp, _dhidden.Start, _dgateUp.Start, rows, h);
        Product(layer, Site.GateUp, s, _dgateUp.Start, 2 * h, s.MiddleNormed, c, _dnormed.Start, gradient, at.GateUp(layer), rows);
        var norm = at.MlpNorm(layer);
        RmsNorm.Backward(
            s.Middle,
            weights.MlpNorm(layer),
            s.MiddleInverse,
            _dnormed.Start,
            dx,
            _frozenNorm is null ? gradient + norm : _frozenNorm.Start,
            rows,
            c
        );

        Product(layer, Site.Output, s, dx, c, s.Attended, q, _dattended.Start, gradient, at.Output(layer), rows);
        Attend(s, lengths);
        if (weights.Config.AttentionBias && adapter is null)
            AddRows(_dqkv.Start, gradient + at.Bias(layer), rows, qkv);
        Product(layer, Site.QueryKeyValue, s, _dqkv.Start, qkv, s.Normed, c, _dnormed.Start, gradient, at.QueryKeyValue(layer), rows);
        norm = at.AttentionNorm(layer);
        RmsNorm.Backward(
            s.Input,
            weights.AttentionNorm(layer),
            s.InputInverse,
            _dnormed.Start,
            dx,
            _frozenNorm is null ? gradient + norm : _frozenNorm.Start,
            rows,
            c
        );
    }

    /// <summary>sum (n) += the rows of x (rows, n), in their order.</summary>
    private static void AddRows(float* x, float* sum, int rows, int n)
    {
        for (var r = 0; r < rows; r++, x += n)
            Adam.Add(x, sum, n);
    }

    /// <summary>
    /// For y (rows, n) = x (rows, k) w^T with w (n, k): dx = dy w, dw = dy^T x, or instead of dw the adapter's part.
    /// </summary>
    private void Product(
        int layer,
        Site site,
        LayerState s,
        float* dy,
        int n,
        float* x,
        int k,
        float* dx,
        float* gradient,
        int at,
        int rows
    )
    {
        _wPanels = Block.AtLeast(_wPanels, Packing.Size(n, k));
        weights.Straight(layer, site, _wPanels.Start);
        Gemm.Multiply(dy, n, 1, _wPanels.Start, Gemm.Panel, n * Gemm.Panel, dx, k, rows, k, n, add: false);
        if (_adapter is not null)
        {
            _adapter.Run(layer, site, s, x, dy, dx, gradient, rows);
            return;
        }

        _xPanels = Block.AtLeast(_xPanels, Packing.Size(rows, k));
        _dyPanels = Block.AtLeast(_dyPanels, Packing.Size(rows, n));
        Packing.Straight(x, k, rows, k, _xPanels.Start);
        Packing.Straight(dy, n, rows, n, _dyPanels.Start);
        Gemm.MultiplyTransposed(_dyPanels.Start, _xPanels.Start, gradient + at, k, n, k, rows, add: false);
    }

    private void Attend(LayerState s, List<int> lengths)
    {
        var config = weights.Config;
        var (width, k, size, row) = (config.QueryWidth, config.KeyWidth, config.HeadSize, config.QueryKeyValueWidth);
        var group = config.Heads / config.KeyValueHeads; // heads of queries that share one of keys
        float* qkv = s.QueryKeyValue,
            dqkv = _dqkv!.Start,
            dattended = _dattended!.Start,
            p = s.Scores;
        foreach (var n in lengths)
        {
            var pRow = Attention.ScoreRow(n);
            for (var h = 0; h < config.Heads; h++, p += n * pRow)
            {
                float* key = qkv + width + h / group * size,
                    dkey = dqkv + width + h / group * size;
                if (h % group == 0)
                    Packing.Transposed(key + k, row, n, size, _values.Start);
                Attention.Backward(
                    qkv + h * size,
                    key,
                    row,
                    _values.Start,
                    p,
                    dattended + h * size,
                    width,
                    _scores.Start,
                    pRow,
                    dqkv + h * size,
                    dkey,
                    dkey + k,
                    n,
                    size,
                    add: h % group > 0
                );
            }

            for (var i = 0; i < n; i++)
                weights.Rotary.Rotate(dqkv + i * row, config.Heads + config.KeyValueHeads, i, back: true);
            qkv += (nint)n * row;
            dqkv += (nint)n * row;
            dattended += (nint)n * width;
        }
    }
}
