using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Hosts;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using Npgsql;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>A server that is away for longer than a moment: everything waits for it, that is told once, and everything goes on.</summary>
public sealed class PostgresOutageTests(Database database) : IClassFixture<Database>
{
    private const string EndOurs =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aime' AND datname = current_database()";

    private static readonly PersistenceId A = Stream("a"),
        B = Stream("b");
    private static readonly OwnerInfo Here = new("alpha", 1, "s", Writer);

    private readonly OutageLog _log = new();

    private PostgresSettings Quick =>
        new()
        {
            FirstPause = TimeSpan.FromMilliseconds(5),
            LongestPause = TimeSpan.FromMilliseconds(100),
            Patience = TimeSpan.FromMinutes(1),
            Outages = _log,
        };

    // A pause that only what is tested can end.
    private PostgresSettings Endless =>
        new()
        {
            FirstPause = TimeSpan.FromHours(1),
            Patience = TimeSpan.FromHours(2),
            Outages = _log,
        };

    [SlowFact]
    public async Task Whatever_is_under_way_outlives_an_outage_and_it_is_told_once()
    {
        await using var server = await OwnAsync();
        using var directory = new TemporaryDirectory();
        await using var store = await OpenAsync(Address(await server.NewDatabaseAsync(), directory.Path), Quick);
        using var load = new Load(store, await store.Ownership.ClaimAsync(["run", "run/a"], Here, None));

        await load.MovesAsync();
        await server.StopImmediatelyAsync();
        await Until(() => _log.Told.Length == 1);
        await server.StartAgainAsync();
        await load.MovesAsync();
        await load.EndAsync();

        _log.Told.ShouldBe([$"away {store.Address.Place}", $"back {store.Address.Place}"]);
        await load.ShouldHoldAsync();
        (await store.Ownership.FindAsync("run", None)).ShouldNotBeNull().Epoch.ShouldBe(1);
    }

    [SlowFact]
    public async Task A_connection_that_is_lost_alone_is_no_outage()
    {
        var address = await database.NewSchemaAsync();
        await using var store = await OpenAsync(address, Quick);
        for (var n = 1; n <= 5; n++)
        {
            await store.Journal.Append(A, n, n);
            await TestServer.ExecuteAsync(address.Connection, EndOurs);
        }

        (await store.Journal.Numbers(A)).ShouldBe([1, 2, 3, 4, 5]);
        _log.Told.ShouldBeEmpty();
    }

