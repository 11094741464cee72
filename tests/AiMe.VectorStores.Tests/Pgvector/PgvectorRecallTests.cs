using System.Diagnostics;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Hosts;
using AiMe.VectorStores.Indexing;
using AiMe.VectorStores.Pgvector;
using AiMe.VectorStores.Tests.Indexing;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace AiMe.VectorStores.Tests.Pgvector;

/// <summary>How many of the exact ten pgvector's HNSW index finds; docs/VECTOR-STORES.md has the figures, which each run prints.</summary>
public sealed class PgvectorRecallTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Dimensions = 256,
        Ten = 10,
        Searches = 100;

    private PgvectorServer _server = null!;

    // Where a sort is cheap, PostgreSQL compares with all memories and leaves the index alone: the result is exact then.
    public async Task InitializeAsync()
    {
        _server = await PgvectorServer.StartAsync();
        await _server.AskAsync($"ALTER DATABASE {_server.Address.Database} SET enable_sort = off");
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [SkippableFact]
    public Task The_ten_nearest_of_a_thousand_random_vectors() => NearestAsync(1000, alone: .85, amongEighty: .98);

    [SlowFact]
    public Task The_ten_nearest_of_ten_thousand_random_vectors() => NearestAsync(10_000, alone: .3, amongEighty: .7);

    [SkippableFact]
    public Task The_ten_best_of_a_thousand_experiences() => BestAsync(1000, atLeast: .98);

    [SlowFact]
    public Task The_ten_best_of_ten_thousand_experiences() => BestAsync(10_000, atLeast: .97);

    // A search for ten, and a search of a run that recalls ten: it asks for eight times as many.
    private async Task NearestAsync(int count, double alone, double amongEighty)
    {
        await using var store = Approximate();
        store.IsExact.ShouldBeFalse();
        await store.PrepareAsync(Dimensions, CancellationToken.None);
        var memories = Some.Memories(count, dimensions: Dimensions);
        var clock = Stopwatch.StartNew();
        await store.UpsertAsync(memories, CancellationToken.None);
        output.WriteLine($"{count} memories written in {clock.Elapsed.TotalSeconds:f1} s");
        foreach (var (asked, atLeast) in new[] { (Ten, alone), (8 * Ten, amongEighty) })
        {
            var found = 0;
            for (var i = 0; i < Searches; i++)
            {
                var query = Some.Vector(Dimensions, $"query-{i}");
                var exact = memories.OrderByDescending(m => m.Vector.Cosine(query)).Take(Ten).Select(m => m.Id);
                found += exact.Intersect(await store.NearestAsync(Some.Instance, query, asked, CancellationToken.None)).Count();
            }

            Say($"the ten nearest of {count}, {asked} asked for", found, atLeast);
        }

        (await PlanAsync()).ShouldContain("approximate_hnsw");
        var chosen = await PlanAsync("ANALYZE approximate; SET enable_sort = on; ");
        output.WriteLine($"PostgreSQL takes the index of itself: {chosen.Contains("approximate_hnsw", StringComparison.Ordinal)}");
    }

    private async Task BestAsync(int experiences, double atLeast)
    {
        MemorySettings settings = new(Ten, Recency: 1, Importance: 1, Relevance: 1, .995, 100_000, ForgetPolicy.Weakest);
        RememberingInstance instance = new(16, settings, Dimensions);
        await instance.LiveAsync(experiences);
        await using var store = Approximate();
        Failures failures = new();
        await using StoreIndex index = new(
            store,
            new ScanIndex(),
            instance.RecordsOf,
            new(8, Waits: false),
            failures,
            new FakeTimeProvider()
        );
        var found = 0;
        for (var i = 0; i < Searches; i++)
        {
            var query = instance.Vector();
            var hits = (await index.SearchAsync(instance.View, [query], CancellationToken.None))[0];
            found += hits.Select(h => h.Id).Intersect(Ranking.Best(instance.View, query).Select(h => h.Id)).Count();
        }

        failures.Seen.ShouldBeEmpty("the scan would have answered");
        (await PlanAsync()).ShouldContain("approximate_hnsw");
        Say($"the ten best of {experiences} experiences ({instance.View.Items.Length} recallable)", found, atLeast);
    }

    private async Task<string> PlanAsync(string before = "") =>
        string.Join(
            '\n',
            await _server.AskAsync(
                before
                    + "EXPLAIN "
                    + PgvectorTable
                        .NearestByIndex("approximate")
                        .Replace("$1", $"'{Some.Instance.Run}'", StringComparison.Ordinal)
                        .Replace("$2", $"'{Some.Instance.Instance}'", StringComparison.Ordinal)
                        .Replace("$3", $"array_fill(1, ARRAY[{Dimensions}])::vector", StringComparison.Ordinal)
                        .Replace("$4", $"{Ten}", StringComparison.Ordinal)
            )
        );

    private void Say(string what, int found, double atLeast)
    {
        var share = found / (double)(Ten * Searches);
        output.WriteLine($"{what}: {share:p1} found, {Searches} searches");
        share.ShouldBeGreaterThan(atLeast, what);
    }

    private PgvectorStore Approximate() => _server.Connect(_server.OptionsOf("approximate", TimeSpan.FromMinutes(1)) with { Hnsw = true });
}
