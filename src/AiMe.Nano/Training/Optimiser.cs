using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>Parameters in training with AdamW's moments, and the three parallel phases of a step: shards, sums, updates.</summary>
internal sealed unsafe class Optimiser
{
    private const int Slice = 8192; // parameters that one task adds up; fixed, so that the norm's order is
    private readonly TrainingOptions _options;
    private readonly IParameters _parameters;
    private readonly Shard?[] _shards = new Shard?[Batches.Shards];
    private readonly Block _mean, _square;
    private readonly double[] _squares;

    public Optimiser(IParameters parameters, TrainingOptions options)
    {
        (_parameters, _options) = (parameters, options);
        var n = parameters.Values.Length;
        (_mean, _square) = (new Block(n), new Block(n));
        _squares = new double[(n + Slice - 1) / Slice];
    }

    /// <summary>One update. Returns the batch's mean loss and the gradient's norm before clipping.</summary>
    public (double Loss, double Norm) Step<T>(List<T>[] parts, Objective<T> objective, double rate, int step)
    {
        var targets = parts.Sum(p => p.Sum(objective.Count));
        ForEach(parts.Length, i => objective.Run(_shards[i] ??= _parameters.NewShard(), parts[i], 1f / targets));
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
        ForEach(_parameters.Tasks, i => Update(i, constants));
        return (loss, norm);
    }

    /// <summary>Adds the shards' gradients of one slice into the first shard's, in their order, and squares it.</summary>
    private void AddUp(int slice, int shards)
    {
        var from = slice * Slice;
        var n = Math.Min(Slice, (int)_parameters.Values.Length - from);
        var sum = _shards[0]!.Gradient.Start + from;
        for (var s = 1; s < shards; s++)
            Adam.Add(_shards[s]!.Gradient.Start + from, sum, n);
        _squares[slice] = Adam.SumOfSquares(sum, n);
    }

    /// <summary>Steps what a task owns, and brings its copies up to date.</summary>
    private void Update(int task, in Adam.Constants constants)
    {
        var plain = constants with { Decay = 0 };
        foreach (var (o, length, decays) in _parameters.Of(task))
            Adam.Step(_parameters.Values.Start + o, _shards[0]!.Gradient.Start + o, _mean.Start + o, _square.Start + o, length, decays ? constants : plain);
        _parameters.Refresh(task);
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
