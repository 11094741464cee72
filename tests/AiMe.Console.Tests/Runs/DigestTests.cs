using System.Runtime.Intrinsics;
using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

public sealed class DigestTests(World world) : IClassFixture<World>
{
    [Fact]
    public void What_is_told_of_a_run_on_its_way_only_goes_forward()
    {
        int[] told =
        [
            .. world
                .First.Errors.Split('\n')
                .Where(l => l.Contains("% of the experiences", StringComparison.Ordinal))
                .Select(l => int.Parse(l.Split('%')[0], System.Globalization.CultureInfo.InvariantCulture)),
        ];
        told.Length.ShouldBeInRange(2, 10);
        told.ShouldBe(told.Order());
        told[^1].ShouldBe(100);
    }

    // Plain runs see it in the store of two experiments below, which trains its base model too.
    [SlowFact]
    public async Task A_second_store_gives_the_same_digest_although_its_base_model_is_trained_anew() =>
        World.DigestOf(await Aime.RunProcessAsync(world.NewDirectory(), world.Command(world.NewDirectory()))).ShouldBe(world.Digest);

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task The_digest_does_not_depend_on_the_threads(string parallel) =>
        World.DigestOf(await world.RunAsync(world.NewStore(), "--parallel", parallel)).ShouldBe(world.Digest);

    [Fact]
    public async Task Budgets_give_the_same_digest_with_any_number_of_threads_and_are_kept_to()
    {
        string[] budgets =
        [
            "--set",
            "variants={by-steps: {train: {steps: 3}}, by-examples: {train: {examples: 9}}, by-tokens: {train: {tokens: 400}}}",
            "--set",
            "replicates=1",
        ];
        var store = world.NewStore();
        var one = await world.RunAsync(store, [.. budgets, "--parallel", "1"]);
        World.DigestOf(await world.RunAsync(world.NewStore(), [.. budgets, "--parallel", "4"])).ShouldBe(World.DigestOf(one));

        (await Shown("by-steps-1@3")).GetProperty("steps").GetInt32().ShouldBe(3);
        (await Shown("by-tokens-1@3")).GetProperty("tokens").GetInt32().ShouldBeInRange(400, 655);
        var shown = await Shown("by-examples-1@3");
        shown.GetProperty("passes").GetInt32().ShouldBe(9);
        shown.GetProperty("epochs").ValueKind.ShouldBe(JsonValueKind.Null);
        shown.GetProperty("budget").GetRawText().ShouldBe("{\"unit\":\"examples\",\"amount\":9}");

        async Task<JsonElement> Shown(string checkpoint) =>
            JsonDocument
                .Parse((await Aime.RunAsync(store, ["models", "show", checkpoint, "--json", "--store", store])).Well().Output)
                .RootElement;
    }

    [Fact]
    public async Task Another_seed_gives_another_digest() =>
        World.DigestOf(await world.RunAsync(world.NewStore(), "--seed", "8")).ShouldNotBe(world.Digest);

    [Fact]
    public async Task The_option_seed_is_the_key_seed() =>
        World.DigestOf(await world.RunAsync(world.NewStore(), "--seed", "7")).ShouldBe(world.Digest);

    [SlowFact]
    public async Task Training_and_running_without_avx_512_gives_the_same_digest()
    {
        const string Narrower = "DOTNET_EnableAVX512=0";
        Skip.IfNot(Vector512.IsHardwareAccelerated, "this machine has no AVX-512 to do without");
        var directory = world.NewDirectory();
        (await Aime.RunAsync(directory, ["doctor", "--json"], Narrower)).Well().Output.ShouldNotContain("\"AVX-512\"");

        World.DigestOf(await Aime.RunAsync(directory, world.Command(Path.Combine(directory, "store")), Narrower)).ShouldBe(world.Digest);
    }

    [Fact]
    public void A_run_ends_with_one_line_of_json_and_prints_nothing_else()
    {
        var line = world.First.Lines.ShouldHaveSingleItem();

        var json = JsonDocument.Parse(line).RootElement;
        json.EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe([
                "schemaVersion",
                "run",
                "digest",
                "instances",
                "experiences",
                "generations",
                "seconds",
                "experiencesPerSecond",
                "tokens",
                "calls",
                "leftOut",
            ]);
        json.GetProperty("instances").GetInt32().ShouldBe(8);
        json.GetProperty("experiences").GetInt32().ShouldBe(8 * 12);
        json.GetProperty("generations").GetInt32().ShouldBe(8 * 3);
        json.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("experiencesPerSecond").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("tokens").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_same_command_again_prints_the_same_digest_and_repeats_nothing()
    {
        var store = world.CopyOfStore();
        var before = await World.QueryAsync(store, "SELECT count(*) || ' ' || max(ordering) FROM journal");

        var again = await world.RunAsync(store);

        World.DigestOf(again).ShouldBe(world.Digest);
        JsonDocument.Parse(again.Output).RootElement.GetProperty("experiencesPerSecond").GetDouble().ShouldBe(0);
        (await World.QueryAsync(store, "SELECT count(*) || ' ' || max(ordering) FROM journal")).ShouldBe(before);
    }

    [Fact]
    public async Task Two_experiments_in_one_store_share_the_base_model_and_do_not_touch_each_other()
    {
        var store = world.NewDirectory();
        using var one = Aime.Start(store, world.Command(store));
        using var other = Aime.Start(store, world.Command(store, "--seed", "9"));

        World.DigestOf(await one.EndAsync()).ShouldBe(world.Digest);
        World.DigestOf(await other.EndAsync()).ShouldNotBe(world.Digest);
        Directory.GetDirectories(Path.Combine(store, "models")).ShouldHaveSingleItem();
    }
}
