using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>status, list, show, doctor and export on the undisturbed run.</summary>
public sealed class LookingTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Status_tells_that_the_run_has_ended_and_with_which_digest()
    {
        var run = (await JsonAsync("status", "--json")).GetProperty("runs")[0];

        run.GetProperty("state").GetString().ShouldBe("ended");
        run.GetProperty("digest").GetString().ShouldBe(world.Digest);
        (run.GetProperty("experiences").GetInt32(), run.GetProperty("planned").GetInt32()).ShouldBe((96, 96));
    }

    [Fact]
    public async Task Watching_a_run_that_has_ended_ends_after_one_look() =>
        (await world.ReadAsync("status", "--watch", "--json")).Well().Lines.ShouldHaveSingleItem();

    [Fact]
    public async Task A_killed_run_is_told_to_be_run_by_nobody()
    {
        var store = world.NewStore();
        using (var aime = Aime.Start(store, world.Command(store)))
        {
            await aime.LineAsync("experiences: ");
            aime.Kill();
            await aime.EndAsync();
        }

        var run = JsonDocument
            .Parse((await Aime.RunAsync(store, ["status", "--store", store, "--json"])).Well().Output)
            .RootElement.GetProperty("runs")[0];

        run.GetProperty("state").GetString().ShouldBe("stopped");
        run.GetProperty("owner").GetProperty("alive").GetBoolean().ShouldBeFalse();
        (await Aime.RunAsync(store, ["doctor", "--store", store])).Well().Output.ShouldContain("the same `aime run` resumes it");
    }

    [Fact]
    public async Task A_list_and_a_page_tell_the_same_drift_and_share()
    {
        foreach (var row in (await world.ReadAsync("list", "--json")).Well().Lines.Select(l => JsonDocument.Parse(l).RootElement))
        {
            var page = await JsonAsync("show", row.GetProperty("instance").GetString()!, "--json");
            row.GetProperty("bareDrift").GetDouble().ShouldBe(page.GetProperty("generations")[3].GetProperty("bareDrift").GetDouble());
            row.GetProperty("kept").GetInt32().ShouldBe(page.GetProperty("kept").GetInt32());
            row.GetProperty("champion").GetString().ShouldBe(page.GetProperty("champion").GetString());
        }
    }

    [Fact]
    public async Task A_list_is_filtered_and_sorted()
    {
        var rows = (await world.ReadAsync("list", "--variant", "keep-all", "--sort", "drift", "--json"))
            .Well()
            .Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .ToList();

        rows.Count.ShouldBe(4);
        rows.Select(r => r.GetProperty("bareDrift").GetDouble()).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task A_run_is_shown_with_its_variants_in_words() =>
        (await world.ReadAsync("show", "small")).Well().Output.ShouldContain("never trains: the control arm");

    [Fact]
    public async Task An_export_is_every_experience_in_the_order_of_the_plan_and_the_view_s_bytes()
    {
        var lines = (await world.ReadAsync("export", "small")).Well().Lines;

        lines.Length.ShouldBe(96);
        lines[..12]
            .ShouldBe(
                await World.QueryAsync(
                    world.Store,
                    "SELECT experience FROM aime_experiences WHERE instance LIKE '%/keep-all-1' ORDER BY cycle"
                )
            );
    }

    [Fact]
    public async Task An_export_of_an_instance_s_kept_pairs_has_the_size_of_its_training_sets()
    {
        var kept = (await JsonAsync("show", "keep-all-1", "--json")).GetProperty("kept").GetInt32();
        (await world.ReadAsync("export", "keep-all-1", "--as", "pairs", "--verdict", "keep")).Well().Lines.Length.ShouldBe(kept);
    }

    [Fact]
    public async Task Rounds_and_a_limit_cut_an_export() =>
        (await world.ReadAsync("export", "keep-all-1", "--round", "2..3", "--limit", "5", "--as", "full"))
            .Well()
            .Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("cycle").GetInt32())
            .ShouldBe([5, 6, 7, 8, 9]);

    [Fact]
    public async Task An_export_replaces_a_file_only_when_told_to()
    {
        var file = Path.Combine(world.NewDirectory(), "out.jsonl");
        await File.WriteAllTextAsync(file, "precious");

        var refused = await world.ReadAsync("export", "keep-all-1", "--out", file);
        (refused.Code, await File.ReadAllTextAsync(file)).ShouldBe((2, "precious"));

        (await world.ReadAsync("export", "keep-all-1", "--out", file, "--force")).Well().Output.ShouldBeEmpty();
        (await File.ReadAllLinesAsync(file)).Length.ShouldBe(12);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!).ShouldBe([file]);
    }

    [Theory]
    [InlineData("did you mean 'rain'?", "export", "small", "--topic", "rian")]
    [InlineData("did you mean 'alignment'?", "export", "small", "--min", "aligment=.5")]
    [InlineData("did you mean 'frozen'?", "export", "small", "--variant", "frozn")]
    [InlineData("--round: found '3..2'", "export", "small", "--round", "3..2")]
    [InlineData("inspect; did you mean 'csv'?", "export", "small", "--as", "cvs")]
    [InlineData("has no run or instance 'keep-all-11'; did you mean 'keep-all-1'?", "export", "keep-all-11")]
    [InlineData("did you mean 'finished'?", "list", "--status", "finishd")]
    [InlineData("did you mean 'keep-all'?", "list", "--variant", "keep-al")]
    [InlineData("found --once and --watch", "status", "--once", "--watch")]
    [InlineData("--provider and --base-url must be used together", "doctor", "--provider", "openai")]
    public async Task What_is_wrong_with_a_filter_is_said(string said, params string[] arguments)
    {
        var left = await world.ReadAsync(arguments);

        left.Errors.ShouldContain(said);
        (left.Code, left.Output).ShouldBe((2, ""));
    }

    [Fact]
    public async Task Doctor_names_a_half_written_model_of_a_process_that_is_gone()
    {
        var store = world.NewStore();
        Directory.CreateDirectory(Path.Combine(store, "models", "nano-x.part-99999999"));

        var left = (await Aime.RunAsync(store, ["doctor", "--store", store])).Well();

        left.Output.ShouldContain("nano-x.part-99999999");
    }

    [Fact]
    public async Task Help_of_a_command_ends_with_examples_and_exit_codes_and_needs_no_argument()
    {
        var left = (await world.ReadAsync("export", "--help")).Well();

        left.Output.ShouldContain(
            "Examples:\n  # export well aligned answers of the later rounds, as chat\n  aime export quickstart --as chat --round 2.. --min alignment=.8\n"
        );
        left.Output.ShouldContain("Exit codes:");
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonDocument.Parse((await world.ReadAsync(arguments)).Well().Lines.ShouldHaveSingleItem()).RootElement;
}
