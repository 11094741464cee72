using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano.Training;

/// <summary>The backward pass of an adapter's part of one product.</summary>
internal sealed unsafe class AdapterGradient(AdapterParameters parameters)
{
    private Block? _dlow;

    /// <summary>
    /// For y += low B^T with low = scale x A^T (left in the state by the forward pass): the gradients of A and B are
    /// added to the flat one, and dx (rows, inputs) receives the gradient through A.
    /// </summary>
    public void Run(int layer, Site site, LayerState state, float* x, float* dy, float* dx, float* gradient, int rows)
    {
        var (place, layout) = (parameters.Adapter.Layout.At(layer, site), parameters.Adapter.Layout);
        _dlow = Block.AtLeast(_dlow, (long)rows * place.Low);
        float* low = state.Low(site),
            dlow = _dlow.Start;
        var row = place.Row;
        for (var part = 0; part < place.Parts; part++)
        {
            var column = part * layout.PaddedRank;
            var outputs = place.OutputsOf(part);
            float* dyPart = dy + place.ColumnOf(part),
                db = gradient + place.BOf(part);
            Gemm.Multiply(low + column, 1, place.Low, dyPart, row, Gemm.Panel, db, outputs, layout.Rank, outputs, rows, add: true);
            Gemm.Multiply(
                dyPart,
                row,
                1,
                parameters.MirrorB(layer, site, part),
                layout.PaddedRank,
                Gemm.Panel,
                dlow + column,
                place.Low,
                rows,
                layout.PaddedRank,
                outputs,
                add: false
            );
        }

        Softmax.Scale(dlow, rows * place.Low, parameters.Adapter.Scale);
        Gemm.Multiply(
            x,
            1,
            place.Inputs,
            dlow,
            place.Low,
            Gemm.Panel,
            gradient + place.A,
            place.Low,
            place.Inputs,
            place.Low,
            rows,
            add: true
        );
        for (var part = 0; part < place.Parts; part++)
        {
            Gemm.Multiply(
                dlow + part * layout.PaddedRank,
                place.Low,
                1,
                parameters.MirrorA(layer, site, part),
                place.Inputs,
                Gemm.Panel,
                dx,
                place.Inputs,
                rows,
                place.Inputs,
                layout.Rank,
                add: true
            );
        }
    }
}
