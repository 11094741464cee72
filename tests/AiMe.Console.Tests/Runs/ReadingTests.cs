using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

public sealed class ReadingTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task The_control_never_moves_and_what_is_trained_does()
    {
        foreach (var replicate in Enumerable.Range(1, 4))
        {
            (await DriftsAsync($"frozen-{replicate}")).ShouldBe([0, 0, 0, 0]);
            var drifts = await DriftsAsync($"keep-all-{replicate}");
            drifts[0].ShouldBe(0);
            drifts[1..].ShouldAllBe(d => d > 0);
        }
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "keep-all-1")]
    [InlineData("replay", "keep-all-1")]
    [InlineData("compare")]
    [InlineData("doctor")]
    public async Task A_reading_command_prints_a_page_and_with_json_a_line_for_each_object(params string[] command)
    {
        (await world.ReadAsync(command)).Well().Lines.Length.ShouldBeGreaterThan(2);

        var json = (await world.ReadAsync([.. command, "--json"])).Well();

        json.Lines.ShouldNotBeEmpty();
        json.Lines.ShouldAllBe(l => JsonDocument.Parse(l, default).RootElement.ValueKind == JsonValueKind.Object);
        json.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reading_changes_nothing()
    {
        var store = world.CopyOfStore();
        var before = Files();
        (await Aime.RunAsync(store, ["replay", "frozen-1", "--store", store])).Well();
        (await Aime.RunAsync(store, ["compare", "--store", store])).Well();
        Files().ShouldBe(before);

        string[] Files() =>
            [
                .. Directory
                    .GetFiles(store, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O}"),
            ];
    }

    [Fact]
    public async Task A_list_has_every_instance_finished_at_the_last_cycle()
    {
        var instances = (await world.ReadAsync("list", "--json")).Well().Lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();

        instances
            .Select(i => i.GetProperty("instance").GetString())
            .ShouldBe([.. Names("keep-all"), .. Names("frozen")], ignoreOrder: true);
        instances.ShouldAllBe(i => i.GetProperty("status").GetString() == "finished" && i.GetProperty("cycle").GetInt32() == 12);

        static IEnumerable<string> Names(string variant) => Enumerable.Range(1, 4).Select(r => $"{variant}-{r}");
    }

    [Fact]
    public async Task A_comparison_says_in_words_why_the_control_s_drift_is_0() =>
        Words((await world.ReadAsync("compare")).Well().Output).ShouldContain("0 by construction");

    [Fact]
    public async Task A_replayed_instance_tells_stimulus_answer_reflection_verdict_training_and_probes()
    {
        var instance = await World.QueryAsync(
            world.Store,
            "SELECT experience FROM aime_experiences WHERE instance LIKE '%/keep-all-1' ORDER BY cycle"
        );

        var told = Words((await world.ReadAsync("replay", "keep-all-1")).Well().Output);

        instance.Count.ShouldBe(12);
        foreach (var experience in instance.Select(e => JsonDocument.Parse(e).RootElement))
        {
            foreach (var key in new[] { "input", "output", "reflection" })
                told.ShouldContain(Words(experience.GetProperty(key).GetString()!));
        }

        foreach (
            var label in new[]
            {
                "is born",
                "receives",
                "asks itself",
                "recalls",
                "answers",
                "reflects",
                "is kept",
                "everything is kept",
                "sealed",
                "trains",
                "promoted",
                "is probed",
            }
        )
            told.ShouldContain(label);
    }

    [Fact]
    public async Task A_part_of_an_instance_is_replayed_from_and_to_an_event()
    {
        var part = (await world.ReadAsync("replay", "keep-all-1", "--from", "9", "--to", "15", "--json")).Well();

        part.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("index").GetInt64())
            .ShouldBe(Enumerable.Range(9, 7).Select(i => (long)i));
    }

    [Theory]
    [InlineData("--from", "0")]
    [InlineData("--to", "0")]
    [InlineData("--from", "100000")]
    [InlineData("--to", "100000")]
    [InlineData("--from", "9", "--to", "8")]
    public async Task A_part_outside_of_the_instance_is_refused(params string[] part)
    {
        var left = await world.ReadAsync(["replay", "keep-all-1", .. part]);

        left.Code.ShouldBe(2);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain(part[0]);
    }

    [Theory]
    [InlineData("show", "keep-al-1", "did you mean 'keep-all-1'?")]
    [InlineData("replay", "frozen-9", "did you mean 'frozen-1'?")]
    [InlineData("compare", "smal", null)]
    [InlineData("compare", "large", "has no run 'large'; it has small-")]
    public async Task A_name_that_does_not_exist_is_answered_with_what_does(string command, string name, string? said)
    {
        var left = await world.ReadAsync(command, name);

        left.Code.ShouldBe(said is null ? 0 : 2); // a run may be named by its beginning
        if (said is not null)
            left.Errors.ShouldContain(said);
    }

    // A newcomer may have run the quickstart in the repository before the tests: its store knows more of the battery.
    private static string NoStore => Path.Combine(Path.GetTempPath(), "aime-no-store-here");

    [Fact]
    public async Task The_shipped_quickstart_is_sound()
    {
        var left = (await Aime.RunAsync(Root(), ["validate", "config/experiments/quickstart.yaml", "--store", NoStore])).Well();

        left.Output.ShouldStartWith("config/experiments/quickstart.yaml is valid: 32 instances, 72 experiences each, 3 rounds;");
        left.Output.ShouldContain("3 primary tests of selfReference, bareDrift");
        left.Errors.ShouldNotContain(": warning: ");
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run", "--dry-run")]
    public async Task What_is_declared_and_the_variants_of_a_matrix_are_shown_beforehand(params string[] command)
    {
        var left = (
            await Aime.RunAsync(Root(), [command[0], "config/experiments/anchor-sweep.yaml", "--store", NoStore, .. command[1..]])
        ).Well();

        var said = left.Output.ReplaceLineEndings(" ").Replace("  ", " ");
        said.ShouldContain("Matrix: train.anchor.fraction; variants anchor-0, anchor-0p1, anchor-0p25, anchor-0p5.");
        said.ShouldContain(
            "Declared: 1 primary test of heldOutRise; 2 secondary tests of distinct2, bareDrift; generation 3, familywise alpha 0.05."
        );
        said.ShouldContain("Contrasts: anchor-0, anchor-0p1, anchor-0p25, anchor-0p5 in order (predicted lower) on heldOutRise;");
    }

    private async Task<double[]> DriftsAsync(string instance)
    {
        var page = JsonDocument.Parse((await world.ReadAsync("show", instance, "--json")).Well().Output).RootElement;
        return [.. page.GetProperty("generations").EnumerateArray().Select(g => g.GetProperty("bareDrift").GetDouble())];
    }

    // A page is wrapped; its words are what counts.
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "AiMe.sln")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException("AiMe.sln is in no folder above");
        return at;
    }
}
