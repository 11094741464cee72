using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>A token to be predicted.</summary>
/// <param name="Row">Of the stream, from which it is predicted.</param>
/// <param name="Scale">What is minimised is the sum of -Scale ln p; below 0 to make a token less likely.</param>
internal readonly record struct LossTarget(int Row, int Token, float Scale);

/// <summary>
/// The last norm, the unembedding and the cross-entropy, forward and backward, in chunks of learned rows.
/// </summary>
internal sealed unsafe class LossHead
{
    private const int Chunk = 64; // a chunk of logits stays in the second-level cache
    private readonly PackedWeights _weights;
    private readonly int _row;
    private readonly Block _selected,
        _final,
        _inverse,
        _logits,
        _dfinal,
        _dselected,
        _frozenNorm,
        _finalPanels,
        _logitPanels;
    private readonly Block? _unembedding; // of weights in training, packed at each run

    public LossHead(PackedWeights weights, bool frozen)
    {
        _weights = weights;
        var c = weights.Config.Width;
        // rows a power of two apart would share sets of the cache
        _row = Packing.PaddedTo(weights.Config.Vocabulary, Wide.Count) + Wide.Count;
        (_selected, _final, _inverse) = (new Block(Chunk * c), new Block(Chunk * c), new Block(Chunk));
        (_logits, _dfinal, _dselected, _frozenNorm) = (new Block(Chunk * _row), new Block(Chunk * c), new Block(Chunk * c), new Block(c));
        _unembedding = frozen ? null : new Block(Packing.Size(weights.Config.Vocabulary, c));
        (_finalPanels, _logitPanels) = (new Block(Packing.Size(Chunk, c)), new Block(Packing.Size(Chunk, weights.Config.Vocabulary)));
    }

    /// <summary>
    /// Adds to dx (rows, width) and to the flat gradient; returns the summed loss, nats, without the targets' scales.
    /// </summary>
    /// <param name="gradient">Of all weights; null if they are frozen.</param>
    public double Run(float* stream, ReadOnlySpan<LossTarget> targets, float* dx, float* gradient)
    {
        if (_unembedding is not null)
            _weights.PackUnembedding(_unembedding.Start);
        double loss = 0;
        for (var first = 0; first < targets.Length; first += Chunk)
            loss += RunChunk(stream, targets.Slice(first, Math.Min(Chunk, targets.Length - first)), dx, gradient);
        return loss;
    }

    /// <summary>ln p of every target, nats.</summary>
    public void LogProbabilities(float* stream, ReadOnlySpan<LossTarget> targets, Span<double> into)
    {
        for (var first = 0; first < targets.Length; first += Chunk)
        {
            var chunk = targets.Slice(first, Math.Min(Chunk, targets.Length - first));
            Forward(stream, chunk);
            for (var i = 0; i < chunk.Length; i++)
            {
                var logits = _logits.Start + (nint)i * _row;
                var logit = logits[chunk[i].Token]; // the exponentials take the place of the logits
                into[first + i] = LogSoftmax.At(logit, LogSoftmax.Normaliser(logits, logits, _weights.Config.Vocabulary));
            }
        }
    }

    private void Forward(float* stream, ReadOnlySpan<LossTarget> targets)
    {
        var (c, count) = (_weights.Config.Width, targets.Length);
        for (var i = 0; i < count; i++)
            Layer.Copy(stream + (nint)targets[i].Row * c, _selected.Start + i * c, c);
        RmsNorm.Forward(_selected.Start, _weights.FinalNorm, _final.Start, _inverse.Start, count, c, _weights.Epsilon);
        Gemm.Multiply(
            _final.Start,
            c,
            1,
            _weights.Unembedding,
            Gemm.Panel,
            c * Gemm.Panel,
            _logits.Start,
            _row,
            count,
            Packing.PaddedTo(_weights.Config.Vocabulary, Wide.Count),
            c,
            add: false
        );
    }

    private double RunChunk(float* stream, ReadOnlySpan<LossTarget> targets, float* dx, float* gradient)
    {
        var (c, v, count) = (_weights.Config.Width, _weights.Config.Vocabulary, targets.Length);
        var straight = _unembedding is null ? _weights.StraightUnembedding : _unembedding.Start;
        Forward(stream, targets);
        double loss = 0;
        for (var i = 0; i < count; i++)
            loss += CrossEntropy(_logits.Start + (nint)i * _row, v, targets[i].Token, targets[i].Scale);

        // final = chunk (count, c), logits (count, v): d final = d logits E, dE += d logits^T final
        Gemm.Multiply(_logits.Start, _row, 1, straight, Gemm.Panel, v * Gemm.Panel, _dfinal.Start, c, count, c, v, add: false);
        if (gradient is not null)
        {
            Packing.Straight(_final.Start, c, count, c, _finalPanels.Start);
            Packing.Straight(_logits.Start, _row, count, Packing.PaddedTo(v, Wide.Count), _logitPanels.Start);
            Gemm.MultiplyTransposed(
                _logitPanels.Start,
                _finalPanels.Start,
                gradient + _weights.Layout.Unembedding,
                c,
                v,
                c,
                count,
                add: true
            );
        }

        _dselected.Span.Clear();
        RmsNorm.Backward(
            _selected.Start,
            _weights.FinalNorm,
            _inverse.Start,
            _dfinal.Start,
            _dselected.Start,
            gradient is null ? _frozenNorm.Start : gradient + _weights.Layout.FinalNorm,
            count,
            c
        );
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
