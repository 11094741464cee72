using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>One run, hosted in shards by several processes on one store.</summary>
public sealed class ShardTests(World world) : IClassFixture<World>
{
    [SlowFact]
    public async Task Shards_side_by_side_one_of_them_killed_and_taken_over_give_the_digest_of_the_whole_run()
    {
        var store = world.NewStore();
        using var one = Aime.Start(store, world.Command(store, "--shard", "1/3"));
        using var dies = Aime.Start(store, world.Command(store, "--shard", "2/3"));
        await dies.LineAsync("% of the experiences");
        dies.Kill();
        await dies.EndAsync();

        var first = (await one.EndAsync()).Well();
        var waits = Json(first);
        waits.GetProperty("shard").GetString().ShouldBe("1/3");
        waits.GetProperty("digest").ValueKind.ShouldBe(JsonValueKind.Null, "the others have not ended");
        waits.GetProperty("shardDigest").GetString()!.Length.ShouldBe(64);

        (await world.RunAsync(store, "--shard", "2/3")).Well();
        World.DigestOf(await world.RunAsync(store, "--shard", "3/3")).ShouldBe(world.Digest);
        World
            .DigestOf(await world.RunAsync(store, "--shard", "1/3"))
            .ShouldBe(world.Digest, "each shard's command tells the run's digest once it is known");

        (await Aime.RunAsync(store, ["inject", "keep-all-1", "Who are you?", "--store", store])).Well();
        World.DigestOf(await world.RunAsync(store, "--shard", "1/3")).ShouldBe(world.Digest, "what is said afterwards is not in it");
        Json(await Aime.RunAsync(store, ["verify", "--store", store, "--json"]))
            .GetProperty("runs")[0]
            .GetProperty("digest")
            .GetString()
            .ShouldBe(world.Digest);
    }

    [SlowFact]
    public async Task A_run_is_not_gone_on_with_in_other_shards_than_it_began_with()
    {
        var store = world.NewStore();
        (await world.RunAsync(store, "--shard", "8/8")).Well();

        (await world.RunAsync(store)).Errors.ShouldContain("is in 8 shards: resume it with `--shard i/8`");
        (await world.RunAsync(store, "--shard", "1/2")).Errors.ShouldContain("is in 8 shards: resume it with `--shard i/8`");
        (await world.RunAsync(world.CopyOfStore(), "--shard", "1/2")).Errors.ShouldContain("is not in shards");
    }

    [SlowFact]
    public async Task More_shards_than_instances_are_refused_and_nothing_is_made()
    {
        var store = Path.Combine(world.NewDirectory(), "none");
        var left = await world.RunAsync(store, "--shard", "1/9");
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("--shard 1/9: the run has 8 instances");
        Directory.Exists(store).ShouldBeFalse();
    }

    [SlowFact]
    public async Task An_instance_of_a_shard_is_spoken_to_and_shown_like_any_other()
    {
        var store = world.NewStore();
        (await world.RunAsync(store, "--shard", "1/2")).Well();
        var status = Json(await Aime.RunAsync(store, ["status", "--store", store, "--json"])).GetProperty("runs")[0];
        status.GetProperty("state").GetString().ShouldBe("stopped");
        status
            .GetProperty("shards")
            .EnumerateArray()
            .Select(s => (s.GetProperty("shard").GetString(), s.GetProperty("begun").GetBoolean(), s.GetProperty("ended").GetBoolean()))
            .ShouldBe([("1/2", true, true), ("2/2", false, false)]);

        var lived = status
            .GetProperty("instances")
            .EnumerateArray()
            .First(i => i.GetProperty("status").GetString() == "finished")
            .GetProperty("instance")
            .GetString()!;
        (await Aime.RunAsync(store, ["inject", lived, "Who are you?", "--store", store])).Well().Output.ShouldNotBeEmpty();
        (await Aime.RunAsync(store, ["replay", lived, "--store", store])).Well().Output.ShouldContain("Who are you?");
    }

    private static JsonElement Json(Left left) => JsonDocument.Parse(left.Well().Output).RootElement;
}
