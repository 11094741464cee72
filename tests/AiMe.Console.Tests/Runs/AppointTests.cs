using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>Champions made by hand, by the real console: of finished instances and of one that another process hosts.</summary>
public sealed class AppointTests(World world) : IClassFixture<World>
{
    [SlowFact]
    public async Task An_instance_speaks_with_the_checkpoint_that_was_promoted_and_the_digest_of_its_run_stays()
    {
        var store = world.CopyOfStore();
        (await RunAsync(store, "models", "promote", "keep-all-1", "keep-all-1@1", "--why", "it spoke better", "--by", "Ada"))
            .Well()
            .Output.ShouldContain("now uses ");
        (await ChampionAsync(store, "keep-all-1")).ShouldBe("1");
        (await RunAsync(store, "list")).Well().Output.ShouldContain("by hand");
        (await RunAsync(store, "show", "keep-all-1")).Well().Output.ShouldContain("set manually");
        (await RunAsync(store, "show", "keep-all-2")).Well().Output.ShouldNotContain("set manually");
        var page = (await RunAsync(store, "compare", "--explain"))
            .Well()
            .Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string.Join(' ', page).ShouldContain("keep-all-1: 1 manual change");
        var first = (await RunAsync(store, "models", "show", "keep-all-1@1", "--json")).Well();
        var id = JsonDocument.Parse(first.Output).RootElement.GetProperty("id").GetString()!;
        (await RunAsync(store, "inject", "keep-all-1", "Who are you?", "--store", store)).Well();
        (
            await World.QueryAsync(
                store,
                "SELECT CAST(message AS TEXT) FROM journal WHERE manifest = 'self.prompted@1' AND persistence_id LIKE '%/keep-all-1/self' ORDER BY sequence_number DESC LIMIT 1"
            )
        )[0]
            .ShouldContain(id);
        (await RunAsync(store, "replay", "keep-all-1")).Well().Output.ShouldContain("by Ada: it spoke better");
        (await RunAsync(store, "verify")).Well();
        World.DigestOf(await Aime.RunAsync(store, world.Command(store))).ShouldBe(world.Digest);
    }

    [Fact]
    public async Task Promoting_it_again_changes_nothing()
    {
        var store = world.CopyOfStore();
        (await RunAsync(store, "models", "promote", "keep-all-2", "base")).Well();
        var before = await RowsAsync(store);
        (await RunAsync(store, "models", "promote", "keep-all-2", "base")).Well().Output.ShouldContain("nothing was changed");
        (await RowsAsync(store)).ShouldBe(before);
    }

    [Fact]
    public async Task A_rollback_goes_to_the_champion_before_and_at_last_to_the_base()
    {
        var store = world.CopyOfStore();
        var rounds = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            rounds.Add(await ChampionAsync(store, "keep-all-3"));
            if (rounds[^1] != "0")
                (await RunAsync(store, "models", "rollback", "keep-all-3")).Well();
        }

        rounds.Select(int.Parse).ShouldBe(rounds.Select(int.Parse).OrderDescending());
        rounds[^1].ShouldBe("0");
        var left = await RunAsync(store, "models", "rollback", "keep-all-3");
        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain("there is no earlier champion");
    }

    [Fact]
    public async Task What_a_running_process_hosts_is_appointed_by_it()
    {
        var store = world.NewStore();
        using var run = Aime.Start(store, world.Command(store));
        var left = run.EndAsync();
        using (var watch = new JournalWatch(store))
            await watch.RowsAsync(60, left);
        JsonDocument
            .Parse((await RunAsync(store, "models", "promote", "keep-all-1", "base", "--no-wait", "--json")).Well().Output)
            .RootElement.GetProperty("run")
            .GetString()!
            .ShouldStartWith("small-");
        (await left).Well();
        (await RunAsync(store, "verify")).Well();
    }

    [Theory]
    [InlineData("an instance can use only models of its own lineage", "promote", "keep-all-1", "keep-all-2@1")]
    [InlineData("has no checkpoint 'ffffffffffff' in its lineage", "promote", "keep-all-1", "ffffffffffff")]
    [InlineData("expected a text for the journal", "promote", "keep-all-1", "base", "--why", " ")]
    [InlineData("there is no earlier champion", "rollback", "frozen-1")]
    [InlineData("has no instance 'keep-al-1'", "rollback", "keep-al-1")]
    public async Task Wrong_input_is_told_and_nothing_is_written(string message, params string[] arguments)
    {
        var before = await RowsAsync(world.Store);
        var left = await world.ReadAsync(["models", .. arguments]);
        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain(message);
        (await RowsAsync(world.Store)).ShouldBe(before);
    }

    private static Task<Left> RunAsync(string store, params string[] arguments) =>
        Aime.RunAsync(store, arguments.Contains("--store") ? arguments : [.. arguments, "--store", store]);

    // The round that made the champion; 0 for the base.
    private static async Task<string> ChampionAsync(string store, string instance) =>
        (await RunAsync(store, "models", "list", instance, "--json"))
            .Well()
            .Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .Single(l => l.TryGetProperty("champion", out var champion) && champion.GetBoolean())
            .GetProperty("round")
            .ToString();

    private static async Task<string> RowsAsync(string store) =>
        (await World.QueryAsync(store, "SELECT (SELECT count(*) FROM journal) || ' ' || (SELECT count(*) FROM aime_inbox)"))[0];
}
