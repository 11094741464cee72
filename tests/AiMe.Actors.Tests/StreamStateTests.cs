using System.Text;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;

namespace AiMe.Actors.Tests;

public sealed class StreamStateTests
{
    [Fact]
    public async Task A_state_read_back_is_the_fold_of_its_events_with_or_without_snapshots()
    {
        var journal = await LivedAsync();
        foreach (var (at, events) in new SimulatedRun(Plans.TwoVariants()).RunToEnd().Streams.Where(s => s.At != FacultyAddress.Supervisor))
        {
            var faculty = SimulatedRun.FacultyAt(at);
            var expected = events.Aggregate(faculty.Initial, faculty.Evolve);
            foreach (var snapshots in (ISnapshots?[])[journal, null])
            {
                var read = await ReadAsync(journal, at, snapshots);
                Json(faculty, read.State).ShouldBe(Json(faculty, expected), at.ToString());
                read.SequenceNumber.ShouldBe(events.Length);
            }
        }
    }

    [Fact]
    public async Task A_snapshot_spares_the_events_before_it()
    {
        var journal = await LivedAsync();
        journal.Reads.Clear();
        await ReadAsync(journal, new FacultyAddress("kept-1", Loop.Self), journal);
        journal.Reads.Single().From.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(110)]
    [InlineData(-3)]
    public async Task A_snapshot_of_which_any_byte_is_altered_is_passed_over(int at)
    {
        var journal = await LivedAsync();
        var expected = await ReadAsync(journal, new FacultyAddress("kept-1", Loop.Memory), null);
        journal.Loaded = bytes =>
        {
            bytes[at < 0 ? bytes.Length + at : at] ^= 0x15;
            return bytes;
        };
        journal.Reads.Clear();
        var read = await ReadAsync(journal, new FacultyAddress("kept-1", Loop.Memory), journal);
        journal.Reads.Single().From.ShouldBe(1, "the events are the truth");
        Json(Loop.Faculties[1], read.State).ShouldBe(Json(Loop.Faculties[1], expected.State));
    }

    [Fact]
    public async Task A_snapshot_without_a_head_line_or_of_another_form_is_passed_over()
    {
        var journal = await LivedAsync();
        foreach (
            var other in (byte[][])
                [
                    [],
                    "nonsense"u8.ToArray(),
                    "a b c\n{}"u8.ToArray(),
                    "7 zz\n{}"u8.ToArray(),
                ]
        )
        {
            journal.Loaded = _ => other;
            (await ReadAsync(journal, new FacultyAddress("kept-1", Loop.Memory), journal)).SequenceNumber.ShouldBeGreaterThan(20);
        }
    }

    [Fact]
    public async Task An_altered_row_is_told_by_its_ordering()
    {
        var journal = await LivedAsync();
        journal.Read = row => row.SequenceNumber == 7 ? row with { Message = Altered(row.Message) } : row;
        var failure = await Should.ThrowAsync<CorruptJournalException>(ReadAsync(journal, new FacultyAddress("kept-1", Loop.Self), null));
        failure.Message.ShouldContain("(test/kept-1/self, sequence number 7)");
        failure.Message.ShouldMatch(@"^journal row [0-9]+ ");
    }

    [Fact]
    public async Task A_row_that_was_read_is_remembered_but_not_for_other_bytes_another_manifest_or_another_link_before_it()
    {
        var (journal, at, known) = (await LivedAsync(), new FacultyAddress("kept-1", Loop.Self), new RowCache());
        var faculty = SimulatedRun.FacultyAt(at);
        var start = StreamState.Before(faculty);
        await foreach (var row in journal.ReadAsync(PersistenceId.Of("test", at), 1, 1, CancellationToken.None))
        {
            start.Next(faculty, row, FacultyEvents.Codec, known, out var once);
            start.Next(faculty, row, FacultyEvents.Codec, known, out var again);
            again.ShouldBeSameAs(once);
            foreach (
                var (before, other) in ((StreamState, JournalRow)[])
                    [
                        (start, row with { Message = Altered(row.Message) }),
                        (start, row with { Manifest = "self.dreamt@1" }),
                        (start with { Head = Link.Before("other") }, row),
                        (start with { SequenceNumber = 1 }, row with { SequenceNumber = 2 }),
                    ]
            )
                Should.Throw<CorruptJournalException>(() => before.Next(faculty, other, FacultyEvents.Codec, known, out _));
        }
    }

