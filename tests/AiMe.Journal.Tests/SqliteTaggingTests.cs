using AiMe.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>Where many append at once their tags are written later, and nobody who reads by a tag can tell.</summary>
public sealed class SqliteTaggingTests : IDisposable
{
    private const int Many = 40;
    private readonly TemporaryDirectory _directory = new();
    private readonly AlarmClock _clock = new();

    private string Db => _directory["journal.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_few_appends_tag_their_rows_at_once()
    {
        await using var journal = await Open(Db);
        await AppendAsync(journal, Tagging.Busy - 1);
        (Number("SELECT count(*) FROM aime_untagged"), Number("SELECT count(*) FROM tags")).ShouldBe((0, 4 * (Tagging.Busy - 1)));
    }

    [Fact]
    public async Task Of_many_at_once_the_tags_wait_and_a_reader_finds_them_all_the_same()
    {
        await using var journal = await Open(Db);
        await AppendAsync(journal, Many);
        (Number("SELECT count(*) FROM aime_untagged"), Number("SELECT count(*) FROM tags")).ShouldBe((Many, 0));

        (await journal.Tagged("run")).Select(row => row.Ordering).ShouldBe(Enumerable.Range(1, 2 * Many).Select(n => (long)n));
        (await journal.Tagged("run", after: 2 * Many - 1)).Count.ShouldBe(1);
        (await journal.Tagged("run/s7")).Select(row => row.PersistenceId).ShouldBe([Stream("s7"), Stream("s7")]);
    }

    [Fact]
    public async Task When_nobody_has_come_for_a_while_they_are_written()
    {
        await using var journal = await Open(Db);
        await AppendAsync(journal, Many);
        SpinWait.SpinUntil(() => _clock.Alarms > 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        _clock.Ring();
        SpinWait.SpinUntil(() => Number("SELECT count(*) FROM aime_untagged") == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        await IsWholeAsync(journal, Many);
    }

    [Fact]
    public async Task The_next_append_that_comes_alone_writes_them_before_its_own()
    {
        await using var journal = await Open(Db);
        await AppendAsync(journal, Many);
        await journal.Append(Stream("s0"), 3, 3, "run", "run/s0");
        Number("SELECT count(*) FROM aime_untagged").ShouldBe(0);
        Number("SELECT max(ordering_id) FROM tags").ShouldBe(2 * Many + 1);
        (await journal.Tagged("run")).Count.ShouldBe(2 * Many + 1);
    }

    [Fact]
    public async Task Closing_writes_them()
    {
        await using (var journal = await Open(Db))
            await AppendAsync(journal, Many);
        Number("SELECT count(*) FROM aime_untagged").ShouldBe(0);
        Number("SELECT count(*) FROM tags").ShouldBe(4 * Many);
    }

    [Fact]
    public async Task Closing_while_another_process_has_the_file_locked_leaves_them_to_the_next_one()
    {
        var journal = await OpenImpatient();
        await AppendAsync(journal, Many);
        using (var other = Connection(Db))
        {
            Execute(other, "BEGIN IMMEDIATE");
            await journal.DisposeAsync();
            Execute(other, "ROLLBACK");
        }

        Number("SELECT count(*) FROM aime_untagged").ShouldBe(Many);
        await using var next = await Open(Db);
        await next.Append(Stream("new"), 1, 1, "run");
        await IsWholeAsync(next, Many);
    }

    [Fact]
    public async Task A_transaction_that_could_not_begin_forgets_none_of_them()
    {
        await using var journal = await OpenImpatient();
        await AppendAsync(journal, Many);
        using (var other = Connection(Db))
        {
            Execute(other, "BEGIN IMMEDIATE");
            (await Should.ThrowAsync<JournalException>(() => journal.Append(Stream("s0"), 3, 3, "run"))).Message.ShouldContain("locked by another process");
            Execute(other, "ROLLBACK");
        }

        await journal.Append(Stream("s0"), 3, 3, "run");
        Number("SELECT count(*) FROM aime_untagged").ShouldBe(0);
        await IsWholeAsync(journal, Many);
    }

    [Fact]
    public async Task Appends_after_which_they_cannot_be_written_in_between_fail_and_write_nothing()
    {
        await using var journal = await Open(Db);
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON tags BEGIN SELECT RAISE(ABORT, 'no tags today'); END");
        (await Should.ThrowAsync<JournalException>(VeryMany)).Message.ShouldContain("no tags today");
        (Number("SELECT count(*) FROM journal"), Number("SELECT count(*) FROM aime_untagged")).ShouldBe((0, 0));

        Execute("DROP TRIGGER refuse");
        await VeryMany();
        Number("SELECT count(*) FROM tags").ShouldBe(40 * 300);

        Task VeryMany() => journal.Behind(Enumerable.Range(0, 40).Select<int, Func<Task>>(s => () => journal.Append(Stream($"s{s}"), 1, 300, "run")));
    }

    [Fact]
    public async Task A_process_that_is_killed_leaves_them_to_the_next_one()
    {
        await using var killed = await Open(Db);
        await AppendAsync(killed, Many);
        File.Copy(Db, _directory["left.db"]);
        File.Copy($"{Db}-wal", _directory["left.db-wal"]);

        await using (var left = await Open(_directory["left.db"]))
        {
            (await left.Tagged("run")).Count.ShouldBe(2 * Many);
            await left.Append(Stream("new"), 1, 1, "run");
            await IsWholeAsync(left, Many, _directory["left.db"]);
        }
    }

    [Fact]
    public async Task Another_process_s_are_written_before_one_s_own()
    {
        await using var first = await Open(Db);
        await using var second = await Open(Db);
        await AppendAsync(first, Many);
        await second.Append(Stream("other"), 1, 1, "run");
        Number("SELECT count(*) FROM aime_untagged").ShouldBe(0);
        await AppendAsync(first, Many, from: 3);
        (await second.Tagged("run")).Count.ShouldBe(4 * Many + 1);
    }

    [Fact]
    public async Task Where_ever_so_many_come_they_are_written_in_between()
    {
        await using var journal = await Open(Db);
        await journal.Behind(Enumerable.Range(0, 40).Select<int, Func<Task>>(s => () => journal.Append(Stream($"s{s}"), 1, 300, "run")));
        SpinWait.SpinUntil(() => Number("SELECT count(*) FROM aime_untagged") == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        Number("SELECT count(*) FROM tags").ShouldBe(40 * 300);
    }

    [Fact]
    public async Task A_file_without_the_table_is_read_and_gets_it_when_it_is_written()
    {
        await using (var journal = await Open(Db))
            await journal.Append(Stream("a"), 1, 2, "run");
        Execute("DROP TABLE aime_untagged");
        Execute("PRAGMA user_version=1");

        await using (var reader = SqliteJournal.OpenReadOnly(Db))
            (await reader.Tagged("run")).Count.ShouldBe(2);
        await using var writer = await Open(Db);
        await AppendAsync(writer, Many);
        (await writer.Tagged("run")).Count.ShouldBe(2 * Many + 2);
    }

    // Two events in each of so many streams, all in one transaction.
    private static Task AppendAsync(SqliteJournal journal, int streams, int from = 1) =>
        journal.Behind(Enumerable.Range(0, streams).Select<int, Func<Task>>(s => () => journal.Append(Stream($"s{s}"), from, from + 1, "run", $"run/s{s}")));

    // Each event bears the tag, with its own stream and number, and in the order of the journal.
    private async Task IsWholeAsync(SqliteJournal journal, int streams, string? file = null)
    {
        Number("SELECT count(*) FROM tags t JOIN journal j ON j.ordering = t.ordering_id AND j.persistence_id = t.persistence_id AND j.sequence_number = t.sequence_nr WHERE t.tag = 'run' AND t.ordering_id <= " + 2 * streams, file)
            .ShouldBe(2 * streams);
        (await journal.Tagged("run/s3")).Count.ShouldBe(2);
    }

    private Task<SqliteJournal> Open(string path) => SqliteJournal.OpenAsync(path, _clock, None);

    // It does not wait for a lock.
    private async Task<SqliteJournal> OpenImpatient()
    {
        var journal = await Open(Db);
        await journal.WriteAsync(0, s => s.Session.Number("PRAGMA busy_timeout=0"), None);
        return journal;
    }

    private long Number(string sql, string? file = null)
    {
        using var connection = Connection(file ?? Db);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string sql)
    {
        using var connection = Connection(Db);
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Connection(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        return connection;
    }
}
