using AiMe.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests;

/// <summary>Files of earlier releases, whose events bear tags: in the table <c>tags</c>, or still waiting in <c>aime_untagged</c>.</summary>
public sealed class SqliteTaggedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Db => _directory["journal.db"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_is_read_and_gone_on_with_and_its_tags_are_left_as_they_were(int version)
    {
        await MakeAsync(version);
        await using (var reader = SqliteJournal.OpenReadOnly(Db))
            (await reader.Numbers(Stream("a"))).ShouldBe([1, 2, 3]);

        await using (var journal = await SqliteJournal.OpenAsync(Db, new FakeClock(), None))
        {
            await journal.Append(Stream("a"), 4, 4);
            await Task.WhenAll(Enumerable.Range(0, 40).Select(s => journal.Append(Stream($"s{s}"), 1, 2)));
            (await journal.Numbers(Stream("a"))).ShouldBe([1, 2, 3, 4]);
            (await journal.ReadAllAsync(0, None).ToListAsync()).Count.ShouldBe(84);
        }

        Query("SELECT ordering_id || ' ' || tag FROM tags ORDER BY ordering_id, tag").ShouldBe(["1 run", "1 run/a", "2 run", "2 run/a"]);
        Query("SELECT name FROM sqlite_master WHERE name = 'aime_untagged'").Count.ShouldBe(version - 1);
        if (version == 2)
            Query("SELECT first || ' ' || last || ' ' || tags FROM aime_untagged").ShouldBe(["3 3 [\"run\",\"run/a\"]"]);
    }

    // Three events: of the second version the tags of the third still wait.
    private async Task MakeAsync(int version)
    {
        await (await SqliteJournal.OpenAsync(Db, new FakeClock(), None)).DisposeAsync();
        for (var n = 1; n <= 3; n++)
        {
            Query(
                $$"""
                INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                VALUES (1, 0, 'run/a/memory', {{n}}, CAST('{}' AS BLOB), 'test.happened@1', 174201, 'old')
                """
            );
        }

        Query("INSERT INTO tags SELECT ordering, 'run', sequence_number, persistence_id FROM journal WHERE ordering < 3");
        Query("INSERT INTO tags SELECT ordering, 'run/a', sequence_number, persistence_id FROM journal WHERE ordering < 3");
        if (version == 2)
        {
            Query("CREATE TABLE aime_untagged(first INTEGER PRIMARY KEY NOT NULL, last INTEGER NOT NULL, tags TEXT NOT NULL)");
            Query("""INSERT INTO aime_untagged VALUES (3, 3, '["run","run/a"]')""");
        }

        Query($"PRAGMA user_version={version}");
    }

    private List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Db};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
