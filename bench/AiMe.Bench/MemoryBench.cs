using AiMe.Kernel;

namespace AiMe.Bench;

/// <summary>What an instance costs in memory: the growth of the swept heap from one number of instances to another.</summary>
internal static class MemoryBench
{
    private const int Few = 500, Many = 2_500;

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var store in await Store.AllAsync(bench))
        {
            foreach (var experiences in new[] { 1, 20 })
            {
                string[] names = [$"{store.Name}, idle and passivated, {experiences} lived", $"{store.Name}, resident, {experiences} lived, besides texts and vectors", $"{store.Name}, resident, {experiences} lived, with them"];
                if (!names.Any(bench.Wants))
                    continue;
                var (besides, resident, passivated) = (new List<double>(), new List<double>(), new List<double>());
                await bench.ValuesAsync(async directory =>
                {
                    var few = await HeapAsync(store, Path.Combine(directory, "few"), Few, experiences, bench.Cancelled);
                    var many = await HeapAsync(store, Path.Combine(directory, "many"), Many, experiences, bench.Cancelled);
                    besides.Add((many.Resident - many.Memories - few.Resident + few.Memories) / (double)(Many - Few));
                    resident.Add((many.Resident - few.Resident) / (double)(Many - Few));
                    passivated.Add((many.Passivated - few.Passivated) / (double)(Many - Few));
                    return 0;
                });
                yield return new(names[0], "bytes", passivated, 1024);
                yield return new(names[1], "bytes", besides, 8192, "Akka: 3,400-4,000 for one persistent actor");
                yield return new(names[2], "bytes", resident);
            }
        }
    }

    private static async Task<(long Resident, long Passivated, long Memories)> HeapAsync(Store store, string directory, int instances, int experiences, CancellationToken cancelled)
    {
        Directory.CreateDirectory(directory);
        var clock = new Clock();
        await using var journal = await store.OpenAsync(directory, cancelled);
        await using var run = new ScriptedRun(ScriptedMind.Plan(instances, experiences, every: experiences), journal, clock, TimeSpan.FromSeconds(30), snapshotEvery: 0); // the buffers that snapshots of the supervisor go through are no instance's
        await run.EndAsync(cancelled);
        await run.RestAsync(cancelled);
        var memories = Enumerable.Range(1, instances).Sum(i => run.MemoriesOf($"keep-all-{i}"));
        var resident = Swept();
        clock.Pass(TimeSpan.FromMinutes(2));
        var passivated = Swept();
        GC.KeepAlive(run);
        return (resident, passivated, memories);
    }

    private static long Swept()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>A clock that goes on when it is told to, and then lets its timers come due.</summary>
    private sealed class Clock : TimeProvider
    {
        private readonly List<Due> _timers = [];
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Pass(TimeSpan time)
        {
            Interlocked.Add(ref _ticks, time.Ticks);
            foreach (var timer in _timers.ToArray())
                timer.Tick();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Due(callback, state);
            _timers.Add(timer);
            return timer;
        }

        private sealed class Due(TimerCallback callback, object? state) : ITimer
        {
            public void Tick() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
