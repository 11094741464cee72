using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>AdamW's moments, and the three parallel phases of a step: shards, sums, updates.</summary>
internal sealed unsafe class Optimiser
{
    private const int Slice = 8192; // parameters that one task adds up; fixed, so that the norm's order is
    private readonly TrainingOptions _options;
    private readonly IParameters _parameters;
    private readonly Stack<GradientShard> _idle = new();
    private readonly Lock _adding = new();
    private readonly Block _mean,
        _square;
    private readonly double[] _squares;
    private Block _sum; // of the shards' gradients

    public Optimiser(IParameters parameters, TrainingOptions options)
    {
        (_parameters, _options) = (parameters, options);
        var n = parameters.Values.Length;
        (_mean, _square, _sum) = (new Block(n), new Block(n), new Block(n));
        _squares = new double[(n + Slice - 1) / Slice];
    }

    /// <summary>One update. Returns the batch's mean loss and the gradient's norm before clipping.</summary>
    public (double Loss, double Norm) Step<T>(List<T>[] parts, Objective<T> objective, double rate, int step)
    {
        var targets = parts.Sum(p => p.Sum(objective.Count));
        var loss = Gradient(parts, objective, 1f / targets) / targets;
        ForEach(_squares.Length, SquareUp);
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
            norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1
        );
        ForEach(_parameters.Tasks, i => Update(i, constants));
        return (loss, norm);
    }

    /// <summary>Adds up the shards' gradients and returns their loss, both in the order of the shards.</summary>
    private double Gradient<T>(List<T>[] parts, Objective<T> objective, float scale)
    {
        var done = new GradientShard?[parts.Length];
        var next = 0;
        double loss = 0;
        ForEach(parts.Length, i =>
        {
            var shard = Rent();
            objective.Run(shard, parts[i], scale);
            lock (_adding)
            {
                done[i] = shard;
                for (; next < parts.Length && done[next] is { } ready; next++)
                {
                    loss += ready.Loss;
                    if (next == 0)
                        (_sum, ready.Gradient) = (ready.Gradient, _sum);
                    else
                        Adam.Add(ready.Gradient.Start, _sum.Start, (int)_parameters.Values.Length);
                    _idle.Push(ready);
                }
            }
        });
        return loss;
    }

    private GradientShard Rent()
    {
        lock (_adding)
        {
            return _idle.TryPop(out var idle) ? idle : _parameters.NewShard();
        }
    }

    /// <summary>The sum of squares of one slice.</summary>
    private void SquareUp(int slice)
    {
        var from = slice * Slice;
        _squares[slice] = Adam.SumOfSquares(_sum.Start + from, Math.Min(Slice, (int)_parameters.Values.Length - from));
    }

    /// <summary>Updates the parameters of a task and their copies.</summary>
    private void Update(int task, in Adam.Constants constants)
    {
        var plain = constants with { Decay = 0 };
        foreach (var (o, length, decays) in _parameters.Of(task))
            Adam.Step(_parameters.Values.Start + o, _sum.Start + o, _mean.Start + o, _square.Start + o, length, decays ? constants : plain);
        _parameters.Refresh(task);
    }

    private void ForEach(int count, Action<int> action)
    {
        var next = -1;
        var workers = Math.Min(_options.Threads, count);
        if (workers == 1)
            Work(0);
        else
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, Work);

        // Pieces are taken in order, so that few wait to be added up.
        void Work(int worker)
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count; )
                action(i);
        }
    }
}
