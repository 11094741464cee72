using AiMe.EventSourcing;
using Npgsql;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>An ordering is drawn before its transaction commits, so a lower one may appear behind a higher one.</summary>
public sealed class PostgresLateCommitTests(Database database) : IClassFixture<Database>
{
    private static readonly PersistenceId Late = Stream("late"),
        Early = Stream("early");

    [SkippableFact]
    public async Task What_is_newer_than_an_open_transaction_is_not_told_before_it_has_ended()
    {
        await using var store = await OpenAsync();
        await store.Journal.Append(Early, 1, 1);
        var before = await store.Glance.NewestAsync(None);
        await using var open = await OpenTransaction.OfAsync(store, Late, 1);
        await store.Journal.Append(Early, 2, 3);

        (await store.Glance.NewestAsync(None)).ShouldBe(before);
        await open.CommitAsync();

        (await store.Glance.NewestAsync(None)).ShouldBe(before + 3);
        (await store.Glance.BetweenAsync(before, before + 3, "test.happened", None)).Select(w => w.Stream).ShouldBe([Late, Early, Early]);
    }

    [SkippableFact]
    public async Task What_was_undone_leaves_a_hole_that_nobody_waits_for()
    {
        await using var store = await OpenAsync();
        await using (await OpenTransaction.OfAsync(store, Late, 1))
            await store.Journal.Append(Early, 1, 1);
        (await store.Glance.NewestAsync(None)).ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_tail_gives_what_commits_late_when_it_has_committed()
    {
        await using var store = await OpenAsync();
        var tail = new Tail(store);
        await using var open = await OpenTransaction.OfAsync(store, Late, 1);
        await store.Journal.Append(Early, 1, 2);
        (await tail.NextAsync(None).ToListAsync()).ShouldBeEmpty();

        await open.CommitAsync();
        (await tail.NextAsync(None).ToListAsync())
            .Select(r => (r.PersistenceId, r.SequenceNumber))
            .ShouldBe([(Late, 1), (Early, 1), (Early, 2)]);
    }

    [SkippableFact]
    public async Task Reading_on_from_the_newest_ordering_seen_would_miss_it()
    {
        // What the tail is for: this is how a follower that trusts orderings loses a row.
        await using var store = await OpenAsync();
        await using var open = await OpenTransaction.OfAsync(store, Late, 1);
        await store.Journal.Append(Early, 1, 1);
        var last = (await store.Journal.ReadAllAsync(0, None).ToListAsync())[^1].Ordering;
        await open.CommitAsync();
        (await store.Journal.ReadAllAsync(last, None).ToListAsync()).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_projection_rebuilt_while_many_write_and_some_commit_late_misses_nothing()
    {
        await using var store = await OpenAsync();
        const int Streams = 24,
            Events = 50,
            LateStreams = 40;
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, Streams)
                .Select(s =>
                    Task.Run(async () =>
                    {
                        for (var n = 1; n <= Events; n++)
                            await store.Journal.Append(Stream($"s{s}"), n, n);
                    })
                )
        );
        // Each is held open over several commits of the others, and some overlap.
        var late = Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(lane =>
                    Task.Run(async () =>
                    {
                        for (var n = lane; n < LateStreams; n += 4)
                        {
                            await using var open = await OpenTransaction.OfAsync(store, Stream($"late{n}"), 2);
                            await Task.Delay(5 * (lane + 1));
                            await open.CommitAsync();
                        }
                    })
                )
        );

        var (tail, projection, rounds) = (new Tail(store), new Dictionary<PersistenceId, List<long>>(), 0);
        for (var over = false; !over; rounds++)
        {
            over = writing.IsCompleted && late.IsCompleted;
            await foreach (var row in tail.NextAsync(None))
            {
                if (!projection.TryGetValue(row.PersistenceId, out var numbers))
                    projection.Add(row.PersistenceId, numbers = []);
                numbers.Add(row.SequenceNumber);
            }
        }

        await writing;
        await late;
        rounds.ShouldBeGreaterThan(2);
        projection.Count.ShouldBe(Streams + LateStreams);
        for (var s = 0; s < Streams; s++)
            projection[Stream($"s{s}")].ShouldBe(Enumerable.Range(1, Events).Select(n => (long)n));
        for (var n = 0; n < LateStreams; n++)
            projection[Stream($"late{n}")].ShouldBe([1, 2]);
    }

    private async Task<EventStore> OpenAsync() =>
        await EventStore.OpenAsync(
            await database.NewSchemaAsync(Path.Combine(Path.GetTempPath(), "aime-late")),
            new FakeClock(),
            new StoreSettings(),
            (_, _) => true,
            None
        );

    /// <summary>Another program's transaction that has written some events and not ended.</summary>
    private sealed class OpenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public static async Task<OpenTransaction> OfAsync(EventStore store, PersistenceId stream, int events)
        {
            var connection = new NpgsqlConnection(((PostgresAddress)store.Address).Connection);
            await connection.OpenAsync();
            var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(
                "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) SELECT 0, false, $1, n, '{}', 'test.happened@1', 0, 'w' FROM generate_series(1, $2) n",
                connection,
                transaction
            );
            command.Parameters.Add(new() { Value = stream.Value });
            command.Parameters.Add(new() { Value = events });
            await command.ExecuteNonQueryAsync();
            return new(connection, transaction);
        }

        public Task CommitAsync() => transaction.CommitAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
