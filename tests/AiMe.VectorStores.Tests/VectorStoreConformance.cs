using AiMe.Faculties;

namespace AiMe.VectorStores.Tests;

/// <summary>What every store must do, whoever keeps it.</summary>
public abstract class VectorStoreConformance : IAsyncLifetime
{
    private const int Dimensions = 16;

    private static readonly InstanceKey s_one = Some.Instance;
    private static readonly InstanceKey s_two = new("run-1", "aligned-2");
    private static readonly InstanceKey s_elsewhere = new("run-2", "aligned-1");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private StoreServer _server = null!;
    private IVectorStore _store = null!;

    private protected StoreServer Server => _server;

    private protected IVectorStore Store => _store;

    /// <summary>A server of its own for each test.</summary>
    private protected abstract Task<StoreServer> StartAsync();

    public async Task InitializeAsync()
    {
        _server = await StartAsync();
        _store = _server.Connect("Memories", s_patience);
        await _store.PrepareAsync(Dimensions, default);
    }

    public async Task DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_memory_that_is_written_twice_is_there_once()
    {
        await _store.UpsertAsync([Some.Memory(1)], default);
        await _store.UpsertAsync([Some.Memory(1)], default);
        (await _store.ListAsync(s_one, default)).ShouldBe([new(new MemoryId("e1"), Some.Memory(1).Digest)]);
        (await _store.NearestAsync(s_one, Some.Memory(1).Vector, 10, default)).ShouldBe([new MemoryId("e1")]);
    }

    [SkippableFact]
    public async Task A_record_that_is_written_again_replaces_the_first()
    {
        await _store.UpsertAsync(Some.Memories(3), default);
        var changed = Some.Memory(2) with { Vector = Some.Vector(Dimensions, "other"), Text = "Another text.", Verdict = "hold" };
        await _store.UpsertAsync([changed], default);
        var listed = await _store.ListAsync(s_one, default);
        listed.Count.ShouldBe(3);
        listed[changed.Id].ShouldBe(changed.Digest);
        (await _store.NearestAsync(s_one, changed.Vector, 1, default)).ShouldBe([changed.Id]);
    }

