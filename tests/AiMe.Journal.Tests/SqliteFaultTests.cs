using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>What a bad path, a bad file or a bad day gives: a message that names the path and says what to do.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private static readonly PersistenceId A = Stream("a");
    private static readonly SqliteSettings Impatient = SqliteSettings.Default with { BusyTimeout = TimeSpan.FromSeconds(1) };
    private readonly TemporaryDirectory _directory = new();

    private string Db => _directory["journal.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("These are my notes. ", 100));
        await File.WriteAllTextAsync(Db, text);
        (await Refused()).ShouldBe($"{Db} is not a SQLite database: move the file away or choose another --store.");
        (await File.ReadAllTextAsync(Db)).ShouldBe(text);
        Should.Throw<JournalException>(() => SqliteJournal.OpenReadOnly(Db)).Message.ShouldContain("not a SQLite database");
    }

    [Fact]
    public async Task A_directory_in_the_file_s_place_is_refused()
    {
        Directory.CreateDirectory(Db);
        (await Refused()).ShouldContain($"{Db} cannot be opened");
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_not_created()
    {
        var missing = _directory["missing/journal.db"];
        (await Should.ThrowAsync<JournalException>(() => SqliteJournal.OpenAsync(missing, new FakeClock(), None))).Message.ShouldContain(
            missing
        );
        Directory.Exists(_directory["missing"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_later_release_s_file_is_refused_with_both_versions()
    {
        Run("CREATE TABLE journal(ordering INTEGER PRIMARY KEY)", "PRAGMA user_version=7");
        (await Refused()).ShouldContain("later release (schema 7; this build knows 2)");
    }

    [Fact]
    public async Task Another_program_s_database_is_refused_and_left_alone()
    {
        Run("CREATE TABLE recipes(name TEXT)");
        (await Refused()).ShouldContain("another program's tables (recipes)");
        Run("CREATE TABLE journal(name TEXT)"); // Not even switched to another journal mode: the file still opens and has no table of ours.
    }

    [Fact]
    public async Task Another_schema_is_refused_naming_the_columns_that_are_missing()
    {
        Run(
            "CREATE TABLE journal(ordering INTEGER PRIMARY KEY, persistence_id TEXT, sequence_number INTEGER, created INTEGER, deleted INTEGER, message BLOB, manifest TEXT)"
        );
        (await Refused()).ShouldContain("table journal lacks identifier, writer_uuid");
    }

    [Fact]
    public async Task A_database_locked_by_another_process_is_reported_and_can_be_used_afterwards()
    {
        await using var journal = await SqliteJournal.OpenAsync(Db, new FakeClock(), Impatient, None);
        using (var other = Connect())
        {
            Execute(other, "BEGIN IMMEDIATE");
            (await Should.ThrowAsync<JournalException>(() => journal.Append(A, 1, 1))).Message.ShouldBe(
                $"The journal {Db} is locked by another process: wait for it or stop it, then run the same command again."
            );
            (await Refused()).ShouldContain("locked by another process");
            Execute(other, "ROLLBACK");
        }

        await journal.Append(A, 1, 1);
    }

    [Fact]
    public async Task A_full_disk_fails_the_append_keeps_what_was_acknowledged_and_is_over_when_there_is_space()
    {
        await using var journal = await SqliteJournal.OpenAsync(Db, new FakeClock(), None);
        await journal.Append(A, 1, 1);
        await journal.WriteAsync(0, s => s.Session.Number("PRAGMA max_page_count=30"), None);
        var large = new JournalEntry(2, "test.happened@1", new byte[1 << 20]);
        (await Should.ThrowAsync<JournalException>(() => journal.AppendAsync(A, Writer, [large], None))).Message.ShouldContain(
            $"The disk that holds the journal {Db} is full"
        );

        (await journal.Numbers(A)).ShouldBe([1]);
        await journal.WriteAsync(0, s => s.Session.Number("PRAGMA max_page_count=1000000"), None);
        await journal.AppendAsync(A, Writer, [large], None);
        (await journal.Numbers(A)).ShouldBe([1, 2]);
    }

    [Fact]
    public void Opening_for_reading_creates_nothing()
    {
        Should
            .Throw<JournalException>(() => SqliteJournal.OpenReadOnly(Db))
            .Message.ShouldBe($"There is no journal at {Db}: name the store of an existing run.");
        Directory.EnumerateFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    [Fact]
    public void An_empty_file_holds_no_journal_to_read()
    {
        File.WriteAllBytes(Db, []);
        Should.Throw<JournalException>(() => SqliteJournal.OpenReadOnly(Db)).Message.ShouldContain("has no journal");
    }

    [Fact]
    public async Task A_journal_opened_for_reading_reads_beside_the_writer_and_writing_to_it_is_a_bug()
    {
        await using var writing = await SqliteJournal.OpenAsync(Db, new FakeClock(), None);
        await writing.Append(A, 1, 1);
        await using var reading = SqliteJournal.OpenReadOnly(Db);
        (await reading.Numbers(A)).ShouldBe([1]);
        await writing.Append(A, 2, 2);
        (await reading.Numbers(A)).ShouldBe([1, 2]);
        await Should.ThrowAsync<InvalidOperationException>(async () => await reading.Append(A, 3, 3));
    }

    [Fact]
    public async Task Reading_leaves_no_files_behind()
    {
        await using (var writing = await SqliteJournal.OpenAsync(Db, new FakeClock(), None))
            await writing.Append(A, 1, 1);
        await using (var reading = SqliteJournal.OpenReadOnly(Db))
            (await reading.Numbers(A)).ShouldBe([1]);
        Directory.EnumerateFiles(_directory.Path).Select(Path.GetFileName).ShouldBe(["journal.db"]);
    }

    [Fact]
    public async Task A_damaged_page_is_reported_with_the_file_s_name()
    {
        await using (var writing = await SqliteJournal.OpenAsync(Db, new FakeClock(), None))
            await writing.Append(A, 1, 2000);
        var bytes = await File.ReadAllBytesAsync(Db);
        for (var page = 2; page < bytes.Length / 4096; page++)
            bytes.AsSpan(page * 4096, 64).Fill(0xFF);
        await File.WriteAllBytesAsync(Db, bytes);

        var damaged = await Should.ThrowAsync<JournalException>(async () =>
        {
            await using var reading = SqliteJournal.OpenReadOnly(Db);
            await reading.Numbers(A);
        });
        damaged.Message.ShouldContain($"The journal {Db} is damaged");
    }

    [Theory]
    [InlineData(8, "make the file and its directory writable")]
    [InlineData(5, "locked by another process")]
    [InlineData(10, "check the disk")]
    [InlineData(13, "free some space")]
    [InlineData(14, "cannot be opened")]
    [InlineData(1, "SQLite code 1")]
    public void Every_error_of_SQLite_names_the_path_and_says_what_to_do(int code, string says)
    {
        var fault = SqliteFaults.Of(new SqliteException("text", code), "/data/run/journal.db");
        fault.Message.ShouldContain(says);
        fault.Message.ShouldContain("/data/run/journal.db");
    }

    [SkippableFact]
    public async Task A_file_that_may_not_be_written_is_refused_for_writing_and_read_all_the_same()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "File modes bind neither Windows nor root.");
        await using (var writing = await SqliteJournal.OpenAsync(Db, new FakeClock(), None))
            await writing.Append(A, 1, 1);
        Allow(Db, UnixFileMode.UserRead);
        Allow(_directory.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            (await Refused()).ShouldContain("writable");
            await using var reading = SqliteJournal.OpenReadOnly(Db);
            (await reading.Numbers(A)).ShouldBe([1]);
        }
        finally
        {
            Allow(_directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    private async Task<string> Refused() =>
        (await Should.ThrowAsync<JournalException>(() => SqliteJournal.OpenAsync(Db, new FakeClock(), Impatient, None))).Message;

    private void Run(params string[] statements)
    {
        using var connection = Connect();
        foreach (var sql in statements)
            Execute(connection, sql);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Db};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
