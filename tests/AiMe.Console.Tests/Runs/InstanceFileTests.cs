using System.Text;
using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

public sealed class InstanceFileTests(World world) : IClassFixture<World>
{
    private const string Rows =
        "SELECT persistence_id || ' ' || sequence_number || ' ' || manifest || ' ' || writer_uuid || ' ' || hex(message) FROM journal ORDER BY persistence_id, sequence_number";

    [Fact]
    public async Task A_run_restored_in_another_store_has_the_same_rows_and_digest_verifies_and_compares_alike()
    {
        var (file, store) = (await ExportAsync("small"), Path.Combine(world.NewDirectory(), "restored"));

        var told = (await Aime.RunAsync(world.NewDirectory(), ["import", file, "--store", store, "--json"])).Well();

        World.DigestOf(told).ShouldBe(world.Digest);
        (await World.QueryAsync(store, Rows)).ShouldBe(await World.QueryAsync(world.Store, Rows));
        (await Aime.RunAsync(world.NewDirectory(), ["verify", "--store", store])).Well();
        (await Aime.RunAsync(world.NewDirectory(), ["compare", "--store", store, "--json"]))
            .Well()
            .Output.ShouldBe((await world.ReadAsync("compare", "--json")).Well().Output);
    }

    [Fact]
    public async Task A_restored_run_is_gone_on_with_and_its_instances_can_be_spoken_to()
    {
        var (file, store) = (await ExportAsync("small"), world.NewStore());
        (await Aime.RunAsync(world.NewDirectory(), ["import", file, "--store", store])).Well();

        World.DigestOf(await world.RunAsync(store)).ShouldBe(world.Digest);
        var there = (
            await Aime.RunAsync(world.NewDirectory(), ["inject", "keep-all-1", "Who are you?", "--store", store, "--json"])
        ).Well();
        var here = (
            await Aime.RunAsync(world.NewDirectory(), ["inject", "keep-all-1", "Who are you?", "--store", world.CopyOfStore(), "--json"])
        ).Well();

        Answer(there).ShouldBe(Answer(here), "the same champion's weights speak");

        static string? Answer(Left left) => JsonDocument.Parse(left.Lines[0]).RootElement.GetProperty("output").GetString();
    }

    [Fact]
    public async Task Instances_of_one_run_can_be_restored_one_by_one_and_again_without_harm()
    {
        var store = Path.Combine(world.NewDirectory(), "restored");
        var one = await ExportAsync("keep-all-1");
        (await Aime.RunAsync(world.NewDirectory(), ["import", one, "--store", store]))
            .Well()
            .Output.ShouldContain("1 instance, 1 restored");

        (await Aime.RunAsync(world.NewDirectory(), ["replay", "keep-all-1", "--store", store, "--json"]))
            .Well()
            .Output.ShouldBe((await world.ReadAsync("replay", "keep-all-1", "--json")).Output);
        (await Aime.RunAsync(world.NewDirectory(), ["import", one, "--store", store]))
            .Well()
            .Output.ShouldContain("1 already present; 0 rows and 0 blobs written");
        (await Aime.RunAsync(world.NewDirectory(), ["import", await ExportAsync("small"), "--store", store]))
            .Well()
            .Output.ShouldContain("8 instances, 7 restored, 1 already present");
        (await World.QueryAsync(store, Rows)).ShouldBe(await World.QueryAsync(world.Store, Rows));
    }

    [Fact]
    public async Task Where_one_instance_alone_was_restored_what_wants_all_of_them_says_that_the_others_are_not_here()
    {
        var store = Path.Combine(world.NewDirectory(), "one");
        (await Aime.RunAsync(world.NewDirectory(), ["import", await ExportAsync("keep-all-2"), "--store", store])).Well();

        foreach (
            var command in (string[][])
                [
                    ["compare"],
                    ["show", "keep-all-1"],
                    ["export", "small"],
                    world.Command(store)[..2],
                ]
        )
        {
            var left = await Aime.RunAsync(world.NewDirectory(), [.. command, "--store", store]);
            left.Code.ShouldBe(1, left.Errors);
            left.Errors.ShouldContain("no row of keep-all-1");
            left.Errors.ShouldContain("it was not restored from the file, or was deleted");
            left.Errors.ShouldNotContain("cut off");
        }

        var lines = (await Aime.RunAsync(world.NewDirectory(), ["list", "--store", store])).Well().Lines;
        lines.Single(l => l.Contains(" keep-all-1 ")).ShouldContain("not here");
        lines.Single(l => l.Contains(" keep-all-2 ")).ShouldContain("finished");
    }

