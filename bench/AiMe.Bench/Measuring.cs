using System.Diagnostics;

namespace AiMe.Bench;

/// <summary>A measured quantity.</summary>
/// <param name="Values">One a run, in the order of the runs.</param>
/// <param name="Reference">What the same is elsewhere, in words; or null.</param>
/// <param name="Target">What is wanted; NaN where nothing is. A rate is to be above it, bytes below.</param>
/// <param name="IsBare">Whether it is a limit of the machine and the store, not of AiMe.</param>
internal sealed record Figure(string Name, string Unit, IReadOnlyList<double> Values, double Target = double.NaN, string? Reference = null, bool IsBare = false, string? Beside = null)
{
    public double Median => Quantile(0.5);

    public double Lower => Quantile(0.25);

    public double Upper => Quantile(0.75);

    // Linear between neighbours (type 7 of Hyndman and Fan 1996).
    private double Quantile(double q)
    {
        var sorted = Values.Order().ToArray();
        var at = q * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

/// <summary>How a bench measures: how often, how much, where.</summary>
internal sealed class Measuring(int runs, double scale, string? only, string place, CancellationToken cancelled)
{
    private int _made;

    public CancellationToken Cancelled => cancelled;

    /// <summary>So much work, a whole number from 1 up.</summary>
    public int Scaled(int work) => Math.Max(1, (int)(work * scale));

    public bool Wants(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);

    /// <summary>Measures a rate: one run to warm up, then the measured ones, each in an empty directory.</summary>
    /// <param name="run">Does the work and gives how much it was and how long it took.</param>
    public async Task<double[]> RatesAsync(Func<string, Task<(long Done, TimeSpan Took)>> run)
    {
        var rates = new List<double>();
        for (var i = 0; i <= runs; i++)
        {
            cancelled.ThrowIfCancellationRequested();
            var (done, took) = await InEmptyDirectoryAsync(run);
            if (i > 0)
                rates.Add(done / took.TotalSeconds);
        }

        return [.. rates];
    }

    public async Task<double[]> ValuesAsync(Func<string, Task<double>> run)
    {
        var values = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            cancelled.ThrowIfCancellationRequested();
            values.Add(await InEmptyDirectoryAsync(run));
        }

        return [.. values];
    }

    public async Task<T> InEmptyDirectoryAsync<T>(Func<string, Task<T>> run)
    {
        var directory = Path.Combine(place, $"aime-bench-{Environment.ProcessId}-{++_made}");
        Directory.CreateDirectory(directory);
        try
        {
            return await run(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Times a piece of work, from a heap that has just been swept.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed;
    }
}
