using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AiMe.Console.Tests.Runs;

public sealed class VerifyTests(World world) : IClassFixture<World>
{
    private const string Memory = "persistence_id LIKE '%/keep-all-1/memory'";

    [Fact]
    public async Task A_run_that_nobody_touched_verifies_and_what_was_checked_is_counted()
    {
        var rows = int.Parse(
            (await World.QueryAsync(world.Store, "SELECT count(*) FROM journal"))[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
        var page = (await world.ReadAsync("verify")).Well();
        page.Output.ShouldContain("nothing diverges");
        page.Errors.ShouldBeEmpty();
        var json = JsonDocument.Parse((await world.ReadAsync("verify", "--json")).Well().Lines.ShouldHaveSingleItem()).RootElement;
        json.GetProperty("holds").GetBoolean().ShouldBeTrue();
        json.GetProperty("checked").GetProperty("events").GetInt32().ShouldBe(rows);
        json.GetProperty("runs")[0].GetProperty("digest").GetString().ShouldBe(world.Digest);
        json.GetProperty("instances").EnumerateArray().ShouldAllBe(l => l.GetProperty("beyond").GetInt32() == 0);
    }

    [Fact]
    public async Task What_is_said_to_an_instance_when_the_run_has_ended_leaves_its_digest()
    {
        var store = world.CopyOfStore();
        (await Aime.RunAsync(store, ["inject", "keep-all-1", "Who are you?", "--store", store])).Well();
        JsonDocument
            .Parse((await Aime.RunAsync(store, ["verify", "--json", "--store", store])).Well().Output)
            .RootElement.GetProperty("runs")[0]
            .GetProperty("digest")
            .GetString()
            .ShouldBe(world.Digest);
    }

    [Theory]
    [InlineData("small")]
    [InlineData("keep-all-1")]
    public async Task One_run_or_one_instance_can_be_named(string name) =>
        (await world.ReadAsync("verify", name)).Well().Output.ShouldContain(name);

    [Fact]
    public async Task A_name_that_is_not_there_is_refused_with_the_nearest()
    {
        var left = await world.ReadAsync("verify", "keep-al-1");
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("did you mean 'keep-all-1'?");
    }

    [Theory]
    [InlineData($"DELETE FROM journal WHERE {Memory} AND sequence_number = 3", "/keep-all-1/memory", "sequence_number")]
    [InlineData(
        $"DELETE FROM journal WHERE ordering = (SELECT max(ordering) FROM journal WHERE {Memory})",
        "/keep-all-1/memory",
        "heads.memory"
    )]
    [InlineData(
        "UPDATE journal SET manifest = 'supervisor.parked@1' WHERE manifest = 'supervisor.finished@1' AND sequence_number = (SELECT min(sequence_number) FROM journal WHERE manifest = 'supervisor.finished@1')",
        "/supervisor",
        "manifest"
    )]
    public async Task Damage_is_named_on_the_page_and_in_the_json_with_exit_code_5(string damage, string stream, string field)
    {
        var store = world.CopyOfStore();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(store, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = damage;
            (await command.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        var page = await Aime.RunAsync(store, ["verify", "--store", store]);
        page.Code.ShouldBe(5, page.Errors);
        page.Output.ShouldContain(stream);
        page.Output.ShouldContain(field);
        var json = await Aime.RunAsync(store, ["verify", "--json", "--store", store]);
        json.Code.ShouldBe(5);
        var found = JsonDocument.Parse(json.Output).RootElement.GetProperty("divergences").EnumerateArray().ShouldHaveSingleItem();
        found.GetProperty("stream").GetString()!.ShouldEndWith(stream);
        found.GetProperty("field").GetString().ShouldBe(field);
    }
}
