using AiMe.EventSourcing;
using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using Npgsql;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>What a researcher is told when a database cannot be used. A password is never told.</summary>
public sealed class PostgresFaultTests(Database database) : IClassFixture<Database>
{
    [SkippableFact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var address = Parse("Host=127.0.0.1;Port=1;Database=aime;Username=me;Password=sesame");
        await ShouldTell(() => Open(address), "postgresql://me@127.0.0.1:1/aime", "cannot be reached", "start it");
        await ShouldTell(
            () => Task.FromResult(PostgresJournal.OpenReadOnly(address, new FakeClock(), PostgresSettings.Default)),
            "cannot be reached"
        );
    }

    [SkippableFact]
    public async Task A_database_that_is_not_there_is_named_and_how_to_make_it()
    {
        var address = await database.NewSchemaAsync();
        var missing = new NpgsqlConnectionStringBuilder(address.Connection) { Database = "no-such", Password = "sesame" };
        await ShouldTell(() => Open(Parse(missing.ConnectionString)), "no-such", "There is no database", "createdb");
    }

    [SkippableTheory]
    [InlineData("wrong")]
    [InlineData(null)]
    public async Task A_login_that_is_refused_says_where_passwords_come_from(string? password)
    {
        var address = await database.NewSchemaAsync();
        Skip.If(Environment.GetEnvironmentVariable(TestServer.Given) is { Length: > 0 }, "the server that is given may trust everybody");
        await TestServer.ExecuteAsync(
            address.Connection,
            $"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{TestServer.Locked}') THEN CREATE ROLE {TestServer.Locked} LOGIN PASSWORD 'sesame'; END IF; END $$"
        );
        var login = new NpgsqlConnectionStringBuilder(address.Connection) { Username = TestServer.Locked, Password = password };
        await ShouldTell(() => Open(Parse(login.ConnectionString)), TestServer.Locked, "PGPASSWORD", "PGPASSFILE");
    }

    [SkippableFact]
    public async Task A_database_that_can_only_be_read_is_read_and_refuses_a_writer()
    {
        var address = await database.NewSchemaAsync();
        await using (var journal = await Open(address))
            await journal.Append(Stream("a"), 1, 1);
        var standby = Parse($"{address.Connection};Options=-c default_transaction_read_only=on");

        await ShouldTell(() => Open(standby), "can be read but not written", "reading commands work");
        await using var reading = PostgresJournal.OpenReadOnly(standby, new FakeClock(), PostgresSettings.Default);
        (await reading.Numbers(Stream("a"))).ShouldBe([1]);
    }

    [SkippableFact]
    public async Task A_journal_opened_for_reading_makes_nothing_and_does_not_write()
    {
        var address = await database.NewSchemaAsync();
        await ShouldTell(
            () => Task.FromResult(PostgresJournal.OpenReadOnly(address, new FakeClock(), PostgresSettings.Default)),
            "There is no journal"
        );
        PostgresJournal.IsThere(address).ShouldBeFalse();
        await using (await Open(address))
            PostgresJournal.IsThere(address).ShouldBeTrue();
        await using var reading = PostgresJournal.OpenReadOnly(address, new FakeClock(), PostgresSettings.Default);
        await Should.ThrowAsync<InvalidOperationException>(() => reading.Append(Stream("a"), 1, 1));
    }

