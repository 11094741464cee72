using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>The weights in training with AdamW's moments, and the three parallel phases of a step: shards, sums, updates.</summary>
internal sealed unsafe class Optimiser
{
    private const int Slice = 8192; // parameters that one task adds up; fixed, so that the norm's order is
    private readonly TrainingOptions _options;
    private readonly PackedWeights _weights;
    private readonly Shard?[] _shards = new Shard?[Batches.Shards];
    private readonly Block _mean, _square;
    private readonly double[] _squares;

    public Optimiser(Weights start, TrainingOptions options)
    {
        _options = options;
        _weights = new PackedWeights(start.Config);
        _weights.Load(start);
        var n = _weights.Layout.Length;
        (_mean, _square) = (new Block(n), new Block(n));
        _squares = new double[(n + Slice - 1) / Slice];
    }

    public Weights Weights() => new(_weights.Config, _weights.Flat.Span.ToArray());

    /// <summary>One update. Returns the batch's mean loss and the gradient's norm before clipping.</summary>
    public (double Loss, double Norm) Step(List<Example>[] parts, double rate, int step)
    {
        var targets = parts.Sum(p => p.Sum(e => e.Targets));
        ForEach(parts.Length, i => (_shards[i] ??= new Shard(_weights)).Run(parts[i], 1f / targets));
        double loss = 0;
        for (var i = 0; i < parts.Length; i++)
            loss += _shards[i]!.Loss;
        loss /= targets;

        ForEach(_squares.Length, i => AddUp(i, parts.Length));
        double squares = 0;
        foreach (var s in _squares)
            squares += s;
        var norm = Math.Sqrt(squares);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new TrainingDivergedException(step, loss);

        var constants = new Adam.Constants(
            (float)rate,
            (float)_options.Beta1,
            (float)_options.Beta2,
            (float)(1 / (1 - StrictMath.Pow(_options.Beta1, step))),
            (float)(1 / (1 - StrictMath.Pow(_options.Beta2, step))),
            (float)_options.Epsilon,
            (float)_options.WeightDecay,
            norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1);
        ForEach(_weights.Config.Layers + 1, i => Update(i, constants));
        return (loss, norm);
    }

    /// <summary>Adds the shards' gradients of one slice into the first shard's, in their order, and squares it.</summary>
    private void AddUp(int slice, int shards)
    {
        var from = slice * Slice;
        var n = Math.Min(Slice, _weights.Layout.Length - from);
        var sum = _shards[0]!.Gradient.Start + from;
        for (var s = 1; s < shards; s++)
            Adam.Add(_shards[s]!.Gradient.Start + from, sum, n);
        _squares[slice] = Adam.SumOfSquares(sum, n);
    }

    /// <summary>Steps and repacks what a task owns: task 0 the embedding and the last norm, task l + 1 layer l.</summary>
    private void Update(int task, in Adam.Constants constants)
    {
        var prefix = $"model.layers.{task - 1}.";
        var plain = constants with { Decay = 0 };
        foreach (var place in _weights.Layout.Tensors)
        {
            var mine = task == 0 ? !place.Name.StartsWith("model.layers.", StringComparison.Ordinal) : place.Name.StartsWith(prefix, StringComparison.Ordinal);
            if (!mine)
                continue;
            var o = place.Offset;
            var gradient = _shards[0]!.Gradient.Start + o;
            Adam.Step(_weights.Flat.Start + o, gradient, _mean.Start + o, _square.Start + o, place.Length, place.IsNorm ? plain : constants);
        }

        _weights.Repack(task);
    }

    private void ForEach(int count, Action<int> action)
    {
        if (_options.Threads == 1 || count == 1)
        {
            for (var i = 0; i < count; i++)
                action(i);
            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, action);
    }
}
