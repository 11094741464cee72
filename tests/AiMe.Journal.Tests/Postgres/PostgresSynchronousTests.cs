using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;
using Npgsql;
using static AiMe.Journal.Tests.Short;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>When an append is on the disk is the store's setting, whatever the server's default.</summary>
public sealed class PostgresSynchronousTests(Database database) : IClassFixture<Database>
{
    [SkippableTheory]
    [InlineData(Synchronous.Full, "on")]
    [InlineData(Synchronous.Normal, "off")]
    public async Task The_writer_commits_as_it_was_told(Synchronous wanted, string setting)
    {
        var address = await database.NewSchemaAsync();
        await using var journal = await PostgresJournal.OpenAsync(
            address,
            new FakeClock(),
            PostgresSettings.Default with
            {
                Synchronous = wanted,
            },
            None
        );
        // What the session of the writer had set while it wrote.
        await TestServer.ExecuteAsync(address.Connection, "CREATE TABLE seen(setting text)");
        await TestServer.ExecuteAsync(
            address.Connection,
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES (current_setting(''synchronous_commit'')); RETURN NEW; END'"
        );
        await TestServer.ExecuteAsync(
            address.Connection,
            "CREATE TRIGGER noting AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION note()"
        );
        await journal.Append(Stream("a"), 1, 1);

        await using var connection = new NpgsqlConnection(address.Connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT setting FROM seen", connection);
        (await command.ExecuteScalarAsync()).ShouldBe(setting);
    }
}
