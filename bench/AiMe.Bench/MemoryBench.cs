using AiMe.EventSourcing;

namespace AiMe.Bench;

/// <summary>What an instance costs in memory: the growth of the swept heap from one number of instances to another.</summary>
internal static class MemoryBench
{
    private const int Few = 500,
        Many = 2_500;

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var store in await Store.AllAsync(bench))
        {
            foreach (var experiences in new[] { 1, 20 })
            {
                string[] names =
                [
                    $"{store.Name}, idle and passivated, {experiences} lived",
                    $"{store.Name}, resident, {experiences} lived, besides texts and vectors",
                    $"{store.Name}, resident, {experiences} lived, with them",
                ];
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

            await foreach (var figure in TenThousandAsync(store, bench))
                yield return figure;
        }
    }

    private static async Task<(long Resident, long Passivated, long Memories)> HeapAsync(
        Store store,
        string directory,
        int instances,
        int experiences,
        CancellationToken cancelled
    )
    {
        // Snapshots are off: the buffers that those of the supervisor go through are no instance's.
        ScriptedRun Run(IJournal journal, TimeSpan passivateAfter) =>
            new(ScriptedMind.Plan(instances, experiences, every: experiences), journal, passivateAfter, snapshotEvery: 0);
        long resident,
            memories = 0;
        await using (
            var journal = await store.OpenAsync(Directory.CreateDirectory(Path.Combine(directory, "resident")).FullName, cancelled)
        )
        {
            await using var run = Run(journal, TimeSpan.FromHours(24));
            await run.EndAsync(cancelled);
            await run.RestAsync(cancelled);
            foreach (var i in Enumerable.Range(1, instances))
                memories += await run.MemoriesOfAsync($"keep-all-{i}", cancelled);
            resident = Swept();
        }

        await using (
            var journal = await store.OpenAsync(Directory.CreateDirectory(Path.Combine(directory, "passivated")).FullName, cancelled)
        )
        {
            await using var run = Run(journal, TimeSpan.FromSeconds(1));
            await run.EndAsync(cancelled);
            while (await run.ResidentAsync() > 0)
                await Task.Delay(50, cancelled);
            return (resident, Swept(), memories);
        }
    }

    // Ten thousand instances in memory at once; and ten thousand of which only a hundred have anything to do, once the others have left memory by themselves.
    private static async IAsyncEnumerable<Figure> TenThousandAsync(Store store, Measuring bench)
    {
        const int All = 10_000,
            Active = 100;
        string[] names = [$"{store.Name}, 10,000 resident", $"{store.Name}, 10,000 of which 100 are active"];
        if (bench.Wants(names[0]))
        {
            yield return new Figure(
                names[0],
                "MiB of heap",
                await bench.ValuesAsync(async directory =>
                {
                    await using var journal = await store.OpenAsync(directory, bench.Cancelled);
                    await using var run = new ScriptedRun(
                        ScriptedMind.Plan(All, 1, every: 1),
                        journal,
                        TimeSpan.FromHours(24),
                        snapshotEvery: 0
                    );
                    await run.EndAsync(bench.Cancelled);
                    await run.RestAsync(bench.Cancelled);
                    return await run.ResidentAsync() == All
                        ? Swept() / 1048576.0
                        : throw new InvalidOperationException("some instances have left memory");
                }),
                1024
            );
        }

        if (bench.Wants(names[1]))
        {
            yield return new Figure(
                names[1],
                "MiB of heap",
                await bench.ValuesAsync(async directory =>
                {
                    await using var journal = await store.OpenAsync(directory, bench.Cancelled);
                    ScriptedRun? made = null;
                    await using var run = made = new ScriptedRun(
                        ScriptedMind.Plan(All, 400, every: 400),
                        journal,
                        TimeSpan.FromSeconds(30),
                        snapshotEvery: 0,
                        awake: instance =>
                            made is null
                            || made.Stored < All
                            || int.Parse(instance["keep-all-".Length..], System.Globalization.CultureInfo.InvariantCulture) <= Active
                    );
                    await run.StartAsync();
                    while (run.Stored < All || await run.ResidentAsync() > Active)
                        await Task.Delay(50, bench.Cancelled);
                    return Swept() / 1048576.0;
                }),
                300
            );
        }
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
}
