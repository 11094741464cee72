using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Bench;

/// <summary>Durable appends of 300-byte events with the two tags that the product gives them.</summary>
/// <remarks>An instance is one stream here, as in the figures from elsewhere; the bench <c>experience</c> has five streams an instance.</remarks>
internal static class JournalBench
{
    public const int EventBytes = 300;
    public const string Run = "bench-0123abcd";

    private static readonly (int Instances, int Events, double Target, string Reference)[] Cases =
    [
        (1, 5_000, double.NaN, "Akka.Persistence.Sql 490 by default, 1,300 in WAL"),
        (100, 100_000, 20_000, "Akka.Persistence.Sql 350 by default, 2,400-2,800 in WAL"),
        (1_000, 200_000, 50_000, "bare rows there: 2,500 one by one, 29,000 and 79,000 at 100 and 1,000 a transaction"),
    ];

    public static async IAsyncEnumerable<Figure> FiguresAsync(Measuring bench)
    {
        foreach (var (instances, events, target, reference) in Cases)
        {
            foreach (var bare in BareRows.Cases(instances))
            {
                var name = $"bare rows, {bare.Says}";
                if (bench.Wants(name))
                    yield return await bench.RateAsync(name, "rows/s", directory => BareRows.WriteAsync(directory, bare, bench.Scaled(events), bench.Cancelled)) with { IsBare = true };
            }

            foreach (var store in Store.All)
            {
                var name = $"{store.Name}, {instances:#,0} writing";
                if (bench.Wants(name))
                    yield return await bench.RateAsync(name, "events/s", directory => WriteAsync(store, directory, instances, bench.Scaled(events), bench.Cancelled)) with { Target = target, Reference = reference, Beside = $"bare rows, {BareRows.Like(instances).Says}" };
            }
        }
    }

    public static PersistenceId StreamOf(int instance) => new($"{Run}/keep-all-{instance + 1}/memory");

    public static ImmutableArray<string> TagsOf(int instance) => [Run, $"{Run}/keep-all-{instance + 1}"];

    private static async Task<Work> WriteAsync(Store store, string directory, int instances, int events, CancellationToken cancelled)
    {
        var message = new byte[EventBytes];
        message.AsSpan().Fill((byte)'x');
        var each = Math.Max(1, events / instances);
        await using var journal = await store.OpenAsync(directory, cancelled);
        return await Measuring.TimeAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, instances).Select(i => Task.Run(() => LiveAsync(i), cancelled)));
            return (long)each * instances;
        });

        async Task LiveAsync(int instance)
        {
            var (stream, tags, writer) = (StreamOf(instance), TagsOf(instance), new WriterId("0123456789abcdef0123456789abcdef"));
            for (var n = 1; n <= each; n++)
                await journal.AppendAsync(stream, writer, [new JournalEntry(n, "memory.stored@1", message)], tags, cancelled);
        }
    }
}
