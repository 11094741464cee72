using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.VectorStores.Indexing;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.VectorStores.Tests.Indexing;

/// <summary>1,000 random experiences of one instance, their insights, and 100 random searches, in every store: each result has the bits of the embedded scan.</summary>
public sealed class EveryStoreTests
{
    private const int Seed = 20_261_201,
        Memories = 1000,
        Searches = 100,
        Dimensions = 64;

    public static TheoryData<string> Stores { get; } = [.. StoreServers.Names];

    [SkippableTheory, MemberData(nameof(Stores))]
    public Task A_search_that_is_offered_all_memories_gives_the_bits_of_the_scan(string store) =>
        SameBitsAsync(store, candidates: 2 * Memories);

    [SkippableTheory, MemberData(nameof(Stores))]
    public Task A_search_that_is_offered_eight_for_each_recalled_gives_the_bits_of_the_scan(string store) =>
        SameBitsAsync(store, candidates: 8);

    [SkippableTheory, MemberData(nameof(Stores))]
    public async Task A_run_whose_memories_are_deleted_finds_the_same_and_writes_them_again(string name)
    {
        await using var server = await StoreServers.StartAsync(name);
        await using var store = server.Connect($"Memories{Dimensions}", TimeSpan.FromSeconds(30));
        await using var next = server.Connect($"Memories{Dimensions}", TimeSpan.FromSeconds(30));
        var instance = await InstanceAsync();
        Failures failures = new();
        FakeTimeProvider time = new();
        var query = instance.View.Items.Select(i => i.Embedding).First(e => e.Components.Any(c => c != 0));
        await using StoreIndex index = new(store, new ScanIndex(), instance.RecordsOf, new(8, Waits: false), failures, time);
        await using StoreIndex later = new(next, new ScanIndex(), instance.RecordsOf, new(8, Waits: false), failures, time);
        var best = Bits(Ranking.Best(instance.View, query)).ToArray();
        await FindsAsync(index);
        var held = await store.ListAsync(instance.Key, CancellationToken.None);
        await next.DeleteRunAsync(instance.Key.Run, CancellationToken.None);
        await FindsAsync(index);
        await FindsAsync(store.IsExact ? index : later); // a store that is approximate loses nothing that a search could miss
        (await store.ListAsync(instance.Key, CancellationToken.None)).ShouldBe(held, ignoreOrder: true);
        failures.Seen.ShouldBeEmpty();

        async Task FindsAsync(StoreIndex by) =>
            Bits((await by.SearchAsync(instance.View, [query], CancellationToken.None))[0]).ShouldBe(best);
    }

    private static async Task SameBitsAsync(string name, int candidates)
    {
        await using var server = await StoreServers.StartAsync(name);
        await using var store = server.Connect($"Memories{Dimensions}", TimeSpan.FromSeconds(30));
        var instance = await InstanceAsync();
        Failures failures = new();
        await using StoreIndex index = new(
            store,
            new ScanIndex(),
            instance.RecordsOf,
            new(candidates, Waits: false),
            failures,
            new FakeTimeProvider()
        );
        ScanIndex scan = new();
        Random random = new(Seed);
        for (var i = 0; i < Searches; i++)
        {
            var (view, query) = (instance.View with { Settings = Weighted(instance.View.Settings, random) }, instance.Vector());
            var found = Bits((await index.SearchAsync(view, [query], CancellationToken.None))[0]);
            found.ShouldBe(Bits((await scan.SearchAsync(view, [query], CancellationToken.None))[0]), $"search {i}, {view.Settings}");
            found.ShouldBe(Bits(Ranking.Best(view, query)), $"search {i}, {view.Settings}");
        }

        failures.Seen.ShouldBeEmpty("the scan would have answered");
        (await store.ListAsync(instance.Key, CancellationToken.None)).Count.ShouldBeInRange(Memories, 2 * Memories);
    }

    // Some are rejected and some forgotten, some were recalled at the same time, some have the vector of another one, or none.
    private static async Task<RememberingInstance> InstanceAsync()
    {
        RememberingInstance instance = new(Seed, dimensions: Dimensions);
        await instance.LiveAsync(Memories - 50);
        await instance.RecallAsync(50);
        await instance.ForgetAsync(50);
        await instance.LiveAsync(50);
        return instance;
    }

    private static MemorySettings Weighted(MemorySettings settings, Random random) =>
        settings with
        {
            Recall = random.Next(1, 11),
            Recency = random.Next(3) / 2.0,
            Importance = random.Next(3) / 2.0,
            Relevance = random.Next(4) / 2.0,
        };

    private static IEnumerable<(MemoryId Id, string Text, long Score, long Recency, long Importance, long Relevance)> Bits(
        ImmutableArray<Hit> hits
    ) =>
        hits.Select(h =>
            (
                h.Id,
                h.Text,
                BitConverter.DoubleToInt64Bits(h.Score),
                BitConverter.DoubleToInt64Bits(h.Recency),
                BitConverter.DoubleToInt64Bits(h.Importance),
                BitConverter.DoubleToInt64Bits(h.Relevance)
            )
        );
}