    [Fact]
    public async Task A_row_that_another_store_has_too_is_decoded_once_but_not_for_other_bytes_another_manifest_or_another_link_before_it()
    {
        var (journal, at, shared) = (await LivedAsync(), new FacultyAddress("kept-1", Loop.Self), new SharedCache(capacity: 4));
        var faculty = SimulatedRun.FacultyAt(at);
        var start = StreamState.Before(faculty);
        await foreach (var row in journal.ReadAsync(PersistenceId.Of("test", at), 1, 1, CancellationToken.None))
        {
            List<Event> read = [];
            for (var store = 1; store <= 3; store++)
            {
                start.Next(
                    faculty,
                    row with
                    {
                        Message = row.Message.ToArray(),
                    },
                    FacultyEvents.Codec,
                    new RowCache(shared),
                    out var happened
                );
                read.Add(happened);
            }

            read[2].ShouldBeSameAs(read[1]);
            FacultyEvents.Codec.Write(read[2]).ShouldBe(FacultyEvents.Codec.Write(read[0]));
            foreach (
                var (before, other) in ((StreamState, JournalRow)[])
                    [
                        (start, row with { Message = Altered(row.Message) }),
                        (start, row with { Manifest = "self.dreamt@1" }),
                        (start with { Head = Link.Before("other") }, row),
                        (start with { SequenceNumber = 1 }, row with { SequenceNumber = 2 }),
                    ]
            )
                Should.Throw<CorruptJournalException>(() => before.Next(faculty, other, FacultyEvents.Codec, new RowCache(shared), out _));
        }
    }

    [Fact]
    public async Task A_snapshot_that_another_store_has_too_is_read_once_and_an_altered_one_is_passed_over()
    {
        var (journal, at, shared) = (await LivedAsync(), new FacultyAddress("kept-1", Loop.Memory), new SharedCache(capacity: 4));
        var faculty = SimulatedRun.FacultyAt(at);
        var snapshot = (await ((ISnapshots)journal).LoadAsync(PersistenceId.Of("test", at), long.MaxValue, CancellationToken.None))!;
        StreamState? Read(Snapshot stored) => new RowCache(shared).Of(stored with { State = stored.State.ToArray() }, faculty);

        var (first, second) = (Read(snapshot)!, Read(snapshot)!);
        second.ShouldNotBeSameAs(first);
        Read(snapshot).ShouldBeSameAs(second);
        Read(snapshot with { SequenceNumber = snapshot.SequenceNumber + 1 }).ShouldBeNull();
        for (var i = 0; i < snapshot.State.Length; i++)
        {
            var altered = snapshot.State.ToArray();
            altered[i] ^= 0x10;
            Read(snapshot with { State = altered }).ShouldNotBeSameAs(second);
        }
    }

    [Fact]
    public async Task A_state_read_back_by_what_is_remembered_is_the_same_and_an_altered_snapshot_is_passed_over_all_the_same()
    {
        var (journal, at, known) = (await LivedAsync(), new FacultyAddress("kept-1", Loop.Memory), new RowCache());
        var expected = await ReadAsync(journal, at, null);
        foreach (var alteration in (byte[])[0, 0, 0x15])
        {
            journal.Loaded = bytes =>
            {
                bytes[50] ^= alteration;
                return bytes;
            };
            var read = await StreamFold.ReadAsync(
                SimulatedRun.FacultyAt(at),
                PersistenceId.Of("test", at),
                journal,
                journal,
                FacultyEvents.Codec,
                known,
                CancellationToken.None
            );
            Json(SimulatedRun.FacultyAt(at), read.State).ShouldBe(Json(SimulatedRun.FacultyAt(at), expected.State));
            (read.Head, read.SequenceNumber, read.Index).ShouldBe((expected.Head, expected.SequenceNumber, expected.Index));
        }
    }