    [SlowFact]
    public async Task A_server_that_gives_no_answer_is_told_before_the_attempt_has_failed()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var store = await OpenAsync(Address($"{wire.Address.Connection};Timeout=1000", wire.Address.Root), Quick);
        await store.Journal.Append(A, 1, 1);
        await store.Journal.HighestSequenceNumberAsync(A, None); // leaves a connection that is lost
        wire.Hangs = true;
        wire.CutAll();
        using var cancellation = new CancellationTokenSource();
        var reading = store.Journal.HighestSequenceNumberAsync(A, cancellation.Token);
        await Until(() => _log.Told.Length == 1);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading);
    }

    [SlowFact]
    public async Task Patience_that_has_run_out_names_the_server_the_time_and_what_to_do_and_all_give_up_together()
    {
        await using var server = await OwnAsync();
        using var directory = new TemporaryDirectory();
        var address = Address($"{await server.NewDatabaseAsync()};Password=sesame", directory.Path);
        await using var store = await OpenAsync(address, Quick with { Patience = TimeSpan.FromMilliseconds(300) });
        await store.Journal.Append(A, 1, 1);
        await server.StopImmediatelyAsync();

        Task[] waiting =
        [
            store.Journal.Append(A, 2, 2),
            store.Journal.Numbers(A),
            store.Inbox.WaitingAsync("run", None),
            store.Ownership.FindAsync("x", None),
        ];
        string[] parts =
        [
            address.Place,
            "0.3 s",
            "Connection refused",
            "check that it is running",
            "run the same command again",
            "AIME_STORE_PATIENCE",
        ];
        foreach (var operation in waiting)
        {
            var told = (await Should.ThrowAsync<JournalException>(() => operation)).Message;
            foreach (var part in parts)
                told.ShouldContain(part);
            told.ShouldNotContain("sesame");
        }

        _log.Told.ShouldBe([$"away {address.Place}"]);
        _log.Reason.ShouldBe("Connection refused");
        await server.StartAgainAsync();
        await store.Journal.Append(A, 2, 2);
        (await store.Journal.Numbers(A)).ShouldBe([1, 2]);
        _log.Told.Length.ShouldBe(2);
    }

    [SlowFact]
    public async Task Cancellation_ends_the_wait_of_each_operation_at_once()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var store = await OpenAsync(wire.Address, Endless);
        await store.Journal.Append(A, 1, 1);
        var held = await store.Ownership.ClaimAsync(["x"], Here, None);
        using var cancellation = new CancellationTokenSource();
        var cancelled = cancellation.Token;
        wire.IsDown = true;

        Task[] waiting =
        [
            store.Journal.AppendAsync(B, Writer, Entries(1, 1), cancelled),
            store.Journal.HighestSequenceNumberAsync(A, cancelled),
            store.Snapshots.LoadAsync(A, 1, cancelled),
            store.Snapshots.SaveAsync(A, 1, "memory.state@1", default, cancelled),
            store.Ownership.HeartbeatAsync(held, Writer, cancelled),
            store.Inbox.WaitingAsync("run", cancelled),
            store.Glance.NewestAsync(cancelled),
        ];
        await Until(() => !((PostgresJournal)store.Journal).IsConnected);
        var queued = store.Journal.AppendAsync(B, Writer, Entries(2, 2), cancelled); // the writers wait already
        waiting.ShouldAllBe(w => !w.IsCompleted);
        await cancellation.CancelAsync();

        foreach (var operation in waiting.Append(queued))
            await Should.ThrowAsync<OperationCanceledException>(() => operation);
        wire.IsDown = false;
        (await store.Journal.Numbers(B)).ShouldBeEmpty("what was cancelled has not been written");
    }

    [SlowFact]
    public async Task An_append_that_is_cancelled_while_nobody_knows_whether_it_was_written_says_so()
    {
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var store = await OpenAsync(wire.Address, Endless);
        await store.Journal.Append(A, 1, 1);
        using var cancellation = new CancellationTokenSource();

        wire.CutNextAnswer();
        var writing = store.Journal.AppendAsync(A, Writer, [Entry(2, "marked")], cancellation.Token);
        await Until(() => wire.Cuts == 1 && !((PostgresJournal)store.Journal).IsConnected);
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<JournalException>(() => writing)).Message.ShouldContain("only the stream shows");
        (await store.Journal.Numbers(A)).ShouldBe([1, 2]);
        await store.Journal.Append(A, 3, 3);
    }

    [SlowFact]
    public async Task Whoever_wants_to_wait_no_longer_ends_all_waits_and_nothing_that_needs_none()
    {
        using var giveUp = new CancellationTokenSource();
        await using var wire = new Wire(await database.NewSchemaAsync());
        await using var store = await OpenAsync(wire.Address, Endless with { GiveUp = giveUp.Token });
        await store.Journal.Append(A, 1, 1);
        wire.IsDown = true;
        Task[] waiting = [store.Journal.Append(A, 2, 2), store.Inbox.WaitingAsync("run", None)];
        await Until(() => !((PostgresJournal)store.Journal).IsConnected);
        await giveUp.CancelAsync();

        foreach (var operation in waiting)
            (await Should.ThrowAsync<JournalException>(() => operation)).Message.ShouldContain("is still unreachable");
        await Should.ThrowAsync<JournalException>(() => store.Journal.Append(A, 2, 2));
        wire.IsDown = false;
        await store.Journal.Append(A, 2, 2);
    }

    [SlowFact]
    public async Task Several_hosts_that_are_all_away_are_waited_for_like_one()
    {
        await using var server = await OwnAsync();
        using var directory = new TemporaryDirectory();
        var connection = new NpgsqlConnectionStringBuilder(await server.NewDatabaseAsync());
        connection.Host = $"127.0.0.1:1,127.0.0.1:{connection.Port}";
        await using var store = await OpenAsync(Address(connection.ConnectionString, directory.Path), Quick);
        await store.Journal.Append(A, 1, 1);
        await server.StopImmediatelyAsync();
        Task[] waiting = [store.Journal.Append(A, 2, 2), store.Journal.Numbers(A)];
        await Until(() => _log.Told.Length == 1);
        await server.StartAgainAsync();
        await Task.WhenAll(waiting);
        (await store.Journal.Numbers(A)).ShouldBe([1, 2]);
    }

    [SlowFact]
    public async Task A_loss_that_the_driver_notices_while_nobody_writes_fails_no_append()
    {
        var address = await database.NewSchemaAsync();
        await using var store = await OpenAsync(Address($"{address.Connection};Keepalive=1", address.Root), Quick);
        await store.Journal.Append(A, 1, 1);
        await TestServer.ExecuteAsync(address.Connection, EndOurs);
        await Until(() => !((PostgresJournal)store.Journal).IsConnected);
        await store.Journal.Append(A, 2, 2);
        (await store.Journal.Numbers(A)).ShouldBe([1, 2]);
    }

    internal static async Task<TestServer> OwnAsync()
    {
        var server = await TestServer.OwnAsync();
        Skip.If(server is null, TestServer.Missing);
        return server;
    }

    internal static PostgresAddress Address(string connection, string blobs) => (PostgresAddress)StoreAddress.Parse(connection, blobs);

    private static Task<EventStore> OpenAsync(PostgresAddress address, PostgresSettings settings) =>
        EventStore.OpenAsync(address, new FakeClock(), new StoreSettings { Postgres = settings }, (_, _) => true, None);

    private static async Task Until(Func<bool> holds)
    {
        for (var waited = Stopwatch.StartNew(); !holds(); await Task.Yield())
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), "it never came to it");
    }

    /// <summary>All kinds of operations, each again and again.</summary>
    private sealed class Load : IDisposable
    {
        private const int Streams = 8;

        private readonly EventStore _store;
        private readonly CancellationTokenSource _over = new();
        private readonly int[] _done = new int[5];
        private readonly Task[] _work;

        public Load(EventStore store, ImmutableArray<Owned> held)
        {
            _store = store;
            _work =
            [
                .. Enumerable.Range(0, Streams).Select(s => AgainAsync(0, n => AppendAsync(s, n))),
                AgainAsync(1, async _ => Count(await store.Journal.Rows(Stream("s0")))),
                AgainAsync(2, async _ => (await store.Ownership.HeartbeatAsync(held, Writer, None)).ShouldBeEmpty()),
                AgainAsync(3, LetterAsync),
                AgainAsync(4, n => store.Snapshots.SaveAsync(Stream("s1"), n % 3, "memory.state@1", Encoding.UTF8.GetBytes($"{n}"), None)),
            ];
        }

        /// <summary>Waits until something of each kind has completed that was begun since.</summary>
        public async Task MovesAsync()
        {
            var before = _done.ToArray();
            await Until(() => _work.Any(w => w.IsFaulted) || _done.Zip(before).All(d => d.First > d.Second + Streams));
            await (_work.FirstOrDefault(w => w.IsFaulted) ?? Task.CompletedTask);
        }

        public async Task EndAsync()
        {
            await _over.CancelAsync();
            await Task.WhenAll(_work);
        }

        public async Task ShouldHoldAsync()
        {
            for (var s = 0; s < Streams; s++)
            {
                var rows = await _store.Journal.Rows(Stream($"s{s}"));
                var texts = Enumerable.Range(1, Count(rows)).Select(n => $"{s}:{n}");
                rows.Select(r => Encoding.UTF8.GetString(r.Message.Span)).ShouldBe(texts);
            }

            (await _store.Inbox.WaitingAsync("run", None)).ShouldBeEmpty();
        }

        public void Dispose() => _over.Dispose();

        private static int Count(List<JournalRow> rows)
        {
            rows.Select(r => r.SequenceNumber).ShouldBe(Enumerable.Range(1, rows.Count).Select(n => (long)n));
            return rows.Count;
        }

        private async Task LetterAsync(long n)
        {
            var arrival = $"letter {n}";
            await _store.Inbox.PutAsync("run", [new InboxMessage(arrival, "a", "{}"u8.ToArray(), DateTime.UnixEpoch)], None);
            (await _store.Inbox.WaitingAsync("run", None)).Select(l => l.Arrival).ShouldBe([arrival]);
            (await _store.Inbox.RemoveAsync([arrival], None)).ShouldBe(1);
        }

        private Task AppendAsync(int stream, long n) =>
            _store.Journal.AppendAsync(Stream($"s{stream}"), Writer, [Entry(n, $"{stream}:{n}")], None);

        private Task AgainAsync(int kind, Func<long, Task> work) =>
            Task.Run(async () =>
            {
                for (var n = 1L; !_over.IsCancellationRequested; n++)
                {
                    await work(n);
                    Interlocked.Increment(ref _done[kind]);
                }
            });
    }
}