    [SkippableFact]
    public async Task A_run_goes_from_sqlite_to_postgresql_and_back()
    {
        var place = await Place.NewAsync(world);
        var (file, store) = (Path.Combine(world.NewDirectory(), "back.jsonl"), Path.Combine(world.NewDirectory(), "back"));

        World
            .DigestOf(await Aime.RunAsync(world.NewDirectory(), ["import", await ExportAsync("small"), "--json", .. place.Arguments]))
            .ShouldBe(world.Digest);
        (await Aime.RunAsync(world.NewDirectory(), ["verify", .. place.Arguments])).Well();
        (await Aime.RunAsync(world.NewDirectory(), ["export", "small", "--as", "life", "--out", file, .. place.Arguments])).Well();
        World.DigestOf(await Aime.RunAsync(world.NewDirectory(), ["import", file, "--json", "--store", store])).ShouldBe(world.Digest);

        (await World.QueryAsync(store, Rows)).ShouldBe(await World.QueryAsync(world.Store, Rows));
    }

    [Fact]
    public async Task A_dry_run_makes_no_store_and_an_altered_file_is_refused_with_its_line()
    {
        var (file, store) = (await ExportAsync("keep-all-1"), Path.Combine(world.NewDirectory(), "none"));
        (await Aime.RunAsync(world.NewDirectory(), ["import", file, "--store", store, "--dry-run"]))
            .Well()
            .Output.ShouldContain("1 instance, 1 to restore");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^2000] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var refused = await Aime.RunAsync(world.NewDirectory(), ["import", file, "--store", store]);

        refused.Code.ShouldBe(2);
        refused.Errors.ShouldContain(": line ");
        refused.Errors.ShouldContain("nothing was written");
        Directory.Exists(store).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--as life goes with no filter", "export", "small", "--as", "life", "--verdict", "keep")]
    [InlineData("a pair needs both", "export", "small", "--as", "preferences", "--verdict", "keep")]
    [InlineData("nothing to pair", "export", "small", "--as", "chat", "--among", "run")]
    [InlineData("no weights in it", "export", "small", "--without-weights")]
    [InlineData("no such form", "export", "small", "--as", "lives")]
    public async Task What_would_do_nothing_is_refused(string why, params string[] command) =>
        (await world.ReadAsync(command)).Code.ShouldBe(2, why);

    [Fact]
    public async Task Where_there_is_no_pair_within_one_instance_the_wider_scopes_are_named()
    {
        var left = (await world.ReadAsync("export", "frozen-1", "--as", "preferences")).Well();
        (left.Output, left.Errors).ShouldBe(("", "no pair within one instance; try --among variant or --among run"));
    }

    [Fact]
    public async Task A_run_where_an_instance_is_wanted_is_said_to_be_one_and_an_instance_of_it_is_named()
    {
        var left = await world.ReadAsync("replay", "small");
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("'small' is a run, expected an instance of it, such as small-");
    }

    [Fact]
    public async Task Experiences_without_an_instance_are_told_to_nobody()
    {
        var file = Path.Combine(world.NewDirectory(), "told.jsonl");
        await File.WriteAllTextAsync(file, "{\"prompt\":\"a\",\"completion\":\"b\"}\n", Encoding.UTF8);

        var refused = await world.ReadAsync("import", file);

        refused.Code.ShouldBe(2);
        refused.Errors.ShouldContain("--into is missing");
    }

    private async Task<string> ExportAsync(string what)
    {
        var file = Path.Combine(world.NewDirectory(), "lives.jsonl");
        (await world.ReadAsync("export", what, "--as", "life", "--out", file)).Well().Errors.ShouldContain(" MB to ");
        return file;
    }
}
