using AiMe.EventSourcing;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>Single rows, wherever the journal is.</summary>
public abstract class GlanceConformance : IAsyncLifetime
{
    private EventStore? _store;

    private JournalQueries Glance => _store!.Glance;

    /// <summary>An empty store.</summary>
    private protected abstract Task<EventStore> OpenAsync();

    /// <summary>The version of the schema that this build makes there.</summary>
    private protected virtual int Schema => 1;

    public async Task InitializeAsync() => _store = await OpenAsync();

    public virtual async Task DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [SkippableFact]
    public async Task The_newest_ordering_of_an_empty_journal_is_0() => (await Glance.NewestAsync(None)).ShouldBe(0);

    [SkippableFact]
    public async Task The_first_and_the_last_of_a_fact_are_found_among_others()
    {
        await Write("a", (1, "x.began@1"), (2, "x.done@1"), (3, "x.other@1"), (4, "x.done@2"), (5, "x.other@1"));

        (await Glance.FirstAsync(Stream("a"), "x.done", None))!.SequenceNumber.ShouldBe(2);
        (await Glance.LastAsync(Stream("a"), "x.done", None))!.SequenceNumber.ShouldBe(4);
    }

    [SkippableFact]
    public async Task A_fact_is_not_taken_for_one_whose_name_is_longer()
    {
        await Write("a", (1, "x.done-twice@1"));
        (await Glance.FirstAsync(Stream("a"), "x.done", None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task What_was_written_between_two_orderings_leaves_out_the_first_and_holds_the_last()
    {
        await Write("a", (1, "x.done@1"), (2, "x.done@1"));
        await Write("b", (1, "x.done@1"), (2, "x.other@1"));

        (await Glance.BetweenAsync(1, 3, "x.done", None))
            .Select(w => (w.Ordering, w.Stream))
            .ShouldBe([(2, Stream("a")), (3, Stream("b"))]);
        (await Glance.NewestAsync(None)).ShouldBe(4);
    }

    [SkippableFact]
    public async Task Rows_are_counted_by_manifest_in_the_streams_of_a_prefix()
    {
        await Write("r/a", (1, "x.done@1"), (2, "x.done@2"), (3, "x.other@1"));
        await Write("r/b", (1, "x.done@1"));
        await Write("s/a", (1, "x.done@1"));

        (await Glance.CountsAsync("run/r/", 0, 9, None)).ShouldBe([("x.done@1", 2), ("x.done@2", 1), ("x.other@1", 1)]);
        (await Glance.CountsAsync("run/r/", 1, 3, None)).ShouldBe([("x.done@2", 1), ("x.other@1", 1)]);
    }

    [SkippableFact]
    public async Task Rows_of_several_facts_come_by_ordering_from_the_streams_of_a_prefix()
    {
        await Write("r/a", (1, "x.done@1"), (2, "x.done-twice@1"), (3, "x.other@2"));
        await Write("s/a", (1, "x.done@1"));
        await Write("r/b", (1, "x.done@2"));

        (await Glance.RowsAsync("run/r/", 0, 9, ["x.done", "x.other"], None)).Select(r => r.Ordering).ShouldBe([1, 3, 5]);
        (await Glance.RowsAsync("run/r/", 1, 4, ["x.done", "x.other"], None)).Select(r => r.Ordering).ShouldBe([3]);
    }

    [SkippableFact]
    public async Task The_rows_behind_a_sequence_number_are_of_that_stream_and_fact_alone()
    {
        await Write("a", (1, "x.done@1"), (2, "x.other@1"), (3, "x.done@1"));
        await Write("b", (1, "x.done@1"));

        (await Glance.AfterAsync(Stream("a"), 1, "x.done", None)).Select(r => r.SequenceNumber).ShouldBe([3]);
    }

    [SkippableFact]
    public async Task The_schema_s_version_is_the_file_s() => (await Glance.SchemaAsync(None)).ShouldBe(Schema);

    [SkippableFact]
    public async Task A_tail_gives_each_row_once_and_each_stream_in_order()
    {
        var tail = new Tail(_store!);
        (await tail.NextAsync(None).ToListAsync()).ShouldBeEmpty();
        await Write("a", (1, "x.done@1"), (2, "x.done@1"));
        await Write("b", (1, "x.done@1"));
        (await tail.NextAsync(None).ToListAsync())
            .Select(r => (r.PersistenceId, r.SequenceNumber))
            .ShouldBe([(Stream("a"), 1), (Stream("a"), 2), (Stream("b"), 1)]);
        await Write("a", (3, "x.done@1"));
        (await tail.NextAsync(None).ToListAsync()).Select(r => (r.PersistenceId, r.SequenceNumber)).ShouldBe([(Stream("a"), 3)]);
    }

    [SkippableFact]
    public async Task A_tail_left_half_way_gives_the_rest_later()
    {
        var tail = new Tail(_store!);
        await Write("a", (1, "x.done@1"), (2, "x.done@1"), (3, "x.done@1"));
        (await tail.NextAsync(None).FirstAsync()).SequenceNumber.ShouldBe(1);
        (await tail.NextAsync(None).ToListAsync()).Select(r => r.SequenceNumber).ShouldBe([2, 3]);
    }

    private Task Write(string stream, params (long Number, string Manifest)[] rows) =>
        _store!.Journal.AppendAsync(
            Stream(stream),
            Writer,
            [.. rows.Select(r => new JournalEntry(r.Number, r.Manifest, "{}"u8.ToArray()))],
            None
        );
}
