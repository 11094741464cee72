using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Tests;

namespace AiMe.Effects.Tests.Scanning;

/// <summary>The scan of packed memories has the bits of the plain ranking.</summary>
public sealed class ScanIndexTests
{
    private readonly ScanIndex _index = new();

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task A_scan_finds_what_the_ranking_finds_bit_by_bit_while_the_memories_change(int seed)
    {
        var world = new RandomMemories(seed);
        for (var step = 0; step < 12; step++)
        {
            var view = world.Next();
            ImmutableArray<Faculties.Embedding> queries = [world.Vector(), world.Vector(), view.Items[^1].Embedding];
            var found = await _index.SearchAsync(view, queries, CancellationToken.None);
            for (var i = 0; i < queries.Length; i++)
                Bits(found[i]).ShouldBe(Bits(Ranking.Best(view, queries[i])), $"seed {seed}, step {step}, query {i}");
            world.Use(found[0], view.At);
        }
    }

    [Fact]
    public async Task Instances_of_one_name_do_not_disturb_each_other()
    {
        var (one, other) = (new RandomMemories(1), new RandomMemories(3));
        for (var step = 0; step < 4; step++)
        {
            foreach (var world in (RandomMemories[])[one, other])
            {
                var (view, query) = (world.Next(), world.Vector());
                (await _index.SearchAsync(view, [query], CancellationToken.None))[0].ShouldBe(Ranking.Best(view, query));
            }
        }
    }

    [Fact]
    public async Task Recalls_that_run_at_once_find_the_same()
    {
        var views = Enumerable
            .Range(1, 4)
            .Select(seed => (View: new RandomMemories(seed).Next(), Query: new RandomMemories(seed).Vector()));
        (MemoryView View, Faculties.Embedding Query)[] all = [.. views, .. views];
        var found = await Task.WhenAll(
            all.Select(a => Task.Run(async () => (await _index.SearchAsync(a.View, [a.Query], CancellationToken.None))[0]))
        );
        for (var i = 0; i < all.Length; i++)
            found[i].ShouldBe(Ranking.Best(all[i].View, all[i].Query));
    }

    [Theory]
    [InlineData(1e-300, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.99999999999, 1)]
    [InlineData(1, 1)]
    [InlineData(0.995, 0)]
    [InlineData(0.995, 1e-310)]
    [InlineData(0.995, 1e300)]
    public async Task Settings_at_their_edges_change_nothing(double decay, double weight)
    {
        var view = new RandomMemories(2).Next();
        view = view with { Settings = view.Settings with { Decay = decay, Recency = weight, Importance = weight, Relevance = weight } };
        var query = new RandomMemories(2).Vector();
        Bits((await _index.SearchAsync(view, [query], CancellationToken.None))[0]).ShouldBe(Bits(Ranking.Best(view, query)));
    }

    [Fact]
    public async Task An_importance_that_is_no_number_is_ranked_as_ever()
    {
        var view = new RandomMemories(2).Next();
        view = view with { Items = view.Items.SetItem(7, view.Items[7] with { Importance = double.NaN }) };
        var query = new RandomMemories(2).Vector();
        Bits((await _index.SearchAsync(view, [query], CancellationToken.None))[0]).ShouldBe(Bits(Ranking.Best(view, query)));
    }

    [Fact]
    public async Task A_query_or_a_memory_of_another_length_is_refused_as_ever_and_does_no_harm()
    {
        var world = new RandomMemories(2);
        var (view, query) = (world.Next(), world.Vector());
        var odd = view with { Items = view.Items.SetItem(100, view.Items[100] with { Embedding = Faculties.Embedding.Undirected(1) }) };
        Should.Throw<ArgumentException>(() => _index.SearchAsync(view, [Faculties.Embedding.Undirected(1)], CancellationToken.None));
        Should.Throw<ArgumentException>(() => _index.SearchAsync(odd, [query], CancellationToken.None));
        (await _index.SearchAsync(view, [query], CancellationToken.None))[0].ShouldBe(Ranking.Best(view, query));
    }

    [Fact]
    public async Task A_thousand_equal_memories_are_recalled_from_the_newest()
    {
        var view = new MemoryView(
            "kept-1",
            Some.Memory with
            {
                Recall = 5,
            },
            [.. Enumerable.Range(1, 1000).Select(i => new MemoryItem(MemoryId.OfCycle(i), "x", 3, Some.At(1), Some.Pointing(7)))],
            Some.At(9)
        );
        (await _index.SearchAsync(view, [Some.Pointing(7)], CancellationToken.None))[0]
            .Select(h => h.Id.Value)
            .ShouldBe(["e1000", "e999", "e998", "e997", "e996"]);
    }

    private static IEnumerable<(string, string, long, long, long, long)> Bits(ImmutableArray<Hit> hits) =>
        hits.Select(h =>
            (
                h.Id.Value,
                h.Text,
                BitConverter.DoubleToInt64Bits(h.Score),
                BitConverter.DoubleToInt64Bits(h.Recency),
                BitConverter.DoubleToInt64Bits(h.Importance),
                BitConverter.DoubleToInt64Bits(h.Relevance)
            )
        );
}
