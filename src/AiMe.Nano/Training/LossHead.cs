using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>The last norm, the tied unembedding and the cross-entropy, forward and backward, in chunks of learned rows.</summary>
internal sealed unsafe class LossHead
{
    private const int Chunk = 64; // a chunk of logits stays in the second-level cache
    private readonly PackedWeights _weights;
    private readonly int _row;
    private readonly Block _selected, _final, _inverse, _logits, _dfinal, _dselected, _embedding, _finalPanels, _logitPanels;

    public LossHead(PackedWeights weights)
    {
        _weights = weights;
        var c = weights.Config.Width;
        _row = Packing.PaddedTo(weights.Config.Vocabulary, Wide.Count) + Wide.Count; // rows a power of two apart would share sets of the cache
        (_selected, _final, _inverse) = (new Block(Chunk * c), new Block(Chunk * c), new Block(Chunk));
        (_logits, _dfinal, _dselected) = (new Block(Chunk * _row), new Block(Chunk * c), new Block(Chunk * c));
        _embedding = new Block(Packing.Size(weights.Config.Vocabulary, c));
        (_finalPanels, _logitPanels) = (new Block(Packing.Size(Chunk, c)), new Block(Packing.Size(Chunk, weights.Config.Vocabulary)));
    }

    /// <summary>Adds to dx (rows, width) and to the flat gradient; returns the summed loss, nats.</summary>
    public double Run(float* stream, ReadOnlySpan<(int Row, int Token)> targets, float scale, float* dx, float* gradient)
    {
        var (c, v) = (_weights.Config.Width, _weights.Config.Vocabulary);
        Packing.Straight(_weights.Flat.Start + WeightLayout.Embedding, c, v, c, _embedding.Start);
        double loss = 0;
        for (var first = 0; first < targets.Length; first += Chunk)
            loss += RunChunk(stream, targets.Slice(first, Math.Min(Chunk, targets.Length - first)), scale, dx, gradient);
        return loss;
    }

    private double RunChunk(float* stream, ReadOnlySpan<(int Row, int Token)> targets, float scale, float* dx, float* gradient)
    {
        var (c, v, count) = (_weights.Config.Width, _weights.Config.Vocabulary, targets.Length);
        var norm = _weights.Layout.FinalNorm;
        var flat = _weights.Flat.Start;
        for (var i = 0; i < count; i++)
            Layer.Copy(stream + (nint)targets[i].Row * c, _selected.Start + i * c, c);
        RmsNorm.Forward(_selected.Start, flat + norm, _final.Start, _inverse.Start, count, c);
        Gemm.Multiply(_final.Start, c, 1, _weights.Unembedding, Gemm.Panel, c * Gemm.Panel, _logits.Start, _row, count, Packing.PaddedTo(v, Wide.Count), c, add: false);

        double loss = 0;
        for (var i = 0; i < count; i++)
            loss += CrossEntropy(_logits.Start + (nint)i * _row, v, targets[i].Token, scale);

        // final = chunk (count, c), logits (count, v): d final = d logits E, dE += d logits^T final
        Gemm.Multiply(_logits.Start, _row, 1, _embedding.Start, Gemm.Panel, v * Gemm.Panel, _dfinal.Start, c, count, c, v, add: false);
        Packing.Straight(_final.Start, c, count, c, _finalPanels.Start);
        Packing.Straight(_logits.Start, _row, count, Packing.PaddedTo(v, Wide.Count), _logitPanels.Start);
        Gemm.MultiplyTransposed(_logitPanels.Start, _finalPanels.Start, gradient + WeightLayout.Embedding, c, v, c, count, add: true);
        _dselected.Span.Clear();
        RmsNorm.Backward(_selected.Start, flat + norm, _inverse.Start, _dfinal.Start, _dselected.Start, gradient + norm, count, c);
        for (var i = 0; i < count; i++)
            Adam.Add(_dselected.Start + i * c, dx + (nint)targets[i].Row * c, c);
        return loss;
    }

    /// <summary>-ln p of the target; the row becomes scale (p - one-hot).</summary>
    private static double CrossEntropy(float* logits, int v, int target, float scale)
    {
        var max = Softmax.Max(logits, v);
        var shifted = (double)(logits[target] - max);
        var sum = Softmax.Exponentials(logits, logits, v, max, 1);
        Softmax.Scale(logits, v, scale / sum);
        logits[target] -= scale;
        return StrictMath.Log(sum) - shifted;
    }
}
