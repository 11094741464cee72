using AiMe.EventSourcing;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using Npgsql;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>The database as other programs see it: Akka.Persistence.Sql's tables, and plain SQL.</summary>
public sealed class PostgresSchemaTests(Database database) : IClassFixture<Database>
{
    [SkippableTheory]
    [InlineData(
        "journal",
        "ordering bigint NOT NULL ALWAYS, created bigint NOT NULL, deleted boolean NOT NULL, persistence_id text NOT NULL, sequence_number bigint NOT NULL, message bytea NOT NULL, manifest text, identifier integer, writer_uuid text"
    )]
    [InlineData("tags", "ordering_id bigint NOT NULL, tag text NOT NULL, sequence_nr bigint NOT NULL, persistence_id text NOT NULL")]
    [InlineData(
        "snapshot",
        "persistence_id text NOT NULL, sequence_number bigint NOT NULL, created bigint NOT NULL, snapshot bytea, manifest text, serializer_id integer"
    )]
    public async Task The_columns_are_those_of_Akka_Persistence_Sql(string table, string expected)
    {
        var address = await CreatedAsync();
        (
            await QueryAsync(
                address,
                $"""
                SELECT string_agg(column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || coalesce(' ' || identity_generation, ''), ', ' ORDER BY ordinal_position)
                FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{table}'
                """
            )
        ).ShouldBe([expected]);
    }

    [SkippableTheory]
    [InlineData("PK_journal", "PRIMARY KEY (ordering)")]
    [InlineData("journal_uq", "UNIQUE (persistence_id, sequence_number)")]
    [InlineData("PK_tags", "PRIMARY KEY (ordering_id, tag)")]
    [InlineData("PK_snapshot", "PRIMARY KEY (persistence_id, sequence_number)")]
    public async Task The_constraints_are_those_of_Akka_Persistence_Sql(string name, string expected) =>
        (
            await QueryAsync(
                await CreatedAsync(),
                $"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '{name}' AND connamespace = current_schema()::regnamespace"
            )
        ).ShouldBe([expected]);

    [SkippableFact]
    public async Task The_indexes_are_those_of_Akka_Persistence_Sql() =>
        (
            await QueryAsync(
                await CreatedAsync(),
                "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ('journal', 'tags', 'snapshot') ORDER BY indexname COLLATE \"C\""
            )
        ).ShouldBe([
            "PK_journal",
            "PK_snapshot",
            "PK_tags",
            "journal_created_idx",
            "journal_sequence_number_idx",
            "journal_uq",
            "snapshot_created_idx",
            "snapshot_sequence_number_idx",
            "tags_persistence_id_sequence_nr_idx",
            "tags_tag_idx",
        ]);

