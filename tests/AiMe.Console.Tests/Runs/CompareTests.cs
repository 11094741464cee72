using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

public sealed class CompareTests(World world) : IClassFixture<World>
{
    // The tests of a class run one after another.
    private static (string Store, string Newest)? s_two;

    [Fact]
    public async Task The_csv_has_a_row_a_variant_generation_and_measure()
    {
        var left = (await world.ReadAsync("compare", "--csv", "--measure", "bareDrift,novelty")).Well();

        var rows = left.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split(',')).ToArray();
        rows[0].ShouldBe(["run", "variant", "generation", "measure", "n", "mean", "low", "high"]);
        rows.Length.ShouldBe(1 + (2 * 2 * 4));
        rows.ShouldAllBe(r => r.Length == 8);
        rows.ShouldContain(r => r[1] == "frozen" && r[2] == "3" && r[3] == "bareDrift" && r[5] == "0");
        rows.ShouldContain(r => r[2] == "0" && r[3] == "novelty" && r[5].Length == 0);
        left.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_for_a_paper_has_the_figures_of_the_page()
    {
        var latex = (await world.ReadAsync("compare", "--as", "latex")).Well().Output;
        var markdown = (await world.ReadAsync("compare", "--as", "markdown", "--measure", "bareDrift")).Well().Output;
        var contrasts = (await world.ReadAsync("compare", "--as", "markdown", "--rows", "contrasts")).Well().Output;

        latex.ShouldStartWith("% aime compare small-");
        latex.ShouldContain("\\toprule\nvariant & n & bare drift, bits (floor ");
        latex.ShouldContain("frozen & 4 & 0 by construction & ");
        markdown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        contrasts.ShouldStartWith("| outcome | contrast | n | ");
        markdown.ShouldStartWith("| variant | instances | bare drift (bits) |\n| :-- | --: | --: |\n");
    }

