using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.VectorStores.Indexing;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.VectorStores.Tests.Indexing;

public sealed class StoreIndexTests
{
    private readonly InMemoryStore _store = new();
    private readonly Failures _failures = new();
    private readonly FakeTimeProvider _time = new();

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 10)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task An_exact_store_that_proposes_all_memories_gives_the_result_of_the_scan(int seed) =>
        await SameAsScanAsync(seed, candidates: 500, memories: 1000, recall: 2);

    [Theory, MemberData(nameof(Seeds))]
    public async Task An_exact_store_gives_the_result_of_the_scan_with_few_candidates_too(int seed)
    {
        await SameAsScanAsync(seed, candidates: 1, memories: 300, recall: 1 + seed % 3);
        await SameAsScanAsync(seed, candidates: 8, memories: 1000, recall: 1 + seed % 3);
    }

    [Fact]
    public async Task Few_memories_are_measured_if_relevance_decides()
    {
        MemorySettings settings = new(2, Recency: .1, Importance: .1, Relevance: 1, .995, 100_000, ForgetPolicy.Weakest);
        RememberingInstance instance = new(1, settings);
        await instance.LiveAsync(2000);
        var query = instance.Vector();
        Proposal Proposed(int count) =>
            new(
                Ids(instance.View.Items.OrderByDescending(i => i.Embedding.Cosine(query)).Take(count)),
                Ids(
                    instance
                        .View.Items.Where(i => !double.IsNaN(i.Embedding.Cosine(query)))
                        .OrderBy(i => i.Embedding.Cosine(query))
                        .Take(8)
                        .Concat(instance.View.Items.Where(i => double.IsNaN(i.Embedding.Cosine(query))))
                ),
                IsBound: true
            );
        CandidateRanking.Best(instance.View, query, Proposed(16), out var measured).ShouldBe(Ranking.Best(instance.View, query));
        measured.ShouldBeLessThan(instance.View.Items.Length / 2);
    }

    [Fact]
    public async Task Each_search_writes_what_is_new_and_nothing_twice()
    {
        RememberingInstance instance = new(7);
        var index = Index();
        for (var i = 0; i < 20; i++)
        {
            await instance.LiveAsync(5);
            await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        }

        _store.Written.ShouldBe(_store.Memories.Count);
        _store.Memories.Count(m => m.Kind == "experience").ShouldBe(100, "rejected ones too, for people to query");
        _store.Memories.Where(m => m.Recallable).Select(m => m.Id).ShouldBe(instance.View.Items.Select(i => i.Id), ignoreOrder: true);
        _store.Memories.ShouldAllBe(m => m.Variant == "aligned" && m.Cycle > 0 && m.Round == (m.Cycle - 1) / 24 + 1);

        StoreIndex Index() => NewIndex(instance, 8, waits: false);
    }

    [Fact]
    public async Task After_a_restart_only_what_is_missing_is_written()
    {
        RememberingInstance instance = new(8);
        await instance.LiveAsync(50);
        await NewIndex(instance, 8, waits: false).SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        var before = _store.Written;
        await instance.LiveAsync(3);
        await NewIndex(instance, 8, waits: false).SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        (_store.Written - before).ShouldBe(_store.Memories.Count - before);
    }

    [Fact]
    public async Task What_is_forgotten_and_what_people_reject_is_found_no_more()
    {
        RememberingInstance instance = new(9);
        await instance.LiveAsync(60);
        var index = NewIndex(instance, 8, waits: false);
        await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        var gone = instance.View.Items[0].Id;
        await instance.HappenAsync(new Forgot([gone]));
        await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        _store.Memories.Single(m => m.Id == gone).Recallable.ShouldBeFalse();
        _store.Memories.Count(m => m.Recallable).ShouldBe(instance.View.Items.Length);
    }

    [Fact]
    public async Task A_store_of_a_later_state_of_the_journal_is_filled_anew()
    {
        RememberingInstance later = new(10),
            earlier = new(10);
        await later.LiveAsync(60);
        await earlier.LiveAsync(40);
        await NewIndex(later, 8, waits: false).SearchAsync(later.View, [later.Vector()], CancellationToken.None);
        await NewIndex(earlier, 8, waits: false).SearchAsync(earlier.View, [earlier.Vector()], CancellationToken.None);
        _store.Memories.Count(m => m.Kind == "experience").ShouldBe(40);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_replaced_by_the_scan_and_each_failure_is_told()
    {
        RememberingInstance instance = new(11);
        await instance.LiveAsync(60);
        var index = NewIndex(instance, 8, waits: false);
        var query = instance.Vector();
        _store.Down = InMemoryStore.Unreachable;
        (await index.SearchAsync(instance.View, [query], CancellationToken.None))[0].ShouldBe(Ranking.Best(instance.View, query));
        _store.Down = null;
        await index.SearchAsync(instance.View, [query], CancellationToken.None);
        (_store.Asked, _failures.Seen.Count).ShouldBe((0, 2), "it is left alone for a second");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await index.SearchAsync(instance.View, [query], CancellationToken.None))[0].ShouldBe(Ranking.Best(instance.View, query));
        _store.Asked.ShouldBeGreaterThan(0);
        _failures.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_search_waits_for_a_store_that_comes_back_if_it_is_told_to()
    {
        RememberingInstance instance = new(12);
        await instance.LiveAsync(60);
        var tries = 0;
        Failures failures = new(() => _store.Down = ++tries < 3 ? _store.Down : null);
        _store.Down = InMemoryStore.Unreachable;
        var query = instance.Vector();
        var found = await new StoreIndex(_store, new ScanIndex(), instance.RecordsOf, new(8, Waits: true), failures, _time).SearchAsync(
            instance.View,
            [query],
            CancellationToken.None
        );
        found[0].ShouldBe(Ranking.Best(instance.View, query));
        failures.Seen.Count.ShouldBe(3);
        failures.Pauses.Select(p => p.TotalSeconds).ShouldBe([.5, 1, 2]);
    }

    [Fact]
    public async Task A_refusal_is_a_failure_of_the_search_if_it_is_told_to_wait()
    {
        RememberingInstance instance = new(13);
        await instance.LiveAsync(10);
        _store.Down = new VectorStoreException("the store of the test: other dimensions.");
        await Should.ThrowAsync<Models.ProviderException>(() =>
            NewIndex(instance, 8, waits: true).SearchAsync(instance.View, [instance.Vector()], CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_store_that_came_back_empty_is_filled_again()
    {
        RememberingInstance instance = new(14);
        await instance.LiveAsync(60);
        var index = NewIndex(instance, 8, waits: false);
        await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        var all = _store.Memories.Count;
        _store.Lose();
        var query = instance.Vector();
        (await index.SearchAsync(instance.View, [query], CancellationToken.None))[0].ShouldBe(Ranking.Best(instance.View, query));
        await index.SearchAsync(instance.View, [query], CancellationToken.None);
        _store.Memories.Count.ShouldBe(all);
    }

    [Theory]
    [InlineData(.05, .9)]
    [InlineData(.3, .7)]
    public async Task An_approximate_store_gives_most_of_the_ten_best(double misses, double atLeast)
    {
        RememberingInstance instance = new(15, new(10, 1, 1, 1, .995, 100_000, ForgetPolicy.Weakest));
        await instance.LiveAsync(1000);
        StoreIndex index = new(
            new InMemoryStore { Misses = misses },
            new ScanIndex(),
            instance.RecordsOf,
            new(8, Waits: false),
            _failures,
            _time
        );
        var hits = 0;
        for (var i = 0; i < 50; i++)
        {
            var query = instance.Vector();
            var found = (await index.SearchAsync(instance.View, [query], CancellationToken.None))[0];
            hits += found.Select(h => h.Id).Intersect(Ranking.Best(instance.View, query).Select(h => h.Id)).Count();
        }

        (hits / 500.0).ShouldBeGreaterThan(atLeast);
    }

    private static HashSet<MemoryId> Ids(IEnumerable<MemoryItem> items) => [.. items.Select(i => i.Id)];

    private StoreIndex NewIndex(RememberingInstance instance, int candidates, bool waits) =>
        new(_store, new ScanIndex(), instance.RecordsOf, new(candidates, waits), _failures, _time);

    private async Task SameAsScanAsync(int seed, int candidates, int memories, int recall)
    {
        Random random = new(seed);
        MemorySettings settings = new(
            recall,
            Recency: random.Next(3) / 2.0,
            Importance: random.Next(3) / 2.0,
            Relevance: random.Next(1, 3),
            .995,
            100_000,
            ForgetPolicy.Weakest
        );
        RememberingInstance instance = new(seed, settings);
        await instance.LiveAsync(memories);
        StoreIndex index = new(new InMemoryStore(), new ScanIndex(), instance.RecordsOf, new(candidates, Waits: false), _failures, _time);
        for (var i = 0; i < 30; i++)
        {
            var query = instance.Vector();
            var found = await index.SearchAsync(instance.View, [query], CancellationToken.None);
            found[0].ShouldBe(Ranking.Best(instance.View, query), $"seed {seed}, query {i}");
        }

        _failures.Seen.ShouldBeEmpty();
    }
}