    [SkippableFact]
    public async Task Beside_them_stand_only_tables_of_ours() =>
        (
            await QueryAsync(await CreatedAsync(), "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        ).ShouldBe(["aime_inbox", "aime_owner", "aime_schema", "journal", "snapshot", "tags"]);

    [SkippableFact]
    public async Task A_row_names_our_serializer_the_writer_and_the_time_in_ticks_and_bears_no_tag()
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await OpenAsync(address);
        await journal.Append(Stream("a"), 1, 1);
        (
            await QueryAsync(
                address,
                "SELECT created || ' ' || deleted || ' ' || identifier || ' ' || writer_uuid || ' ' || convert_from(message, 'UTF8') FROM journal"
            )
        ).ShouldBe([$"{new FakeClock().Now.UtcTicks} false {PostgresJournal.SerializerId} writer-1 {{\"n\":1}}"]);
        (await QueryAsync(address, "SELECT tag FROM tags")).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_deleted_row_stays_as_a_tombstone()
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await OpenAsync(address);
        await journal.Append(Stream("a"), 1, 3);
        await journal.DeleteAsync(Stream("a"), 2, None);
        (await QueryAsync(address, "SELECT sequence_number || ':' || deleted FROM journal ORDER BY 1")).ShouldBe([
            "1:true",
            "2:true",
            "3:false",
        ]);
    }

    [SkippableFact]
    public async Task Rows_that_Akka_wrote_are_read_and_its_own_numbering_goes_on()
    {
        var address = await CreatedAsync();
        await TestServer.ExecuteAsync(
            address.Connection,
            "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message) VALUES (1, false, 'run/a/memory', 1, '{}')"
        );
        await using var journal = await OpenAsync(address);
        await journal.Append(Stream("a"), 2, 2);
        await TestServer.ExecuteAsync(
            address.Connection,
            "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message) VALUES (1, false, 'run/a/memory', 3, '{}')"
        );
        (await journal.Rows(Stream("a")))
            .Select(r => (r.Ordering, r.SequenceNumber, r.Manifest))
            .ShouldBe([(1, 1, ""), (2, 2, "test.happened@1"), (3, 3, "")]);
    }

    [SkippableFact]
    public async Task A_stream_whose_events_bear_an_earlier_release_s_tags_is_gone_on_with_and_they_are_left_as_they_were()
    {
        var address = await CreatedAsync();
        await TestServer.ExecuteAsync(
            address.Connection,
            """
            INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest) VALUES (1, false, 'run/a/memory', 1, '{}', 'test.happened@1');
            INSERT INTO tags SELECT ordering, 'run', sequence_number, persistence_id FROM journal
            """
        );
        await using var journal = await OpenAsync(address);
        await journal.Append(Stream("a"), 2, 2);
        (await journal.Numbers(Stream("a"))).ShouldBe([1, 2]);
        (await QueryAsync(address, "SELECT ordering_id || ' ' || tag FROM tags")).ShouldBe(["1 run"]);
    }

    [SkippableFact]
    public async Task A_view_reads_an_instance_with_plain_SQL_and_changes_with_the_build()
    {
        var address = await database.NewSchemaAsync();
        foreach (var name in new[] { "n", "number", "number" })
        {
            var views = PostgresSettings.Default with
            {
                Views =
                [
                    "DROP VIEW IF EXISTS numbers",
                    $"CREATE VIEW numbers AS SELECT convert_from(message, 'UTF8')::json ->> 'n' AS {name} FROM journal",
                ],
            };
            await using var journal = await PostgresJournal.OpenAsync(address, new FakeClock(), views, None);
            if (name == "n")
                await journal.Append(Stream("a"), 1, 2);
            (await QueryAsync(address, $"SELECT {name} FROM numbers ORDER BY 1")).ShouldBe(["1", "2"]);
        }
    }

    [SkippableFact]
    public async Task Many_processes_that_open_an_empty_database_at_once_all_find_a_journal()
    {
        var address = await database.NewSchemaAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync(address))));
        await Task.WhenAll(opened.Select((journal, n) => journal.Append(Stream($"s{n}"), 1, 1)));
        (await opened[0].PersistenceIdsAsync("", None)).Length.ShouldBe(8);
        foreach (var journal in opened)
            await journal.DisposeAsync();
    }

    [SkippableFact]
    public async Task Commits_are_waited_for_whatever_the_database_s_default()
    {
        var address = await database.NewSchemaAsync();
        var relaxed = (PostgresAddress)StoreAddress.Parse($"{address.Connection};Options=-c synchronous_commit=off", null);
        await using var journal = await OpenAsync(relaxed);
        await journal.Append(Stream("a"), 1, 1);
        (await journal.FactsAsync(None)).SynchronousCommit.ShouldBe("off");
        (await journal.WriterSettingAsync("synchronous_commit")).ShouldBe("on");
    }

    [SkippableFact]
    public async Task A_name_that_sorts_otherwise_in_the_database_s_language_is_found_by_its_prefix()
    {
        var server = await TestServer.SharedAsync();
        Skip.If(server is null, TestServer.Missing);
        Skip.If(
            int.Parse((await QueryAsync((PostgresAddress)StoreAddress.Parse(server.Connection, null), "SHOW server_version_num"))[0])
                < 150_000,
            "only PostgreSQL 15 and later make databases that sort by a language's rules alone"
        );
        var connection = await server.NewDatabaseAsync("ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
        await using var journal = await OpenAsync((PostgresAddress)StoreAddress.Parse(connection, null));
        string[] names = ["run-2/a", "run/B", "run/a", "Run/c", "run_x/a", "run/Z", "run/ä"];
        foreach (var name in names)
            await journal.Append(new PersistenceId(name), 1, 1);
        (await journal.PersistenceIdsAsync("run/", None))
            .Select(id => id.Value)
            .ShouldBe(names.Where(n => n.StartsWith("run/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private async Task<PostgresAddress> CreatedAsync()
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await OpenAsync(address);
        return address;
    }

    private static Task<PostgresJournal> OpenAsync(PostgresAddress address) =>
        PostgresJournal.OpenAsync(address, new FakeClock(), PostgresSettings.Default, None);

    private static async Task<List<string>> QueryAsync(PostgresAddress address, string sql)
    {
        await using var connection = new NpgsqlConnection($"{address.Connection};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
