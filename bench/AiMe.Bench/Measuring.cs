using System.Diagnostics;

namespace AiMe.Bench;

/// <summary>A measured quantity.</summary>
/// <param name="Values">One a run, in the order of the runs.</param>
/// <param name="Reference">What the same is elsewhere, in words; or null.</param>
/// <param name="Target">What is wanted; NaN where nothing is. A rate is to be above it, bytes below.</param>
/// <param name="IsBare">Whether it is a limit of the machine and the store, not of AiMe.</param>
/// <param name="Beside">The name of the bare limit that it is compared with, or null.</param>
internal sealed record Figure(
    string Name,
    string Unit,
    IReadOnlyList<double> Values,
    double Target = double.NaN,
    string? Reference = null,
    bool IsBare = false,
    string? Beside = null
)
{
    /// <summary>Processor time of this process for one, in microseconds, with the kernel's share; one value a run, empty where it says nothing.</summary>
    /// <remarks>Unlike a rate it hardly depends on what else the machine does.</remarks>
    public IReadOnlyList<double> Cost { get; init; } = [];

    /// <summary>Processor time of the store's own processes for one, in microseconds; one value a run, empty where it has none.</summary>
    public IReadOnlyList<double> ServerCost { get; init; } = [];

    public double MedianServerCost => ServerCost.Count > 0 ? Quantile(ServerCost, 0.5) : double.NaN;

    /// <summary>What share it is of what the machine can do at most, in words and in [0, 1]; empty where that is not measured.</summary>
    public IReadOnlyList<(string Of, double Share)> Shares { get; init; } = [];

    public double MedianCost => Cost.Count > 0 ? Quantile(Cost, 0.5) : double.NaN;

    public double Median => Quantile(Values, 0.5);

    public double Lower => Quantile(Values, 0.25);

    public double Upper => Quantile(Values, 0.75);

    // Linear between neighbours (type 7 of Hyndman and Fan 1996).
    private static double Quantile(IReadOnlyList<double> values, double q)
    {
        var sorted = values.Order().ToArray();
        var at = q * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}

/// <summary>How much was done, and what it took: by the clock, of the processors, and of them by the store's own processes.</summary>
internal readonly record struct Work(long Done, TimeSpan Took, TimeSpan Busy, TimeSpan Served = default);

/// <summary>How a bench measures: how often, how much, where.</summary>
internal sealed class Measuring(int runs, double scale, string? only, string place, CancellationToken cancelled)
{
    private int _made;

    public CancellationToken Cancelled => cancelled;

    /// <summary>Where the stores are made.</summary>
    public string Place => place;

    /// <summary>So much work, a whole number from 1 up.</summary>
    public int Scaled(int work) => Math.Max(1, (int)(work * scale));

    public bool Wants(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);

    /// <summary>Measures a rate: one run to warm up, then the measured ones, each in an empty directory.</summary>
    /// <param name="run">Does the work, by <see cref="TimeAsync"/>.</param>
    public async Task<Figure> RateAsync(string name, string unit, Func<string, Task<Work>> run)
    {
        var (rates, costs, served) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= runs; i++)
        {
            cancelled.ThrowIfCancellationRequested();
            var work = await InEmptyDirectoryAsync(run);
            if (i == 0)
                continue;
            rates.Add(work.Done / work.Took.TotalSeconds);
            costs.Add(work.Busy.TotalMicroseconds / work.Done);
            if (work.Served > TimeSpan.Zero)
                served.Add(work.Served.TotalMicroseconds / work.Done);
        }

        return new(name, unit, rates) { Cost = costs, ServerCost = served };
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
    /// <param name="work">Gives how much it has done.</param>
    /// <param name="store">Whose own processes are looked at too, if it has some.</param>
    public static async Task<Work> TimeAsync(Func<Task<long>> work, Store? store = null)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var served = store?.Served ?? TimeSpan.Zero;
        var (busy, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
        var done = await work();
        watch.Stop();
        process.Refresh();
        return new(done, watch.Elapsed, process.TotalProcessorTime - busy, (store?.Served ?? TimeSpan.Zero) - served);
    }
}
