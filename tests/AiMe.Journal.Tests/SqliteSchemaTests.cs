using System.Text.RegularExpressions;
using AiMe.EventSourcing;
using AiMe.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>The file as other programs see it: Akka.Persistence.Sql's tables, and plain SQL.</summary>
public sealed partial class SqliteSchemaTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory["journal.db"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(
        "journal",
        "CREATE TABLE journal( ordering INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, created BigInt NOT NULL, deleted Bit NOT NULL, persistence_id NVarChar(255) NOT NULL, sequence_number BigInt NOT NULL, message VarBinary NOT NULL, manifest NVarChar(500) NULL, identifier INTEGER NULL, writer_uuid NVarChar(128) NULL)"
    )]
    [InlineData("journal_uq", "CREATE UNIQUE INDEX journal_uq ON journal(persistence_id, sequence_number)")]
    [InlineData("journal_created_idx", "CREATE INDEX journal_created_idx ON journal(created)")]
    [InlineData("journal_sequence_number_idx", "CREATE INDEX journal_sequence_number_idx ON journal(sequence_number)")]
    [InlineData(
        "tags",
        "CREATE TABLE tags( ordering_id INTEGER NOT NULL, tag NVarChar(64) NOT NULL, sequence_nr INTEGER NOT NULL, persistence_id NVarChar(255) NOT NULL, CONSTRAINT PK_tags PRIMARY KEY (ordering_id, tag))"
    )]
    [InlineData(
        "tags_persistence_id_sequence_nr_idx",
        "CREATE INDEX tags_persistence_id_sequence_nr_idx ON tags(persistence_id, sequence_nr)"
    )]
    [InlineData("tags_tag_idx", "CREATE INDEX tags_tag_idx ON tags(tag)")]
    [InlineData(
        "snapshot",
        "CREATE TABLE snapshot( persistence_id NVarChar(255) NOT NULL, sequence_number BigInt NOT NULL, created BigInt NOT NULL, snapshot VarBinary NULL, manifest NVarChar(500) NULL, serializer_id INTEGER NULL, CONSTRAINT PK_snapshot PRIMARY KEY (persistence_id, sequence_number))"
    )]
    [InlineData("snapshot_sequence_number_idx", "CREATE INDEX snapshot_sequence_number_idx ON snapshot(sequence_number)")]
    [InlineData("snapshot_created_idx", "CREATE INDEX snapshot_created_idx ON snapshot(created)")]
    public async Task The_tables_and_indices_are_those_of_Akka_Persistence_Sql(string name, string expected)
    {
        await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), None);
        Blanks().Replace(Query($"SELECT sql FROM sqlite_master WHERE name = '{name}'").ShouldHaveSingleItem(), " ").ShouldBe(expected);
    }

    [Fact]
    public async Task Beside_them_stand_only_tables_of_ours()
    {
        await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), None);
        Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
            .ShouldBe(["aime_inbox", "aime_owner", "journal", "snapshot", "tags"]);
    }

    [Fact]
    public async Task A_row_names_our_serializer_the_writer_and_the_time_in_ticks_and_bears_no_tag()
    {
        await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), None);
        await journal.Append(Stream("a"), 1, 1);
        Query("SELECT created || ' ' || deleted || ' ' || identifier || ' ' || writer_uuid || ' ' || typeof(message) FROM journal")
            .ShouldBe([$"{new FakeClock().Now.UtcTicks} 0 {SqliteJournal.SerializerId} writer-1 blob"]);
        Query("SELECT tag FROM tags").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_snapshot_names_our_serializer()
    {
        await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), None);
        await ((ISnapshots)journal).SaveAsync(Stream("a"), 1, "memory.state@1", default, None);
        Query("SELECT serializer_id FROM snapshot").ShouldBe([$"{SqliteJournal.SerializerId}"]);
    }

    [Fact]
    public void The_serializer_s_number_never_changes() => SqliteJournal.SerializerId.ShouldBe(174_201);

    [Fact]
    public async Task A_deleted_row_stays_as_a_tombstone()
    {
        await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), None);
        await journal.Append(Stream("a"), 1, 3);
        await journal.DeleteAsync(Stream("a"), 2, None);
        Query("SELECT sequence_number || ':' || deleted FROM journal ORDER BY 1").ShouldBe(["1:1", "2:1", "3:0"]);
    }

    [Fact]
    public async Task A_view_reads_an_instance_with_plain_SQL()
    {
        var settings = SqliteSettings.Default with
        {
            Views = ["CREATE VIEW IF NOT EXISTS numbers AS SELECT json_extract(CAST(message AS TEXT), '$.n') AS n FROM journal"],
        };
        for (var opened = 0; opened < 2; opened++)
        {
            await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), settings, None);
            await journal.Append(Stream($"s{opened}"), 1, 2);
        }

        Query("SELECT n FROM numbers ORDER BY n").ShouldBe(["1", "1", "2", "2"]);
    }

    [Fact]
    public async Task Every_commit_is_synced_and_goes_to_a_write_ahead_log()
    {
        await using var journal = await SqliteJournal.OpenAsync(File, new FakeClock(), None);
        Query("PRAGMA journal_mode").ShouldBe(["wal"]);
        (await journal.WriteAsync(0, s => s.Session.Number("PRAGMA synchronous"), None)).ShouldBe(2);
    }

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
