using System.Diagnostics;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Hosts;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>Connections that are lost in the middle of something: nothing acknowledged is lost, and nothing counts twice.</summary>
public sealed class PostgresLossTests(Database database) : IClassFixture<Database>
{
    private static readonly PostgresSettings Quick = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(5),
        LongestPause = TimeSpan.FromMilliseconds(100),
        Patience = TimeSpan.FromSeconds(60),
    };
    private static readonly PersistenceId A = Stream("a"),
        B = Stream("b");

    [SlowFact]
    public async Task An_append_whose_commit_was_not_answered_is_found_and_acknowledged_once()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var journal = await OpenAsync(wire.Address);
        await journal.Append(A, 1, 1);

        wire.CutNextAnswer();
        await Marked(journal, A, 2);

        wire.Cuts.ShouldBe(1);
        (await journal.Numbers(A)).ShouldBe([1, 2]);
        await journal.Append(A, 3, 3);
        (await journal.Numbers(A)).ShouldBe([1, 2, 3]);
    }

    [SlowFact]
    public async Task An_append_that_never_reached_the_server_is_written_after_all()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var journal = await OpenAsync(wire.Address);
        await journal.Append(A, 1, 1);

        wire.CutNextQuestion();
        await Marked(journal, A, 2);

        wire.Cuts.ShouldBe(1);
        (await journal.Numbers(A)).ShouldBe([1, 2]);
    }

    [SlowFact]
    public async Task A_number_that_another_writer_took_while_the_line_was_cut_is_refused_and_not_taken_for_ones_own()
    {
        var address = await database.NewSchemaAsync();
        await using var wire = new Wire(address);
        await using var journal = await OpenAsync(
            wire.Address,
            Quick with
            {
                FirstPause = TimeSpan.FromSeconds(1),
                LongestPause = TimeSpan.FromSeconds(1),
            }
        );
        await using var other = await OpenAsync(address);
        await journal.Append(A, 1, 1);

        wire.CutNextQuestion();
        var refused = Marked(journal, A, 2);
        await Until(() => Task.FromResult(wire.Cuts == 1));
        await other.AppendAsync(A, new WriterId("other"), [Entry(2, "marked")], None);

        await Should.ThrowAsync<SecondWriterException>(() => refused);
        (await journal.Rows(A)).Select(r => r.Writer.Value).ShouldBe(["writer-1", "other"]);
    }

    [SlowFact]
    public async Task A_claim_whose_commit_was_not_answered_keeps_its_epoch()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var journal = await OpenAsync(wire.Address);
        var ownership = new Ownership(((IDatabase)journal).Owners, new FakeClock(), (_, _) => true);
        var claimer = new OwnerInfo("alpha", 1, "s", new WriterId("marked"));

        wire.CutNextAnswer();
        (await ownership.ClaimAsync(["x"], claimer, None)).ShouldBe([new Owned("x", 1)]);
        (await ownership.FindAsync("x", None)).ShouldNotBeNull().Epoch.ShouldBe(1);
    }

    [SlowFact]
    public async Task A_letter_taken_away_without_an_answer_counts_as_taken()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var journal = await OpenAsync(wire.Address);
        var inbox = new Inbox(((IDatabase)journal).Inbox);
        await inbox.PutAsync("run", [new InboxMessage("marked", "i", "{}"u8.ToArray(), DateTime.UnixEpoch)], None);

        wire.CutNextAnswer();
        (await inbox.RemoveAsync(["marked"], None)).ShouldBe(1);
        (await inbox.WaitingAsync("run", None)).ShouldBeEmpty();
    }

    [SlowFact]
    public async Task Of_many_writers_whose_connections_are_ended_again_and_again_no_event_is_lost_or_doubled()
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await OpenAsync(address);
        const int Streams = 40,
            Events = 60;
        var writing = WriteAllAsync(journal, Streams, Events);
        var ended = 0;
        while (!writing.IsCompleted)
        {
            await TestServer.ExecuteAsync(
                address.Connection,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aime' AND datname = current_database()"
            );
            ended++;
            await Task.WhenAny(writing, Task.Delay(15));
        }

        await writing;
        ended.ShouldBeGreaterThan(1);
        await ShouldHold(journal, Streams, Events);
    }

    [SlowFact]
    public async Task A_server_that_is_killed_and_started_again_costs_time_and_no_event()
    {
        await using var server = await TestServer.OwnAsync();
        Skip.If(server is null, TestServer.Missing);
        await using var journal = await OpenAsync((PostgresAddress)StoreAddress.Parse(await server.NewDatabaseAsync(), Path.GetTempPath()));
        const int Streams = 40,
            Events = 60;
        var writing = WriteAllAsync(journal, Streams, Events);
        for (var kill = 0; kill < 3; kill++)
        {
            var before = journal.Transactions;
            await Until(() => Task.FromResult(writing.IsCompleted || journal.Transactions > before + 4));
            await server.StopImmediatelyAsync();
            await server.StartAgainAsync();
        }

        await writing;
        await ShouldHold(journal, Streams, Events);
    }

    [SlowFact]
    public async Task A_reading_whose_connection_is_lost_goes_on_from_where_it_was()
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await OpenAsync(address);
        await journal.Append(A, 1, 3000);
        foreach (var reading in new[] { journal.ReadAsync(A, 1, long.MaxValue, None), journal.ReadAllAsync(0, None) })
        {
            var read = new List<long>();
            await foreach (var row in reading)
            {
                read.Add(row.SequenceNumber);
                if (read.Count is 10 or 700)
                    await TestServer.ExecuteAsync(
                        address.Connection,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aime' AND datname = current_database()"
                    );
            }

            read.ShouldBe(Enumerable.Range(1, 3000).Select(n => (long)n));
        }
    }

    [SlowFact]
    public async Task A_server_that_stays_away_is_waited_for_only_so_long_and_then_named()
    {
        await using var server = await TestServer.OwnAsync();
        Skip.If(server is null, TestServer.Missing);
        var address = (PostgresAddress)StoreAddress.Parse($"{await server.NewDatabaseAsync()};Password=sesame", Path.GetTempPath());
        await using var journal = await OpenAsync(address, Quick with { Patience = TimeSpan.FromMilliseconds(300) });
        await journal.Append(A, 1, 1);
        await server.StopImmediatelyAsync();

        var clock = Stopwatch.StartNew();
        var writing = await Should.ThrowAsync<JournalException>(() => journal.Append(A, 2, 2));
        var reading = await Should.ThrowAsync<JournalException>(() => journal.Numbers(A));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        foreach (var message in new[] { writing.Message, reading.Message })
        {
            message.ShouldContain(address.Place);
            message.ShouldContain("run the same command again");
            message.ShouldNotContain("sesame");
        }

        await server.StartAgainAsync();
        await journal.Append(A, 2, 2);
        (await journal.Numbers(A)).ShouldBe([1, 2]);
    }

    [SlowFact]
    public async Task Two_processes_that_write_the_same_streams_never_interleave_and_spoil_no_third()
    {
        var address = await database.NewSchemaAsync();
        await using var one = await OpenAsync(address);
        await using var other = await OpenAsync(address);
        for (var round = 0; round < 15; round++)
        {
            var streams = Enumerable.Range(0, 30).Select(n => Stream($"r{round}s{n}")).ToArray();
            var (mine, theirs) = (Race(one, "one", streams), Race(other, "other", streams));
            var own = Task.WhenAll(Enumerable.Range(0, 30).Select(n => one.Append(Stream($"r{round}own{n}"), 1, 1)));
            var wins = (await mine).Zip(await theirs).ToArray();
            await own;

            wins.ShouldAllBe(w => w.First ^ w.Second, "one of the two and not both");
            for (var n = 0; n < streams.Length; n++)
                (await one.Rows(streams[n])).Select(r => r.Writer.Value).ShouldBe(Enumerable.Repeat(wins[n].First ? "one" : "other", 2));
        }

        static async Task<bool[]> Race(PostgresJournal journal, string writer, PersistenceId[] streams) =>
            await Task.WhenAll(
                streams.Select(s =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            await journal.AppendAsync(s, new WriterId(writer), Entries(1, 2), None);
                            return true;
                        }
                        catch (SecondWriterException)
                        {
                            return false;
                        }
                    })
                )
            );
    }

    [SlowFact]
    public async Task A_stream_that_another_process_went_on_with_is_gone_on_with_again()
    {
        var address = await database.NewSchemaAsync();
        await using var one = await OpenAsync(address);
        await using var other = await OpenAsync(address);
        await one.Append(A, 1, 2);
        await other.Append(A, 3, 5);
        await one.Append(A, 6, 6); // what it remembers of the stream is old, and that is no gap
        await Should.ThrowAsync<SecondWriterException>(() => other.Append(A, 6, 6));
        (await one.Numbers(A)).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [SlowFact]
    public async Task A_stream_of_which_nothing_was_remembered_still_refuses_a_gap()
    {
        await using var journal = await OpenAsync(await database.NewSchemaAsync());
        await journal.Append(A, 1, 1);
        (await Should.ThrowAsync<SecondWriterException>(() => journal.Append(B, 2, 2))).Message.ShouldContain("gap");
    }

    [SlowFact]
    public async Task Streams_that_a_writer_had_no_room_to_remember_are_gone_on_with_all_the_same()
    {
        await using var journal = await OpenAsync(await database.NewSchemaAsync(), Quick with { Remembered = 3 });
        await WriteAllAsync(journal, streams: 20, events: 5);
        await ShouldHold(journal, streams: 20, events: 5);
        (await Should.ThrowAsync<SecondWriterException>(() => journal.Append(Stream("s7"), 7, 7))).Message.ShouldContain("gap after 5");
    }

    private static Task<PostgresJournal> OpenAsync(PostgresAddress address, PostgresSettings? settings = null) =>
        PostgresJournal.OpenAsync(address, new FakeClock(), settings ?? Quick, None);

    private static Task Marked(PostgresJournal journal, PersistenceId stream, long number) =>
        journal.AppendAsync(stream, Writer, [Entry(number, "marked")], None);

    private static Task WriteAllAsync(PostgresJournal journal, int streams, int events) =>
        Task.WhenAll(
            Enumerable
                .Range(0, streams)
                .Select(s =>
                    Task.Run(async () =>
                    {
                        for (var n = 1; n <= events; n++)
                            await journal.AppendAsync(Stream($"s{s}"), Writer, [Entry(n, $"{s}:{n}")], None);
                    })
                )
        );

    private static async Task ShouldHold(PostgresJournal journal, int streams, int events)
    {
        for (var s = 0; s < streams; s++)
        {
            var rows = await journal.Rows(Stream($"s{s}"));
            rows.Select(r => r.SequenceNumber).ShouldBe(Enumerable.Range(1, events).Select(n => (long)n));
            rows.Select(r => Encoding.UTF8.GetString(r.Message.Span)).ShouldBe(Enumerable.Range(1, events).Select(n => $"{s}:{n}"));
        }

        (await journal.ReadAllAsync(0, None).ToListAsync()).Count.ShouldBe(streams * events);
        (await journal.ReadAllAsync(0, None).ToListAsync()).Count.ShouldBe(streams * events);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var looks = 0; !await holds(); looks++)
        {
            looks.ShouldBeLessThan(6000, "it never came to it");
            await Task.Delay(5);
        }
    }
}
