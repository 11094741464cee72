using AiMe.EventSourcing;

namespace AiMe.Bench;

/// <summary>Durable appends of 300-byte events.</summary>
/// <remarks>An instance is one stream here, as in the figures from elsewhere; the bench <c>experience</c> has five streams an instance.</remarks>
internal static class JournalBench
{
    public const int EventBytes = 300;
    public const string Run = "bench-0123abcd";

    private const string Akka = "Akka.Persistence.Sql",
        Bare = "bare there";

    private static readonly (string Store, int Instances, int Events, double Target, string Reference)[] Cases =
    [
        ("SQLite FULL", 1, 5_000, double.NaN, $"{Akka} 490 by default, 1,300 in WAL"),
        ("SQLite FULL", 100, 100_000, 20_000, $"{Akka} 350 by default, 2,400-2,800 in WAL"),
        ("SQLite FULL", 1_000, 200_000, 50_000, $"{Bare}: 2,500 one by one, 29,000 and 79,000 at 100 and 1,000 a transaction"),
        ("PostgreSQL", 1, 5_000, double.NaN, ""),
        ("PostgreSQL", 100, 100_000, 25_000, $"{Akka} 7,400; {Bare} COPY or UNNEST 38,000"),
        ("PostgreSQL", 1_000, 200_000, 50_000, $"{Bare} COPY or UNNEST 80,000-95,000"),
    ];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var store in await Store.AllAsync(bench))
        {
            foreach (var (_, instances, events, target, reference) in Cases.Where(c => c.Store == store.Name))
            {
                var bare = store.BareWrites(instances).ToArray();
                var scaled = bench.Scaled(events);
                foreach (var limit in bare.Where(limit => bench.Wants(limit.Name)))
                    yield return await bench.RateAsync(limit.Name, "rows/s", directory =>
                        limit.WriteAsync(directory, scaled, bench.Cancelled)
                    ) with
                    {
                        IsBare = true,
                    };
                var name = $"{store.Name}, {instances:#,0} writing";
                if (!bench.Wants(name))
                    continue;
                var figure = await bench.RateAsync(name, "events/s", directory =>
                    WriteAsync(store, directory, instances, scaled, bench.Cancelled)
                );
                yield return figure with
                {
                    Target = target,
                    Reference = reference,
                    Beside = bare[0].Name,
                };
            }
        }
    }

    public static PersistenceId StreamOf(int instance) => new($"{Run}/keep-all-{instance + 1}/memory");

    private static async Task<Work> WriteAsync(Store store, string directory, int instances, int events, CancellationToken cancelled)
    {
        var message = new byte[EventBytes];
        message.AsSpan().Fill((byte)'x');
        var each = Math.Max(1, events / instances);
        await using var journal = await store.OpenAsync(directory, cancelled);
        return await Measuring.TimeAsync(
            async () =>
            {
                await Task.WhenAll(Enumerable.Range(0, instances).Select(i => Task.Run(() => LiveAsync(i), cancelled)));
                return (long)each * instances;
            },
            store
        );

        async Task LiveAsync(int instance)
        {
            var (stream, writer) = (StreamOf(instance), new WriterId("0123456789abcdef0123456789abcdef"));
            for (var n = 1; n <= each; n++)
                await journal.AppendAsync(stream, writer, [new JournalEntry(n, "memory.stored@1", message)], cancelled);
        }
    }
}