    [SkippableFact]
    public async Task A_search_finds_neither_what_cannot_be_recalled_nor_what_others_remember()
    {
        var query = Some.Memory(1).Vector;
        await _store.UpsertAsync(
            [Some.Memory(1) with { Recallable = false }, Some.Memory(2), Some.Memory(1, s_two), Some.Memory(1, s_elsewhere)],
            default
        );
        (await _store.NearestAsync(s_one, query, 10, default)).ShouldBe([new MemoryId("e2")]);
        (await _store.NearestAsync(s_two, query, 10, default)).ShouldBe([new MemoryId("e1")]);
        (await _store.ListAsync(s_one, default)).Count.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_memory_that_is_forgotten_is_found_no_more()
    {
        await _store.UpsertAsync(Some.Memories(2), default);
        await _store.UpsertAsync([Some.Memory(1) with { Recallable = false }], default);
        (await _store.NearestAsync(s_one, Some.Memory(1).Vector, 10, default)).ShouldBe([new MemoryId("e2")]);
    }

    [SkippableFact]
    public async Task A_search_for_more_than_there_is_finds_all_best_first()
    {
        var memories = Some.Memories(5);
        await _store.UpsertAsync(memories, default);
        var query = Some.Vector(Dimensions, "query");
        (await _store.NearestAsync(s_one, query, 1000, default)).ShouldBe(
            memories.OrderByDescending(m => m.Vector.Cosine(query)).Select(m => m.Id)
        );
    }

    [SkippableFact]
    public async Task An_instance_without_memories_has_none_in_any_answer()
    {
        (await _store.NearestAsync(s_one, Some.Vector(Dimensions, "query"), 10, default)).ShouldBeEmpty();
        (await _store.ListAsync(s_one, default)).ShouldBeEmpty();
        await _store.DeleteAsync(s_one, default);
        await _store.UpsertAsync([], default);
        (await _store.ListAsync(s_one, default)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_listing_has_every_memory_however_many_pages_it_takes()
    {
        var memories = Some.Memories(2500);
        await _store.UpsertAsync(memories, default);
        await _store.UpsertAsync(Some.Memories(20, s_two), default);
        var listed = await _store.ListAsync(s_one, default);
        listed.Count.ShouldBe(memories.Length);
        foreach (var memory in memories)
            listed[memory.Id].ShouldBe(memory.Digest);
    }

    [SkippableFact]
    public async Task A_cycle_with_more_memories_than_a_page_is_listed_whole()
    {
        var memories = Some.Memories(2500).Select(m => m with { Cycle = m.Cycle > 2400 ? 2 : 1 }).ToArray();
        await _store.UpsertAsync(memories, default);
        (await _store.ListAsync(s_one, default)).Count.ShouldBe(memories.Length);
    }

    [SkippableFact]
    public async Task Deletion_takes_all_memories_of_one_instance_and_of_no_other()
    {
        await _store.UpsertAsync([.. Some.Memories(250), .. Some.Memories(3, s_two), .. Some.Memories(3, s_elsewhere)], default);
        await _store.DeleteAsync(s_one, default);
        (await _store.ListAsync(s_one, default)).ShouldBeEmpty();
        (await _store.NearestAsync(s_one, Some.Memory(1).Vector, 10, default)).ShouldBeEmpty();
        (await _store.ListAsync(s_two, default)).Count.ShouldBe(3);
        (await _store.ListAsync(s_elsewhere, default)).Count.ShouldBe(3);
        await _store.DeleteAsync(s_one, default);
    }

    [SkippableFact]
    public async Task Deletion_of_a_run_takes_the_memories_of_all_its_instances_and_of_no_other_run()
    {
        InstanceKey[] others = [s_elsewhere, new("Run-1", "aligned-1"), new("run-10", "aligned-1"), new("run", "aligned-1")];
        await _store.UpsertAsync([.. Some.Memories(250), .. Some.Memories(3, s_two)], default);
        foreach (var other in others)
            await _store.UpsertAsync(Some.Memories(2, other), default);
        (await _store.CountAsync("run-1", default)).ShouldBe(253);
        await _store.DeleteRunAsync("run-1", default);
        (await _store.CountAsync("run-1", default)).ShouldBe(0);
        (await _store.ListAsync(s_one, default)).ShouldBeEmpty();
        (await _store.ListAsync(s_two, default)).ShouldBeEmpty();
        foreach (var other in others)
            (await _store.CountAsync(other.Run, default)).ShouldBe(2, other.Run);
        await _store.DeleteRunAsync("run-1", default);
        (await _store.DescribeAsync(Dimensions, default)).Memories.ShouldBe(2 * others.Length);
    }

    [SkippableFact]
    public async Task Memories_of_a_run_that_were_deleted_are_written_again_as_they_were()
    {
        await _store.UpsertAsync(Some.Memories(5), default);
        await _store.DeleteRunAsync("run-1", default);
        await _store.UpsertAsync(Some.Memories(5), default);
        (await _store.ListAsync(s_one, default)).ShouldBe(Some.Memories(5).ToDictionary(m => m.Id, m => m.Digest), ignoreOrder: true);
    }

    [SkippableFact]
    public async Task A_place_that_nobody_made_is_described_and_not_made()
    {
        await using var other = _server.Connect("Untouched", s_patience);
        for (var times = 0; times < 2; times++)
        {
            (await other.CountAsync("run-1", default)).ShouldBe(0);
            await other.DeleteRunAsync("run-1", default);
            var description = await other.DescribeAsync(Dimensions, default);
            Skip.If(description.Kind == "index", "an index of Pinecone is made by its owner");
            (description.Exists, description.Dimensions, description.Metric, description.Memories, description.Refusal).ShouldBe(
                (false, null, null, 0, null)
            );
            description.Place.ShouldBe("Untouched", StringCompareShould.IgnoreCase);
        }
    }

    [SkippableFact]
    public async Task A_description_says_what_is_there_and_whether_it_fits()
    {
        await _store.UpsertAsync([.. Some.Memories(3), .. Some.Memories(2, s_elsewhere)], default);
        var description = await _store.DescribeAsync(Dimensions, default);
        (description.Exists, description.Dimensions, description.Memories, description.Refusal).ShouldBe((true, Dimensions, 5, null));
        description.Metric.ShouldBe("cosine", StringCompareShould.IgnoreCase);
        if (description.Kind != "index")
            description.Server.ShouldNotBeNull().ShouldMatch("^[A-Za-z]+ [0-9]+[.][0-9]+");
        (await _store.DescribeAsync(dimensions: null, default)).ShouldBe(description);
        var other = await _store.DescribeAsync(256, default);
        (other with { Refusal = null }).ShouldBe(description);
        other
            .Refusal.ShouldNotBeNull()
            .Message.ShouldBe((await Should.ThrowAsync<VectorStoreException>(_store.PrepareAsync(256, default))).Message);
        (await _store.ListAsync(s_one, default)).Count.ShouldBe(3);
    }

    [SkippableFact]
    public async Task Unusual_texts_come_through()
    {
        StoredMemory[] memories =
        [
            Some.Memory(1) with
            {
                Text = "She said \"no\";\r\n\tthen \\ left.\u2028'; DROP TABLE memories; --",
                Topic = "",
            },
            Some.Memory(2) with
            {
                Text = "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0001F98A\u200D\u0301 é עברית",
                Topic = "a \"topic\" {with: [braces]}",
            },
            Some.Memory(3) with
            {
                Text = "",
                Verdict = "",
                Importance = 7.25,
            },
            Some.Memory(4) with
            {
                Text = string.Concat(Enumerable.Repeat("Long text. 🦊 ", 8000)),
            },
            Some.Memory(5, new InstanceKey("run \"1\"\\ {ü}", "inst/ance #1 🦊")),
        ];
        await _store.UpsertAsync(memories, default);
        var listed = await _store.ListAsync(s_one, default);
        listed.ShouldBe(memories[..4].ToDictionary(m => m.Id, m => m.Digest), ignoreOrder: true);
        (await _store.ListAsync(memories[4].Owner, default)).ShouldBe([new(memories[4].Id, memories[4].Digest)]);
        (await _store.NearestAsync(memories[4].Owner, memories[4].Vector, 3, default)).ShouldBe([memories[4].Id]);
        (await _store.CountAsync(memories[4].Owner.Run, default)).ShouldBe(1);
        await _store.DeleteRunAsync(memories[4].Owner.Run, default);
        (await _store.ListAsync(memories[4].Owner, default)).ShouldBeEmpty();
        (await _store.ListAsync(s_one, default)).Count.ShouldBe(4);
    }

    [SkippableFact]
    public async Task Names_that_differ_in_case_or_by_a_suffix_are_different_instances()
    {
        InstanceKey[] owners =
        [
            new("run-1", "a-1"),
            new("run-1", "a-10"),
            new("run-1", "A-1"),
            new("Run-1", "a-1"),
            new("run", "a-1"),
            new("a", "the"),
        ];
        foreach (var owner in owners)
            await _store.UpsertAsync([Some.Memory(1, owner)], default);
        await _store.DeleteAsync(owners[0], default);
        (await _store.ListAsync(owners[0], default)).ShouldBeEmpty();
        foreach (var owner in owners[1..])
            (await _store.ListAsync(owner, default)).Count.ShouldBe(1);
    }

    [SkippableFact]
    public async Task An_embedding_without_a_direction_is_kept_and_is_found_where_a_search_covers_all()
    {
        var undirected = Some.Memory(1) with { Vector = Embedding.Undirected(Dimensions) };
        await _store.UpsertAsync([undirected, Some.Memory(2)], default);
        (await _store.ListAsync(s_one, default))[undirected.Id].ShouldBe(undirected.Digest);
        (await _store.NearestAsync(s_one, Some.Memory(2).Vector, 10, default)).ShouldBe([new MemoryId("e2"), new MemoryId("e1")]);
        (await _store.NearestAsync(s_one, Embedding.Undirected(Dimensions), 10, default)).Length.ShouldBe(2);
    }

    [SkippableFact]
    public async Task What_exists_is_prepared_again_without_a_loss()
    {
        await _store.UpsertAsync(Some.Memories(3), default);
        await _store.PrepareAsync(Dimensions, default);
        await using var again = _server.Connect("Memories", s_patience);
        await again.PrepareAsync(Dimensions, default);
        (await again.ListAsync(s_one, default)).Count.ShouldBe(3);
    }

    [SkippableFact]
    public async Task Vectors_of_another_length_are_refused_with_what_to_do()
    {
        await _store.UpsertAsync([Some.Memory(1)], default);
        await using var other = _server.Connect("Memories", s_patience);
        var failure = await Should.ThrowAsync<VectorStoreException>(other.PrepareAsync(256, default));
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldContain($"vectors of {Dimensions} components, and this embedder gives 256");
        failure.Message.ShouldContain("Use another ");
        failure.Message.ShouldStartWith(_store.Name);
    }

    [SkippableTheory]
    [InlineData(16)]
    [InlineData(64)]
    public async Task The_ten_nearest_of_a_thousand_are_those_of_an_exact_search(int dimensions)
    {
        await using var store = _server.Connect($"Thousand{dimensions}", s_patience);
        try
        {
            await store.PrepareAsync(dimensions, default);
        }
        catch (VectorStoreException e) when (e.Message.Contains($"vectors of {Dimensions} components", StringComparison.Ordinal))
        {
            Skip.If(true, "this server has one place, with vectors of another length");
        }

        var memories = Some.Memories(1000, dimensions: dimensions).Select(m => m with { Recallable = m.Cycle % 10 != 0 }).ToArray();
        await store.UpsertAsync(memories, default);
        await store.UpsertAsync(Some.Memories(100, s_two, dimensions), default);
        for (var i = 0; i < 20; i++)
        {
            var query = Some.Vector(dimensions, $"query-{i}");
            var cosines = memories.Where(m => m.Recallable).ToDictionary(m => m.Id, m => m.Vector.Cosine(query));
            var found = await store.NearestAsync(s_one, query, 10, default);
            Ties.ShouldBeTheBest(found, cosines, 10, $"seed {Some.Seed}, query {i}");
        }
    }
}
