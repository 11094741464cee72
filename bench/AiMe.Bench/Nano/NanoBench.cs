using System.Diagnostics;

namespace AiMe.Bench.Nano;

/// <summary>The embedded model at each preset: training, sampling and scoring beside what the processors and the memory can do at most.</summary>
/// <remarks>
/// The two shares are of processor time: what a processor did in the time that it was given, over what it does in as much time in the probe on as many
/// threads. So they hardly depend on what else the machine does, and time spent waiting for another thread is not in them; the rate has it.
/// </remarks>
internal static class NanoBench
{
    private const string Wanted = "small";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1.5); // one run, at --scale 1

    private static readonly string[] Presets = ["tiny", Wanted, "base"];

    private static int Cores => Environment.ProcessorCount;

    private static int[] Threads => Cores == 1 ? [1] : [1, Cores];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        var peaks = new Dictionary<int, (Figure Multiplying, Figure Reading)>();
        foreach (var t in Threads)
        {
            peaks[t] = (
                await ProbeAsync(bench, $"bare: multiply-adds of {PeakProbe.Lanes} lanes, {Plural(t)}", "GFLOP/s", n =>
                    PeakProbe.Run(t, n)
                ),
                await ProbeAsync(bench, $"bare: reading 256 MiB, {Plural(t)}", "GB/s", n => ReadProbe.Run(t, ReadProbe.Memory, n))
            );
            yield return peaks[t].Multiplying;
            yield return peaks[t].Reading;
            yield return await ProbeAsync(bench, $"bare: reading 4 MiB again and again, {Plural(t)}", "GB/s", n =>
                ReadProbe.Run(t, ReadProbe.Cache, n)
            );
        }

        ReadProbe.Release();
        foreach (var preset in Presets.Where(p => NamesOf(p).Any(bench.Wants)))
        {
            var subject = new NanoSubject(preset);
            foreach (var task in NanoTask.Of(subject, Threads, preset == Wanted))
            {
                var name = $"{preset}, {task.Name}, {Plural(task.Threads)}";
                if (bench.Wants(name))
                    yield return Shared(await RateAsync(bench, name, "tokens/s", task.Run), task, peaks[task.Threads]) with
                    {
                        Target = task.Target,
                        Reference = task.Elsewhere,
                    };
            }

            foreach (var t in Threads.Where(t => bench.Wants(TuningName(preset, t))))
                yield return await TuningAsync(bench, preset, subject, t);
            if (PeakMemory.CanTell && bench.Wants(MemoryName(preset)))
                yield return new(
                    MemoryName(preset),
                    "MB",
                    await bench.ValuesAsync(_ => Task.FromResult(PeakMemory.Of(() => subject.Train(steps: 4, Cores)) / 1e6))
                );
        }
    }

    private static IEnumerable<string> NamesOf(string preset) =>
        [
            .. NanoTask.Names.SelectMany(n => Threads.Select(t => $"{preset}, {n}, {Plural(t)}")),
            .. Threads.Select(t => TuningName(preset, t)),
            MemoryName(preset),
        ];

    private static string TuningName(string preset, int threads) =>
        $"{preset}, fine-tuning on {NanoSubject.Tuned} examples, {Plural(threads)}";

    private static string MemoryName(string preset) => $"{preset}, training, peak memory of the process";

    private static async Task<Figure> TuningAsync(Measuring bench, string preset, NanoSubject subject, int threads)
    {
        long tokens = 0;
        var rate = await bench.RateAsync(TuningName(preset, threads), "s", _ =>
            Measuring.TimeAsync(() => Task.FromResult(tokens = subject.FineTune(threads)))
        );
        return rate with { Values = [.. rate.Values.Select(r => tokens / r)], Target = preset == Wanted ? 5 : double.NaN };
    }

    private static async Task<Figure> ProbeAsync(Measuring bench, string name, string unit, Func<int, long> run)
    {
        var raw = await RateAsync(bench, name, unit, run);
        return raw with { Values = [.. raw.Values.Select(v => v / 1e9)], Cost = [.. raw.Cost.Select(c => c * 1e9)], IsBare = true };
    }

    /// <summary>A rate over pieces of work as many as take long enough to be timed.</summary>
    private static Task<Figure> RateAsync(Measuring bench, string name, string unit, Func<int, long> run)
    {
        run(1); // compiled, and every buffer there
        var pieces = 1;
        var took = Took(1);
        while (took < Long / 8)
            took = Took(pieces *= 2);
        pieces = bench.Scaled((int)Math.Ceiling(pieces * (Long / took)));
        return bench.RateAsync(name, unit, _ => Measuring.TimeAsync(() => Task.FromResult(run(pieces))));

        TimeSpan Took(int n)
        {
            var start = Stopwatch.GetTimestamp();
            run(n);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    private static Figure Shared(Figure figure, NanoTask task, (Figure Multiplying, Figure Reading) peak) =>
        figure with
        {
            Shares =
            [
                ("of multiply-adds", task.Operations / 1e9 * peak.Multiplying.MedianCost / figure.MedianCost),
                ("of reading", task.Bytes / 1e9 * peak.Reading.MedianCost / figure.MedianCost),
            ],
        };

    private static string Plural(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";
}