    [SkippableFact]
    public async Task Another_program_s_table_is_refused_and_stays_as_it_is()
    {
        var address = await database.NewSchemaAsync();
        await TestServer.ExecuteAsync(address.Connection, "CREATE TABLE tags(id int, word text)");
        await ShouldTell(() => Open(address), "another schema", "table tags lacks ordering_id", "it has id, word", "Search Path");
        PostgresJournal.IsThere(address).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task A_later_release_s_schema_is_refused()
    {
        var address = await database.NewSchemaAsync();
        await using (await Open(address))
            await TestServer.ExecuteAsync(address.Connection, "UPDATE aime_schema SET version = 9");
        await ShouldTell(() => Open(address), "later release", "schema 9");
    }

    [SkippableFact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        var server = await TestServer.SharedAsync();
        Skip.If(server is null, TestServer.Missing);
        var connection = await server.NewDatabaseAsync("ENCODING 'SQL_ASCII'");
        await ShouldTell(() => Open(Parse(connection)), "SQL_ASCII", "--encoding UTF8");
        await server.DropAsync(connection);
    }

    [SkippableFact]
    public async Task A_user_without_the_right_is_told_which_and_one_with_just_enough_can_write()
    {
        var address = await database.NewSchemaAsync();
        var role = $"plain_{Environment.ProcessId}";
        await using (await Open(address))
            await TestServer.ExecuteAsync(address.Connection, $"CREATE ROLE {role} LOGIN");
        var schema = new NpgsqlConnectionStringBuilder(address.Connection).SearchPath;
        var plain = Parse(new NpgsqlConnectionStringBuilder(address.Connection) { Username = role }.ConnectionString);
        try
        {
            await TestServer.ExecuteAsync(address.Connection, $"GRANT USAGE ON SCHEMA {schema} TO {role}");
            await ShouldTell(() => Open(plain), "may not use the journal", "docs/OPERATIONS.md");

            await TestServer.ExecuteAsync(
                address.Connection,
                $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}; GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
            );
            await using var journal = await Open(plain);
            await journal.Append(Stream("a"), 1, 2);
            await journal.DeleteAsync(Stream("a"), 1, None);
            await ((ISnapshots)journal).SaveAsync(Stream("a"), 2, "memory.state@1", default, None);
            await new Ownership(((IDatabase)journal).Owners, new FakeClock(), (_, _) => true).ClaimAsync(
                ["x"],
                OwnerInfo.Here(Writer),
                None
            );
            await new Inbox(((IDatabase)journal).Inbox).PutAsync(
                "run",
                [new InboxMessage("a", "i", "{}"u8.ToArray(), DateTime.UnixEpoch)],
                None
            );
            (await ((IDatabase)journal).SingleRows.NewestAsync(None)).ShouldBe(2);
        }
        finally
        {
            await TestServer.ExecuteAsync(address.Connection, $"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [SkippableFact]
    public async Task A_journal_restored_without_its_sequence_says_what_to_run()
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await Open(address);
        await journal.Append(Stream("a"), 1, 3);
        await TestServer.ExecuteAsync(address.Connection, "SELECT setval(pg_get_serial_sequence('journal', 'ordering'), 1)");
        await ShouldTell(
            async () =>
            {
                await journal.Append(Stream("b"), 1, 1);
                return journal;
            },
            "SELECT setval("
        );
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(0xd800)]
    [InlineData(0xdc00)]
    public async Task A_text_that_the_database_cannot_hold_spoils_nobody_else_s_append(int character)
    {
        var text = $"x{(char)character}y";
        await using var journal = await Open(await database.NewSchemaAsync());
        var others = Enumerable.Range(0, 20).Select(n => journal.Append(Stream($"s{n}"), 1, 1)).ToArray();
        await Should.ThrowAsync<ArgumentException>(async () =>
            await journal.AppendAsync(Stream("a"), Writer, [Entry(1) with { Manifest = text }], None)
        );
        await Task.WhenAll(others);
    }

    [Theory]
    [InlineData("53100", "disk", "free some space")]
    [InlineData("25006", "can be read but not written", "primary")]
    [InlineData("53300", "no free connection", "max_connections")]
    [InlineData("57P01", "stopping or starting", "run the same command again")]
    [InlineData("57014", "cancelled a statement", "another transaction")]
    [InlineData("58030", "failed on the server", "its disk and its log")]
    [InlineData("XX001", "damaged", "backup")]
    [InlineData("42P01", "42P01", "failed")]
    public void Each_code_has_its_words(string code, params string[] words)
    {
        var told = PostgresFaults.Of(new PostgresException("words of the server", "ERROR", "ERROR", code), "postgresql://db/aime").Message;
        foreach (var word in words.Append("postgresql://db/aime"))
            told.ShouldContain(word);
    }

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", true)]
    [InlineData("57P05", true)]
    [InlineData("08006", true)]
    [InlineData("53300", true)]
    [InlineData("28P01", false)]
    [InlineData("3D000", false)]
    [InlineData("53100", false)]
    [InlineData("25006", false)]
    public void Only_what_another_connection_may_mend_is_waited_for(string code, bool waits) =>
        PostgresFaults.IsLoss(new PostgresException("words of the server", "ERROR", "ERROR", code)).ShouldBe(waits);

    private static PostgresAddress Parse(string text) => (PostgresAddress)StoreAddress.Parse(text, Path.GetTempPath());

    private static Task<PostgresJournal> Open(PostgresAddress address) =>
        PostgresJournal.OpenAsync(address, new FakeClock(), PostgresSettings.Default, None);

    private static async Task ShouldTell(Func<Task<PostgresJournal>> open, params string[] words)
    {
        var told = (await Should.ThrowAsync<JournalException>(open)).Message;
        foreach (var word in words)
            told.ShouldContain(word);
        told.ShouldNotContain("sesame");
    }
}
