using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

/// <summary>A journal that somebody has touched: a reading command says so and names the stream.</summary>
public sealed class AlteredJournalTests(World world) : IClassFixture<World>
{
    private const string Memory = "persistence_id LIKE '%/keep-all-1/memory'";

    [Theory]
    [InlineData($"DELETE FROM journal WHERE ordering = (SELECT max(ordering) FROM journal WHERE {Memory})", "were cut off")]
    [InlineData($"DELETE FROM journal WHERE {Memory} AND sequence_number = 3", "rows are missing")]
    [InlineData(
        $"UPDATE journal SET message = CAST(replace(CAST(message AS TEXT), '\"recency\":', '\"recency\": ') AS BLOB) WHERE {Memory} AND sequence_number = 1",
        "was altered"
    )]
    public async Task A_replay_of_it_ends_with_exit_code_1_and_the_stream_s_name(string damage, string complaint)
    {
        var store = world.NewDirectory();
        File.Copy(Path.Combine(world.Store, "journal.db"), Path.Combine(store, "journal.db"));
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(store, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = damage;
            (await command.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        var left = await Aime.RunAsync(store, ["replay", "keep-all-1", "--store", store]);

        left.Code.ShouldBe(1);
        left.Errors.ShouldContain("/keep-all-1/memory");
        left.Errors.ShouldContain(complaint);
        left.Output.ShouldBeEmpty();
    }
}
