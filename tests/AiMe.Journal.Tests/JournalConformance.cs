using System.Collections.Immutable;
using AiMe.EventSourcing;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>What every journal must do. Modelled on the persistence TCK of Akka.NET; each test has a journal of its own.</summary>
public abstract class JournalConformance : IAsyncLifetime
{
    private static readonly PersistenceId A = Stream("a"),
        B = Stream("b");

    protected abstract IJournal Journal { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [SkippableFact]
    public async Task A_new_stream_is_empty_and_its_highest_sequence_number_is_0()
    {
        (await Journal.Numbers(A)).ShouldBeEmpty();
        (await Journal.HighestSequenceNumberAsync(A, None)).ShouldBe(0);
    }

    [SkippableTheory]
    [InlineData(1, long.MaxValue, new long[] { 1, 2, 3, 4, 5 })]
    [InlineData(3, long.MaxValue, new long[] { 3, 4, 5 })]
    [InlineData(1, 3, new long[] { 1, 2, 3 })]
    [InlineData(2, 4, new long[] { 2, 3, 4 })]
    [InlineData(3, 3, new long[] { 3 })]
    [InlineData(0, 1, new long[] { 1 })]
    [InlineData(4, 2, new long[0])]
    [InlineData(6, 9, new long[0])]
    public async Task A_range_of_a_stream_is_read_in_order_with_both_ends_included(long from, long to, long[] expected)
    {
        await Journal.Append(A, 1, 5);
        (await Journal.Numbers(A, from, to)).ShouldBe(expected);
    }

    [SkippableFact]
    public async Task A_reader_may_stop_after_the_first_row()
    {
        await Journal.Append(A, 1, 5);
        await foreach (var row in Journal.ReadAsync(A, 2, long.MaxValue, None))
        {
            row.SequenceNumber.ShouldBe(2);
            break;
        }

        await Journal.Append(A, 6, 6);
    }

    [SkippableFact]
    public async Task A_row_that_is_restored_keeps_the_time_at_which_it_was_first_written()
    {
        await Journal.AppendAsync(
            A,
            new WriterId("w"),
            [
                new JournalEntry(1, "test.happened@1", "{}"u8.ToArray(), CreatedTicks: 639_000_000_000_000_001),
                new JournalEntry(2, "test.happened@1", "{}"u8.ToArray()),
            ],
            None
        );
        var rows = await Journal.Rows(A);
        rows[0].CreatedTicks.ShouldBe(639_000_000_000_000_001);
        rows[1].CreatedTicks.ShouldNotBe(639_000_000_000_000_001);
    }

    [SkippableFact]
    public async Task A_row_holds_exactly_what_was_appended()
    {
        byte[] message = [0, 1, 127, 128, 255, (byte)'\'', (byte)'"', 0];
        await Journal.AppendAsync(A, new WriterId("writer-ü"), [new JournalEntry(1, "test.happened@7", message)], None);

        var row = (await Journal.Rows(A)).ShouldHaveSingleItem();
        row.Message.ToArray().ShouldBe(message);
        (row with { Message = default }).ShouldBe(
            new JournalRow(1, A, 1, "test.happened@7", default, new FakeClock().Now.UtcTicks, new WriterId("writer-ü"))
        );
    }

    [SkippableFact]
    public async Task An_empty_message_is_stored_and_read_as_such()
    {
        await Journal.AppendAsync(A, Writer, [new JournalEntry(1, "test.happened@1", default)], None);
        (await Journal.Rows(A)).ShouldHaveSingleItem().Message.Length.ShouldBe(0);
    }

    [SkippableFact]
    public async Task A_slice_of_a_larger_array_is_stored_alone()
    {
        byte[] array = [1, 2, 3, 4, 5];
        await Journal.AppendAsync(A, Writer, [new JournalEntry(1, "test.happened@1", array.AsMemory(1, 3))], None);
        (await Journal.Rows(A))[0].Message.ToArray().ShouldBe(array[1..4]);
    }

    [SkippableFact]
    public async Task Messages_of_a_megabyte_are_stored_and_read_in_order()
    {
        for (var n = 1; n <= 9; n++)
            await Journal.AppendAsync(
                A,
                Writer,
                [new JournalEntry(n, "test.happened@1", Enumerable.Repeat((byte)n, 1 << 20).ToArray())],
                None
            );

        var rows = await Journal.Rows(A);
        rows.Select(row => (long)row.Message.Span[^1]).ShouldBe(rows.Select(row => row.SequenceNumber));
        rows.ShouldAllBe(row => row.Message.Length == 1 << 20);
        rows.Count.ShouldBe(9);
    }

    [SkippableFact]
    public async Task A_stream_of_thousands_of_events_is_read_whole()
    {
        await Journal.Append(A, 1, 2500);
        (await Journal.Numbers(A)).ShouldBe(Enumerable.Range(1, 2500).Select(n => (long)n));
    }

    [SkippableFact]
    public async Task Streams_do_not_see_each_other()
    {
        await Journal.Append(A, 1, 3);
        await Journal.Append(B, 1, 1);
        (await Journal.Numbers(B)).ShouldBe([1]);
        (await Journal.HighestSequenceNumberAsync(B, None)).ShouldBe(1);
    }

    [SkippableFact]
    public async Task Appending_a_number_that_is_taken_is_refused_and_changes_nothing()
    {
        await Journal.Append(A, 1, 3);
        var refused = await Should.ThrowAsync<SecondWriterException>(() => Journal.Append(A, 3, 4));
        refused.Message.ShouldContain("run/a/memory");
        refused.Message.ShouldContain("3");
        (await Journal.Numbers(A)).ShouldBe([1, 2, 3]);
    }

    [SkippableTheory]
    [InlineData(0, 2)]
    [InlineData(3, 5)]
    public async Task Appending_past_the_end_would_leave_a_gap_and_is_refused(int present, int offered)
    {
        if (present > 0)
            await Journal.Append(A, 1, present);
        (await Should.ThrowAsync<SecondWriterException>(() => Journal.Append(A, offered, offered))).Message.ShouldContain("gap");
        (await Journal.HighestSequenceNumberAsync(A, None)).ShouldBe(present);
    }

    [SkippableFact]
    public async Task After_a_refusal_the_stream_goes_on()
    {
        await Journal.Append(A, 1, 1);
        await Should.ThrowAsync<SecondWriterException>(() => Journal.Append(A, 1, 1));
        await Journal.Append(A, 2, 2);
        (await Journal.Numbers(A)).ShouldBe([1, 2]);
    }

    [SkippableFact]
    public async Task Of_many_writers_at_once_each_number_goes_to_one()
    {
        var writers = Enumerable
            .Range(0, 16)
            .Select(w => Task.Run(() => Journal.AppendAsync(A, new WriterId($"w{w}"), Entries(1, 3), None)))
            .ToArray();
        await Should.ThrowAsync<SecondWriterException>(() => Task.WhenAll(writers));

        writers.Count(w => w.IsCompletedSuccessfully).ShouldBe(1);
        writers.ShouldAllBe(w => w.IsCompletedSuccessfully || w.Exception!.InnerException is SecondWriterException);
        var rows = await Journal.Rows(A);
        rows.Select(row => row.SequenceNumber).ShouldBe([1, 2, 3]);
        rows.Select(row => row.Writer).Distinct().Count().ShouldBe(1);
    }

    [SkippableFact]
    public async Task Many_streams_are_written_at_once()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(s =>
                    Task.Run(async () =>
                    {
                        for (var n = 1; n <= 20; n++)
                            await Journal.Append(Stream($"s{s}"), n, n);
                    })
                )
        );