    [Fact]
    public async Task A_missing_row_is_told_by_the_one_after_it()
    {
        var journal = await LivedAsync();
        journal.Read = row => row.SequenceNumber == 7 ? null : row;
        (
            await Should.ThrowAsync<CorruptJournalException>(ReadAsync(journal, new FacultyAddress("kept-1", Loop.Self), null))
        ).Message.ShouldContain("sequence number 8 follows 6: rows are missing");
    }

    [Fact]
    public async Task A_row_of_a_manifest_that_nobody_knows_is_told()
    {
        var journal = await LivedAsync();
        journal.Read = row => row.SequenceNumber == 3 ? row with { Manifest = "self.dreamt@1" } : row;
        (
            await Should.ThrowAsync<CorruptJournalException>(ReadAsync(journal, new FacultyAddress("kept-1", Loop.Self), null))
        ).Message.ShouldContain("sequence number 3");
    }

    [Fact]
    public async Task An_instance_with_an_altered_row_is_parked_and_the_others_go_on()
    {
        var journal = new WatchedJournal();
        await using (
            var host = await new TestHost(
                journal,
                new TestEffects
                {
                    Before = async (_, e, c) =>
                    {
                        if (e is GenerateAnswer { Cycle: 3 })
                            await Task.Delay(Timeout.Infinite, c);
                    },
                }
            ).StartAsync()
        )
        {
            while (host.Watcher.Events.Count(e => e.Happened is Prompted { Cycle: 3 }) < 4)
                await Task.Yield();
        }

        journal.Read = row =>
            row.PersistenceId.Value == "test/kept-1/memory" && row.SequenceNumber == 2 ? row with { Message = Altered(row.Message) } : row;
        await using var resumed = await new TestHost(journal).StartAsync();
        var ended = await resumed.EndAsync();
        (ended.Finished, ended.Parked).ShouldBe((2, 2));
        resumed
            .Watcher.Events.Select(e => e.Happened)
            .OfType<InstanceParked>()
            .Single(p => p.Instance == "kept-1")
            .Reason.ShouldContain("test/kept-1/memory, sequence number 2");
    }

    [Fact]
    public async Task An_altered_row_of_the_supervisor_is_told_to_who_starts_the_run()
    {
        var journal = await LivedAsync();
        journal.Loaded = _ => []; // from the first event
        journal.Read = row =>
            row.PersistenceId.Value == "test/supervisor" && row.SequenceNumber == 2 ? row with { Message = Altered(row.Message) } : row;
        await using var host = await new TestHost(journal, with: o => o with { SnapshotEvery = 5 }).StartAsync();
        (await Should.ThrowAsync<CorruptJournalException>(host.EndAsync())).Message.ShouldContain("test/supervisor");
    }

    private static async Task<WatchedJournal> LivedAsync()
    {
        var journal = new WatchedJournal();
        await using var host = await new TestHost(journal, with: o => o with { SnapshotEvery = 5 }).StartAsync();
        await host.EndAsync();
        await host.Runtime.StopAsync(CancellationToken.None);
        return journal;
    }

    private static Task<StreamState> ReadAsync(WatchedJournal journal, FacultyAddress at, ISnapshots? snapshots) =>
        StreamFold.ReadAsync(
            SimulatedRun.FacultyAt(at),
            PersistenceId.Of("test", at),
            journal,
            snapshots,
            FacultyEvents.Codec,
            CancellationToken.None
        );

    private static string Json(FacultyDefinition faculty, object state) => JsonSerializer.Serialize(state, faculty.StateJson);

    private static byte[] Altered(ReadOnlyMemory<byte> message) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message.Span).Replace("\"d\":{", "\"d\":{ ", StringComparison.Ordinal));
}
