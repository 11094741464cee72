using AiMe.Journal.Sqlite;
using AiMe.Kernel;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

public sealed class GlanceTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeClock _clock = new();
    private Store? _store;

    private Glance Glance => _store!.Glance;

    public async Task InitializeAsync() => _store = await Store.OpenAsync(_directory["store"], _clock, SqliteSettings.Default, (_, _) => true, None);

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact] public async Task The_newest_ordering_of_an_empty_journal_is_0() => (await Glance.NewestAsync(None)).ShouldBe(0);

    [Fact] public async Task The_first_and_the_last_of_a_fact_are_found_among_others()
    {
        await Write("a", (1, "x.began@1"), (2, "x.done@1"), (3, "x.other@1"), (4, "x.done@2"), (5, "x.other@1"));

        (await Glance.FirstAsync(Stream("a"), "x.done", None))!.SequenceNumber.ShouldBe(2);
        (await Glance.LastAsync(Stream("a"), "x.done", None))!.SequenceNumber.ShouldBe(4);
    }

    [Fact] public async Task A_fact_is_not_taken_for_one_whose_name_is_longer()
    {
        await Write("a", (1, "x.done-twice@1"));
        (await Glance.FirstAsync(Stream("a"), "x.done", None)).ShouldBeNull();
    }

    [Fact] public async Task What_was_written_between_two_orderings_leaves_out_the_first_and_holds_the_last()
    {
        await Write("a", (1, "x.done@1"), (2, "x.done@1"));
        await Write("b", (1, "x.done@1"), (2, "x.other@1"));

        (await Glance.BetweenAsync(1, 3, "x.done", None)).Select(w => (w.Ordering, w.Stream)).ShouldBe([(2, Stream("a")), (3, Stream("b"))]);
        (await Glance.NewestAsync(None)).ShouldBe(4);
    }

    [Fact] public async Task The_rows_behind_a_sequence_number_are_of_that_stream_and_fact_alone()
    {
        await Write("a", (1, "x.done@1"), (2, "x.other@1"), (3, "x.done@1"));
        await Write("b", (1, "x.done@1"));

        (await Glance.AfterAsync(Stream("a"), 1, "x.done", None)).Select(r => r.SequenceNumber).ShouldBe([3]);
    }

    [Fact] public async Task The_schema_s_version_is_the_file_s() => (await Glance.SchemaAsync(None)).ShouldBe(1);

    private Task Write(string stream, params (long Number, string Manifest)[] rows) =>
        _store!.Journal.AppendAsync(Stream(stream), Writer, [.. rows.Select(r => new JournalEntry(r.Number, r.Manifest, "{}"u8.ToArray()))], [], None);
}