    [Fact]
    public async Task Csv_has_every_instance_and_every_contrast()
    {
        var instances = (await world.ReadAsync("compare", "--as", "csv", "--measure", "bareDrift", "--at", "3")).Well().Output;
        var contrasts = (await world.ReadAsync("compare", "--as", "csv", "--rows", "contrasts", "--measure", "agentDrift")).Well().Output;

        instances.Split("\r\n")[0].ShouldBe("run,variant,replicate,instance,generation,measure,value,unplanned,ended_early,charter");
        instances.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + 8);
        contrasts.ShouldContain(",agentDrift,keep-all - frozen,keep-all frozen,keep-all,frozen,either,no,sign flips,4,");
    }

    [Fact]
    public async Task The_explained_page_has_what_the_page_has_and_more()
    {
        var page = (await world.ReadAsync("compare")).Well().Output;
        var explained = (await world.ReadAsync("compare", "--explain", "--planned-only")).Well().Output;

        page.ShouldNotContain("Differences");
        explained.ShouldContain("Differences");
        explained.ShouldContain("No instance is left out");
    }

    [Fact]
    public async Task The_json_has_the_baseline_and_the_effect_of_every_difference()
    {
        var json = JsonDocument
            .Parse((await world.ReadAsync("compare", "--json", "--baseline", "frozen")).Well().Lines.ShouldHaveSingleItem())
            .RootElement;

        json.GetProperty("baseline").GetString().ShouldBe("frozen");
        json.GetProperty("pairs").EnumerateArray().ShouldAllBe(p => p.GetProperty("second").GetString() == "frozen");
        json.GetProperty("pairs")
            .EnumerateArray()
            .First(p => p.GetProperty("measure").GetString() == "agentDrift")
            .GetProperty("effect")
            .GetProperty("superiority")
            .GetDouble()
            .ShouldBeInRange(0, 1);
    }

    [Fact]
    public async Task Two_runs_of_one_store_stand_side_by_side_and_each_for_itself()
    {
        var store = world.NewStore();
        (await world.RunAsync(store)).Well();
        (await world.RunAsync(store, "--set", "seed=8", "--set", "replicates=2")).Well();

        var page = (await Aime.RunAsync(store, ["compare", "*", "--store", store])).Well().Output;
        var json = (await Aime.RunAsync(store, ["compare", "*", "--json", "--store", store])).Well();
        var unnamed = await Aime.RunAsync(store, ["compare", "--store", store]);

        page.ShouldContain("All runs side by side");
        page.ShouldContain("in seed, replicates.");
        json.Lines.Length.ShouldBe(2);
        unnamed.Code.ShouldBe(2);
        unnamed.Errors.ShouldContain("several runs match");
    }

    [Fact]
    public async Task The_name_of_an_experiment_means_its_newest_run_in_every_command()
    {
        var (store, newest) = await TwoRunsAsync();

        foreach (
            string[] command in (string[][])
                [
                    ["compare", "small", "--json"],
                    ["show", "small", "--json"],
                    ["show", "small/frozen-1", "--json"],
                    ["show", "frozen-1", "--json"],
                    ["status", "small", "--json"],
                    ["list", "--run", "small", "--json"],
                    ["verify", "small", "--json"],
                    ["verify", "frozen-1", "--json"],
                ]
        )
        {
            var left = (await Aime.RunAsync(store, [.. command, "--store", store])).Well();
            left.Output.ShouldContain(newest, Case.Sensitive, string.Join(' ', command));
            left.Errors.ShouldMatch(
                $"^[a-z0-9/-]+: the newest of 2 runs, {newest}.*; name a run to choose another\n?$",
                string.Join(' ', command)
            );
        }

        var status = (await Aime.RunAsync(store, ["status", "--json", "--store", store])).Well().Output;
        status.ShouldContain("\"seed\":8,\"settings\":{\"replicates\":\"2\"}");
        (await Aime.RunAsync(store, ["status", "small", "--once", "--store", store])).Well().Output.ShouldContain("seed 8, replicates 2");
        (await Aime.RunAsync(store, ["list", "--store", store])).Well().Output.ShouldContain("seed 8, replicates 2");
        var typed = $"compare --store {store} sm";
        (await Aime.RunAsync(store, [$"[suggest:{typed.Length}]", typed])).Lines.ShouldContain("small");
    }

    [Fact]
    public async Task In_a_conversation_a_bare_name_means_an_instance_of_the_same_run()
    {
        var (store, newest) = await TwoRunsAsync();
        var older = World.RunOf(world.First);
        using var aime = Aime.Listen(store, ["console", $"{older}/frozen-1", "--store", store, "--json"]);
        aime.Say("/compare keep-all-1", $"/compare {newest}/keep-all-1");
        var left = (await aime.HangUpAsync()).Well();

        left.Lines[1].ShouldContain("\"theirs\":{\"instance\":\"keep-all-1\"");
        left.Lines[2].ShouldContain($"\"theirs\":{{\"instance\":\"{newest}/keep-all-1\"");
        left.Errors.ShouldNotContain("the newest of");
    }

    [Fact]
    public async Task In_a_diff_a_bare_name_means_an_instance_of_the_other_one_s_run()
    {
        var (store, _) = await TwoRunsAsync();
        var older = World.RunOf(world.First);

        foreach (
            string[] names in (string[][])
                [
                    [$"{older}/frozen-1", "keep-all-1"],
                    ["frozen-1", $"{older}/keep-all-1"],
                ]
        )
        {
            var left = (await Aime.RunAsync(store, ["diff", .. names, "--json", "--store", store])).Well();
            left.Lines.Length.ShouldBe(12);
            left.Errors.ShouldBeEmpty();
        }
    }

    private async Task<(string Store, string Newest)> TwoRunsAsync()
    {
        if (s_two is null)
        {
            var store = world.CopyOfStore();
            s_two = (store, World.RunOf(await world.RunAsync(store, "--set", "seed=8", "--set", "replicates=2")));
        }

        return s_two.Value;
    }

    [SlowTheory]
    [InlineData("'frozn', expected a variant of small-", "compare", "--baseline", "frozn")]
    [InlineData("did you mean 'frozen'?", "compare", "--baseline", "frozn")]
    [InlineData("did you mean 'keep-all'?", "compare", "--variant", "kep-all")]
    [InlineData("did you mean 'bareDrift'?", "compare", "--measure", "novelty,bareDrft")]
    [InlineData("did you mean 'bareDrift'?", "compare", "--sort", "-bareDrft")]
    [InlineData("did you mean 'bareDrift'?", "compare", "--filter", "bareDrft>1")]
    [InlineData("--filter: found 'variant', expected", "compare", "--filter", "variant")]
    [InlineData("--at: found 4, expected 0 to 3", "compare", "--at", "4")]
    [InlineData("unknown option '--basline'; did you mean '--baseline'?", "compare", "--basline", "frozen")]
    [InlineData("and --json, expected one of them", "compare", "--csv", "--json")]
    [InlineData("--rows: found no --as", "compare", "--rows", "contrasts")]
    [InlineData("expected --as csv", "compare", "--as", "latex", "--rows", "instances")]
    [InlineData("found --csv and --as or --rows", "compare", "--csv", "--as", "latex")]
    [InlineData("--explain: has no effect on a table (--as or --csv)", "compare", "--as", "csv", "--explain")]
    [InlineData("--wide: has no effect on a table (--as or --csv)", "compare", "--csv", "--wide")]
    [InlineData("found the Markdown page page.md, expected the JSON page beside it: page.json", "compare", "--preregistration", "page.md")]
    [InlineData(
        "there is no file 'none.json', expected the JSON page that `aime preregister`",
        "report",
        "--out",
        "report.html",
        "--preregistration",
        "none.json"
    )]
    [InlineData("did you mean 'keep-all-1'?", "diff", "keep-al-1", "frozen-1")]
    [InlineData("found frozen-1 twice, expected two different instances", "diff", "frozen-1", "frozen-1")]
    [InlineData("--round: found 4, expected 1 to 3", "diff", "frozen-1", "keep-all-1", "--round", "4")]
    public async Task What_does_not_exist_is_answered_with_what_does(string said, params string[] arguments)
    {
        var left = await world.ReadAsync(arguments);

        left.Code.ShouldBe(2);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain(said);
    }

    [Fact]
    public async Task A_diff_prints_an_object_a_matched_pair()
    {
        var left = (await world.ReadAsync("diff", "keep-all-1", "frozen-1", "--json")).Well();

        var pairs = left.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        pairs.Length.ShouldBe(12);
        // Until the first training both are the same model with seeds of their own; the stimuli are the same throughout.
        pairs.ShouldAllBe(p =>
            p.GetProperty("first").GetProperty("cycle").GetInt32() == p.GetProperty("second").GetProperty("cycle").GetInt32()
        );
        pairs.ShouldAllBe(p => p.GetProperty("cosine").GetDouble() <= 1);
        left.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_diff_of_two_replicates_matches_what_they_met_in_another_order()
    {
        var page = (await world.ReadAsync("diff", "keep-all-1", "keep-all-2")).Well().Output;

        page.ShouldContain("The instances received the stimuli in a different order");
        page.ShouldContain("Identity probes");
    }

    [Fact]
    public async Task One_round_is_that_round_alone()
    {
        var pairs = (await world.ReadAsync("diff", "keep-all-1", "frozen-1", "--round", "2", "--json")).Well().Lines;

        pairs.Length.ShouldBe(4);
        pairs.ShouldAllBe(l => JsonDocument.Parse(l, default).RootElement.GetProperty("first").GetProperty("round").GetInt32() == 2);
    }
}
