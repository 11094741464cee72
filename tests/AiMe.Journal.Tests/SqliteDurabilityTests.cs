using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>What is acknowledged is kept; what shares a transaction does not share a fate.</summary>
public sealed class SqliteDurabilityTests : IDisposable
{
    private static readonly PersistenceId A = Stream("a"),
        B = Stream("b");
    private readonly TemporaryDirectory _directory = new();

    private string Db => _directory["journal.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_written_is_there_when_the_file_is_opened_again()
    {
        await using (var first = await Open(Db))
        {
            await first.Append(A, 1, 3);
            await first.DeleteAsync(A, 1, None);
        }

        await using var second = await Open(Db);
        (await second.Numbers(A)).ShouldBe([2, 3]);
        await second.Append(A, 4, 4);
    }

    [Fact]
    public async Task Closing_moves_the_log_into_the_file()
    {
        await using (var journal = await Open(Db))
            await journal.Append(A, 1, 3);
        File.Exists($"{Db}-wal").ShouldBeFalse();
    }

    [Fact]
    public async Task Closing_writes_what_still_waits()
    {
        var journal = await Open(Db);
        var appends = Enumerable.Range(0, 200).Select(s => journal.Append(Stream($"s{s}"), 1, 1)).ToArray();
        await journal.DisposeAsync();
        await Task.WhenAll(appends);

        await using var again = await Open(Db);
        (await again.PersistenceIdsAsync("", None)).Length.ShouldBe(200);
    }

    [Fact]
    public async Task After_closing_an_append_is_an_error_and_closing_again_is_none()
    {
        var journal = await Open(Db);
        await journal.DisposeAsync();
        await journal.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => journal.Append(A, 1, 1));
    }

    [Fact]
    public async Task A_process_that_is_killed_loses_nothing_that_was_acknowledged()
    {
        await using var killed = await Open(Db);
        await killed.Append(A, 1, 500);
        await killed.Append(B, 1, 1);

        // What the disk holds at this moment is what a kill would leave: nothing is closed, nothing checkpointed.
        File.Copy(Db, _directory["left.db"]);
        File.Copy($"{Db}-wal", _directory["left.db-wal"]);

        await using var left = await Open(_directory["left.db"]);
        (await left.Numbers(A)).Length.ShouldBe(500);
        await left.Append(B, 2, 2);
    }

    [Fact]
    public async Task A_log_cut_off_in_the_middle_of_a_write_loses_only_that_write()
    {
        await using var killed = await Open(Db);
        await killed.Append(A, 1, 1);
        var acknowledged = new FileInfo($"{Db}-wal").Length;
        await killed.Append(A, 2, 2);
        File.Copy(Db, _directory["left.db"]);
        File.WriteAllBytes(_directory["left.db-wal"], ReadShared($"{Db}-wal")[..(int)(acknowledged + 100)]);

        await using var left = await Open(_directory["left.db"]);
        (await left.Numbers(A)).ShouldBe([1]);
    }

    [Fact]
    public async Task Appends_that_wait_together_share_a_transaction()
    {
        await using var journal = await Open(Db);
        var before = journal.Transactions;
        await journal.Behind(Enumerable.Range(0, 500).Select<int, Func<Task>>(s => () => journal.Append(Stream($"s{s}"), 1, 1)));
        (journal.Transactions - before).ShouldBeLessThanOrEqualTo(3);
        (await journal.PersistenceIdsAsync("", None)).Length.ShouldBe(500);
    }

    [Fact]
    public async Task A_conflict_does_not_hurt_those_who_share_its_transaction()
    {
        await using var journal = await Open(Db);
        await journal.Append(A, 1, 1);
        Task? conflict = null,
            gap = null;
        var before = journal.Transactions;
        await journal.Behind([
            () => journal.Append(A, 2, 3),
            () => Kept(conflict = journal.Append(A, 1, 2)),
            () => Kept(gap = journal.Append(B, 2, 2)),
            () => journal.Append(B, 1, 1),
            () => journal.Append(A, 4, 4),
        ]);

        (journal.Transactions - before).ShouldBe(2);
        await Should.ThrowAsync<SecondWriterException>(() => conflict!);
        await Should.ThrowAsync<SecondWriterException>(() => gap!);
        (await journal.Numbers(A)).ShouldBe([1, 2, 3, 4]);
        (await journal.Numbers(B)).ShouldBe([1]);
    }

    [Fact]
    public async Task Cancelling_while_waiting_withdraws_an_append()
    {
        await using var journal = await Open(Db);
        using var cancel = new CancellationTokenSource();
        Task? withdrawn = null;
        await journal.Behind([
            () => Kept(withdrawn = journal.AppendAsync(A, Writer, Entries(1, 1), cancel.Token)),
            () =>
            {
                cancel.Cancel();
                return Task.CompletedTask;
            },
            () => journal.Append(B, 1, 1),
        ]);
        await Should.ThrowAsync<OperationCanceledException>(() => withdrawn!);
        (await journal.HighestSequenceNumberAsync(A, None)).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_process_that_writes_the_same_stream_is_refused_by_whoever_comes_later()
    {
        await using var first = await Open(Db);
        await using var second = await Open(Db);
        await first.Append(A, 1, 2);
        await second.Append(A, 3, 3);
        await Should.ThrowAsync<SecondWriterException>(() => first.Append(A, 3, 3));
        await first.Append(A, 4, 4);
        (await second.Numbers(A)).ShouldBe([1, 2, 3, 4]);
    }

    private static Task<SqliteJournal> Open(string path) => SqliteJournal.OpenAsync(path, new FakeClock(), None);

    private static Task Kept(Task whatever) => whatever.ContinueWith(_ => { }, TaskScheduler.Default);

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
