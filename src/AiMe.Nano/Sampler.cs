using AiMe.Nano.Kernels;

namespace AiMe.Nano;

/// <summary>Draws one token from a row of logits. It holds scratch memory, so it serves one caller at a time.</summary>
internal sealed unsafe class Sampler(int vocabulary)
{
    private readonly Block _plain = new(vocabulary),
        _adjusted = new(vocabulary),
        _mass = new(vocabulary);
    private readonly long[] _candidates = new long[vocabulary]; // the mass's complement in the upper half, the id in the lower
    private readonly int[] _chosen = new int[vocabulary];

    /// <summary>A token and its ln p under the untempered, unpenalised distribution.</summary>
    /// <exception cref="ArithmeticException">The logits are not numbers.</exception>
    public (int Token, double LogProbability) Draw(float* logits, SamplingOptions options, IReadOnlyList<int> drawn, ref Rng rng)
    {
        var normaliser = LogSoftmax.Normaliser(logits, _plain.Start, vocabulary);
        if (!double.IsFinite(normaliser.LogSum))
            throw new ArithmeticException("the model's logits are not finite: its weights are damaged");
        var adjusted = Penalise(logits, options.RepetitionPenalty, drawn);
        var token = options.Temperature == 0 ? Likeliest(adjusted) : DrawTempered(adjusted, options, ref rng);
        return (token, LogSoftmax.At(logits[token], normaliser));
    }

    private float* Penalise(float* logits, double penalty, IReadOnlyList<int> drawn)
    {
        if (penalty == 1 || drawn.Count == 0)
            return logits;
        var adjusted = _adjusted.Start;
        Layer.Copy(logits, adjusted, vocabulary);
        foreach (var id in drawn)
            adjusted[id] = logits[id] > 0 ? logits[id] / (float)penalty : logits[id] * (float)penalty;
        return adjusted;
    }

    private int Likeliest(float* logits)
    {
        var best = 0;
        for (var i = 1; i < vocabulary; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        return best;
    }

    private int DrawTempered(float* logits, SamplingOptions options, ref Rng rng)
    {
        var mass = _mass.Start;
        var total = Softmax.Exponentials(logits, mass, vocabulary, Softmax.Max(logits, vocabulary), (float)(1 / options.Temperature));
        var uniform = rng.NextDouble();
        if (options.TopP < 1 || (options.TopK > 0 && options.TopK < vocabulary))
            return DrawTruncated(mass, total, options, uniform);

        var target = uniform * total;
        var sum = 0.0;
        var last = 0;
        for (var i = 0; i < vocabulary; i++)
        {
            sum += mass[i];
            if (sum > target)
                return i;
            if (mass[i] > 0)
                last = i;
        }

        return last; // the sum of doubles may fall short of the lanes' sum by rounding
    }

    private int DrawTruncated(float* mass, float total, SamplingOptions options, double uniform)
    {
        var k = options.TopK == 0 ? vocabulary : Math.Min(options.TopK, vocabulary);
        var candidates = Gather(mass, k, options.TopP * total);
        Array.Sort(_candidates, 0, candidates);
        candidates = Math.Min(candidates, k);

        double kept = 0; // mass of the k likeliest
        for (var i = 0; i < candidates; i++)
            kept += Mass(i);
        if (k == vocabulary)
            kept = total; // top-p alone is a share of everything
        double nucleus = 0;
        var size = 0;
        while (size < candidates && (size == 0 || nucleus < options.TopP * kept))
            nucleus += Mass(size++);

        var target = uniform * nucleus;
        double sum = 0;
        for (var i = 0; i < size; i++)
        {
            sum += Mass(i);
            if (sum > target)
                return (int)_candidates[i];
        }

        return (int)_candidates[size - 1];
    }

    private float Mass(int candidate) => BitConverter.Int32BitsToSingle(int.MaxValue - (int)(_candidates[candidate] >> 32));

    /// <summary>
    /// Collects the likeliest tokens: those above a threshold that falls until they are k, or hold the wanted mass. Few
    /// need sorting.
    /// </summary>
    private int Gather(float* mass, int k, double wanted)
    {
        for (var threshold = 0.125f; ; threshold /= 4)
        {
            if (threshold < 1e-30f)
                threshold = 0;
            var count = Threshold.Above(mass, vocabulary, threshold, _chosen);
            double sum = 0;
            for (var i = 0; i < count; i++)
            {
                var id = _chosen[i];
                // Positive floats sort like their bits; reversed, ascending order is the likeliest first, then the
                // lowest id.
                _candidates[i] = ((long)(int.MaxValue - BitConverter.SingleToInt32Bits(mass[id])) << 32) | (uint)id;
                sum += mass[id];
            }

            if (count >= k || (sum >= wanted && wanted > 0 && count > 0 && k == vocabulary) || threshold == 0)
                return count;
        }
    }
}