        for (var s = 0; s < 50; s++)
            (await Journal.Numbers(Stream($"s{s}"))).ShouldBe(Enumerable.Range(1, 20).Select(n => (long)n));
        (await Journal.ReadAllAsync(0, None).ToListAsync()).Count.ShouldBe(1000);
    }

    [SkippableFact]
    public async Task What_was_acknowledged_can_be_read_at_once()
    {
        for (var n = 1; n <= 50; n++)
        {
            await Journal.Append(A, n, n);
            (await Journal.HighestSequenceNumberAsync(A, None)).ShouldBe(n);
        }
    }

    [SkippableFact]
    public async Task Deleted_rows_are_not_read()
    {
        await Journal.Append(A, 1, 5);
        await Journal.Append(B, 1, 1);
        await Journal.DeleteAsync(A, 3, None);
        (await Journal.Numbers(A)).ShouldBe([4, 5]);
        (await Journal.Numbers(A, 1, 3)).ShouldBeEmpty();
        (await Journal.Numbers(B)).ShouldBe([1]);
    }

    [SkippableTheory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(long.MaxValue)]
    public async Task Deleting_does_not_change_the_highest_sequence_number(long to)
    {
        await Journal.Append(A, 1, 5);
        await Journal.DeleteAsync(A, to, None);
        (await Journal.HighestSequenceNumberAsync(A, None)).ShouldBe(5);
    }

    [SkippableFact]
    public async Task The_numbers_of_deleted_rows_are_never_used_again()
    {
        await Journal.Append(A, 1, 2);
        await Journal.DeleteAsync(A, 2, None);
        await Should.ThrowAsync<SecondWriterException>(() => Journal.Append(A, 1, 1));
        await Journal.Append(A, 3, 3);
        (await Journal.Numbers(A)).ShouldBe([3]);
    }

    [SkippableFact]
    public async Task Deleting_a_stream_that_does_not_exist_does_not_make_one()
    {
        await Journal.DeleteAsync(A, 5, None);
        (await Journal.PersistenceIdsAsync("", None)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task The_whole_journal_is_read_by_ordering_without_its_deleted_rows()
    {
        await Journal.Append(A, 1, 2);
        await Journal.Append(B, 1, 3);
        await Journal.Append(A, 3, 3);
        await Journal.DeleteAsync(B, 2, None);
        var rows = await Journal.ReadAllAsync(0, None).ToListAsync();
        rows.Select(r => (r.PersistenceId, r.SequenceNumber)).ShouldBe([(A, 1), (A, 2), (B, 3), (A, 3)]);
        rows.Select(r => r.Ordering).ShouldBeInOrder();
        (await Journal.ReadAllAsync(rows[1].Ordering, None).ToListAsync())
            .Select(r => r.Ordering)
            .ShouldBe([rows[2].Ordering, rows[3].Ordering]);
    }

    [SkippableFact]
    public async Task A_journal_longer_than_a_page_is_read_whole()
    {
        for (var n = 1; n <= 1300; n += 100)
            await Journal.Append(n % 200 == 1 ? A : B, 1 + 100 * (n / 200), 100 + 100 * (n / 200));
        (await Journal.ReadAllAsync(0, None).ToListAsync()).Count.ShouldBe(1300);
    }

    [SkippableFact]
    public async Task Persistence_ids_of_a_prefix_come_in_ordinal_order()
    {
        string[] names =
        [
            "run/b/self",
            "run/a/self",
            "run/a/memory",
            "run/B/self",
            "run2/a/self",
            "run/\uff61/self",
            "run/\U0001F600/self",
            "ru",
            "run/%/self",
        ];
        foreach (var name in names)
            await Journal.Append(new PersistenceId(name), 1, 1);

        (await Journal.PersistenceIdsAsync("run/", None))
            .Select(id => id.Value)
            .ShouldBe(names.Where(n => n.StartsWith("run/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        (await Journal.PersistenceIdsAsync("run/%", None)).Select(id => id.Value).ShouldBe(["run/%/self"]);
        (await Journal.PersistenceIdsAsync("", None)).Length.ShouldBe(names.Length);
        (await Journal.PersistenceIdsAsync("x", None)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_cancelled_append_is_not_written()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Journal.AppendAsync(A, Writer, Entries(1, 1), cancelled.Token));
        (await Journal.HighestSequenceNumberAsync(A, None)).ShouldBe(0);
    }

    [SkippableTheory]
    [InlineData("quote'\"double")]
    [InlineData("back\\slash, comma {brace} NULL")]
    [InlineData("naïve \U0001F600 \uff61")]
    [InlineData("%_*")]
    public async Task Any_text_may_be_a_name_a_writer_or_a_manifest(string text)
    {
        await Journal.AppendAsync(new PersistenceId(text), new WriterId(text), [new JournalEntry(1, text, "{}"u8.ToArray())], None);
        var row = (await Journal.Rows(new PersistenceId(text))).ShouldHaveSingleItem();
        (row.PersistenceId.Value, row.Writer.Value, row.Manifest).ShouldBe((text, text, text));
        (await Journal.PersistenceIdsAsync(text, None)).ShouldHaveSingleItem().Value.ShouldBe(text);
    }

    [SkippableFact]
    public async Task An_append_of_many_events_is_one_whole()
    {
        await Journal.Append(A, 1, 700);
        await Should.ThrowAsync<SecondWriterException>(() => Journal.Append(A, 700, 1400));
        (await Journal.HighestSequenceNumberAsync(A, None)).ShouldBe(700);
        (await Journal.Rows(A)).Count.ShouldBe(700);
    }

    [SkippableFact]
    public async Task A_refusal_leaves_the_others_of_its_moment_alone()
    {
        await Journal.Append(A, 1, 5);
        Task[] writing =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(n => Task.Run(() => n % 6 == 0 ? Journal.Append(A, 3, 3) : Journal.Append(Stream($"s{n}"), 1, 2))),
        ];
        await Should.ThrowAsync<SecondWriterException>(() => Task.WhenAll(writing));

        for (var n = 0; n < writing.Length; n++)
        {
            writing[n].IsCompletedSuccessfully.ShouldBe(n % 6 != 0);
            (await Journal.Numbers(Stream($"s{n}"))).ShouldBe(n % 6 == 0 ? [] : [1, 2]);
        }
    }

    [SkippableFact]
    public async Task Appends_of_one_stream_handed_in_one_behind_the_other_are_written_in_that_order()
    {
        await Task.WhenAll(Enumerable.Range(1, 200).Select(n => Journal.Append(A, n, n)));
        (await Journal.Numbers(A)).ShouldBe(Enumerable.Range(1, 200).Select(n => (long)n));
        (await Journal.Rows(A)).Select(r => r.Ordering).ShouldBeInOrder();
    }

    [SkippableFact]
    public async Task Deleting_counts_for_what_was_handed_in_before_it_alone()
    {
        await Task.WhenAll(Journal.Append(A, 1, 2), Journal.DeleteAsync(A, long.MaxValue, None), Journal.Append(A, 3, 3));
        (await Journal.Numbers(A)).ShouldBe([3]);
    }

    public static TheoryData<string, ImmutableArray<JournalEntry>> Misuse =>
        new()
        {
            { "run/a/self", [] },
            { "run/a/self", [Entry(1), Entry(3)] },
            { "run/a/self", [Entry(0)] },
            { "run/a/self", [Entry(1) with { Manifest = "" }] },
            { "run/a/self", [Entry(1) with { Manifest = new string('m', 501) }] },
            { new string('s', 256), [Entry(1)] },
            { "", [Entry(1)] },
        };

    [SkippableTheory]
    [MemberData(nameof(Misuse))]
    public async Task What_a_column_cannot_hold_is_refused_before_anything_is_written(string stream, ImmutableArray<JournalEntry> entries)
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Journal.AppendAsync(new PersistenceId(stream), Writer, entries, None));
        (await Journal.PersistenceIdsAsync("", None)).ShouldBeEmpty();
    }
}
