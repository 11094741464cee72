using AiMe.Bench.Nano;

namespace AiMe.Bench.Statistics;

/// <summary>Repeats a simulated trial on all cores. Trial i has a seed of its own, so figures do not depend on the cores.</summary>
internal sealed class Trials(int count, ulong seed)
{
    public int Count => count;

    /// <summary>More or fewer trials, for figures that cost little or much.</summary>
    public Trials Times(double factor) => new(Math.Max(1, (int)(factor * count)), seed);

    /// <summary>The share of trials in which something holds.</summary>
    public double Share(Func<Sampler, bool> trial) => Outcomes(sampler => trial(sampler) ? 1.0 : 0.0).Average();

    /// <summary>What each trial gives, in the order of the trials.</summary>
    public T[] Outcomes<T>(Func<Sampler, T> trial)
    {
        var outcomes = new T[count];
        var threads = Environment.ProcessorCount;
        InParallel.Run(threads, thread =>
        {
            for (var i = thread; i < count; i += threads)
                outcomes[i] = trial(new Sampler(seed + (ulong)i));
        });
        return outcomes;
    }
}
