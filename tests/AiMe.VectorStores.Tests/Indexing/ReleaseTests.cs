using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.VectorStores.Indexing;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.VectorStores.Tests.Indexing;

/// <summary>How long an index keeps copies of memories, and whose its store is.</summary>
public sealed class ReleaseTests
{
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Failures _failures = new();

    [Fact]
    public async Task A_copy_that_was_released_is_gone_and_the_next_search_reads_it_again_and_writes_nothing_twice()
    {
        RememberingInstance instance = new(21);
        await instance.LiveAsync(60);
        await using var index = NewIndex(instance);
        var query = instance.Vector();
        await index.SearchAsync(instance.View, [query], CancellationToken.None);
        index.Copies.ShouldBe(1);
        await index.ReleaseAsync(instance.Key.Instance, CancellationToken.None);
        index.Copies.ShouldBe(0);
        await instance.LiveAsync(5);
        (await index.SearchAsync(instance.View, [query], CancellationToken.None))[0].ShouldBe(Ranking.Best(instance.View, query));
        (index.Copies, _store.Listed).ShouldBe((1, 2));
        _store.Written.ShouldBe(_store.Memories.Count);
    }

    [Fact]
    public async Task A_release_writes_what_no_search_came_after()
    {
        RememberingInstance instance = new(22);
        await instance.LiveAsync(20);
        await using var index = NewIndex(instance);
        await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        await instance.LiveAsync(4);
        await index.ReleaseAsync(instance.Key.Instance, CancellationToken.None);
        _store.Memories.Count(m => m.Kind == "experience").ShouldBe(24);
    }

    [Fact]
    public async Task Of_many_instances_that_rest_one_after_another_there_is_never_more_than_one_copy()
    {
        Dictionary<string, RememberingInstance> all = [];
        await using StoreIndex index = new(_store, new ScanIndex(), RecordsOf, new(8, Waits: false), _failures, _time);
        for (var i = 0; i < 20; i++)
        {
            RememberingInstance instance = new(i) { Key = new InstanceKey("run-1", $"aligned-{i}") };
            all[instance.Key.Instance] = instance;
            await instance.LiveAsync(10);
            await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
            index.Copies.ShouldBe(1);
            await index.ReleaseAsync(instance.Key.Instance, CancellationToken.None);
        }

        index.Copies.ShouldBe(0);
        var listed = _store.Listed;
        await all["aligned-3"].HappenAsync(new Forgot([all["aligned-3"].View.Items[0].Id]));
        await index.CatchUpAsync(CancellationToken.None);
        (_store.Listed - listed).ShouldBe(1, "the one that has changed since is compared again, and no other");
        _store.Memories.Count(m => m.Recallable).ShouldBe(all.Values.Sum(i => i.View.Items.Length));
        index.Copies.ShouldBe(0);

        Task<MemoryRecords> RecordsOf(string instance, CancellationToken cancellationToken) =>
            all[instance].RecordsOf(instance, cancellationToken);
    }

    [Fact]
    public async Task A_copy_goes_also_if_the_store_is_down_and_the_end_writes_what_is_missing()
    {
        RememberingInstance instance = new(23);
        await instance.LiveAsync(30);
        await using var index = NewIndex(instance);
        await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        await instance.LiveAsync(5);
        _store.Down = InMemoryStore.Unreachable;
        await index.ReleaseAsync(instance.Key.Instance, CancellationToken.None);
        (index.Copies, _failures.Seen.Count).ShouldBe((0, 0), "no search failed");
        await index.CatchUpAsync(CancellationToken.None);
        _failures.Seen.Count.ShouldBe(1);
        _store.Down = null;
        await index.CatchUpAsync(CancellationToken.None);
        (index.Copies, _failures.Seen.Count).ShouldBe((0, 1));
        _store.Memories.Count(m => m.Kind == "experience").ShouldBe(35);
    }

    [Fact]
    public async Task After_a_failure_of_one_search_the_memories_of_every_instance_are_compared_again()
    {
        RememberingInstance one = new(27) { Key = new InstanceKey("run-1", "one") },
            other = new(28) { Key = new InstanceKey("run-1", "other") };
        await one.LiveAsync(40);
        await other.LiveAsync(40);
        await using StoreIndex index = new(
            _store,
            new ScanIndex(),
            (name, cancellationToken) => (name == "one" ? one : other).RecordsOf(name, cancellationToken),
            new(8, Waits: false),
            _failures,
            _time
        );
        await index.SearchAsync(one.View, [Directed(one)], CancellationToken.None);
        await index.SearchAsync(other.View, [Directed(other)], CancellationToken.None);
        _store.Down = InMemoryStore.Unreachable;
        await index.SearchAsync(one.View, [Directed(one)], CancellationToken.None);
        _store.Lose();
        _store.Down = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        await other.LiveAsync(40); // more than a search asks for
        await index.SearchAsync(other.View, [Directed(other)], CancellationToken.None);
        _store.Memories.Count(m => m.Owner == other.Key && m.Kind == "experience").ShouldBe(80);
    }

    [Fact]
    public async Task While_the_store_is_left_alone_a_release_does_not_ask_it()
    {
        RememberingInstance one = new(24) { Key = new InstanceKey("run-1", "one") };
        await one.LiveAsync(30);
        await using var index = NewIndex(one);
        await index.SearchAsync(one.View, [one.Vector()], CancellationToken.None);
        await one.LiveAsync(1);
        _store.Down = InMemoryStore.Unreachable;
        await index.ReleaseAsync("one", CancellationToken.None);
        _store.Down = null;
        await index.SearchAsync(one.View, [one.Vector()], CancellationToken.None);
        (_store.Asked, _failures.Seen.Count).ShouldBe((2, 1), "two questions before it was down, and none within a second after");
    }

    [Fact]
    public async Task A_release_of_an_instance_that_nobody_searched_does_nothing()
    {
        await using var index = NewIndex(new RememberingInstance(25));
        await index.ReleaseAsync("nobody", CancellationToken.None);
        (index.Copies, _store.Listed, _store.Written).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task The_store_is_disposed_with_its_index_also_after_a_failure()
    {
        RememberingInstance instance = new(26);
        await instance.LiveAsync(10);
        _store.Down = InMemoryStore.Unreachable;
        var index = NewIndex(instance);
        await index.SearchAsync(instance.View, [instance.Vector()], CancellationToken.None);
        await index.CatchUpAsync(CancellationToken.None);
        _store.Disposed.ShouldBe(0);
        await index.DisposeAsync();
        (_store.Disposed, index.Copies).ShouldBe((1, 0));
    }

    private static Embedding Directed(RememberingInstance instance) =>
        instance.View.Items.Select(i => i.Embedding).First(e => e.Components.Any(c => c != 0));

    private StoreIndex NewIndex(RememberingInstance instance) =>
        new(_store, new ScanIndex(), instance.RecordsOf, new(8, Waits: false), _failures, _time);
}
