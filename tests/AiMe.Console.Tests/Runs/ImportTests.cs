using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

/// <summary>Files given to an instance by the real console: checked as a whole, told once, and told of.</summary>
public sealed class ImportTests(World world) : IClassFixture<World>
{
    private const string Chat =
        """{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Where were you?"},{"role":"assistant","content":"At home."},{"role":"user","content":"And then?"},{"role":"assistant","content":"I slept.","weight":0}]}""";

    [Fact]
    public async Task Every_exchange_is_told_once_and_a_second_import_says_that_it_was()
    {
        var (store, file) = (world.CopyOfStore(), await FileAsync("chat.jsonl", Chat));
        var first = (await Aime.RunAsync(store, ["import", file, "--into", "keep-all-1", "--store", store, "--json"])).Well();
        first
            .Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .Select(e => (Text(e, "input"), Text(e, "output"), Text(e, "verdict")))
            .ShouldBe(
                [("Where were you?", "At home.", "keep"), ("And then?", "I slept.", "hold")],
                "weight 0 is remembered and not trained on"
            );
        first.Errors.ShouldContain("1 system message");

        var rows = await RowsAsync(store);
        (await Aime.RunAsync(store, ["import", file, "--into", "keep-all-1", "--store", store]))
            .Well()
            .Errors.ShouldContain("2 of 2 were already told to keep-all-1");
        (await RowsAsync(store)).ShouldBe(rows);

        (await Aime.RunAsync(store, ["import", file, "--into", "keep-all-2", "--store", store]))
            .Well()
            .Output.ShouldContain(
                "2 experiences given to keep-all-2: 1 kept, 1 remembered and not trained on, 0 not kept.",
                Case.Sensitive,
                "another instance is told for itself"
            );
    }

    [Fact]
    public async Task What_waits_in_the_inbox_is_not_told_a_second_time()
    {
        var (store, file) = (world.CopyOfStore(), await FileAsync("chat.jsonl", Chat));
        string[] command = ["import", file, "--into", "keep-all-1", "--store", store];
        (await Aime.RunAsync(store, [.. command, "--no-wait"])).Well().Output.ShouldContain("2 inputs in the inbox");
        (await Aime.RunAsync(store, command)).Well().Output.ShouldContain("2 experiences given to keep-all-1");
        (await Aime.RunAsync(store, ["export", "keep-all-1", "--store", store])).Well().Lines.Length.ShouldBe(12 + 2);
    }

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--json")]
    public async Task If_one_exchange_is_too_long_for_the_model_none_is_told(string option)
    {
        var file = await FileAsync("long.jsonl", Chat, $$"""{"prompt":"And now?","completion":"{{new string('a', 3000)}}"}""");
        var rows = await RowsAsync(world.Store);
        var left = await world.ReadAsync("import", file, "--into", "keep-all-1", option);
        (left.Code, left.Output).ShouldBe((2, ""));
        left.Errors.ShouldContain("1 of 3 experiences is too long for the model, which reads 256 tokens with the charter: 2:1 has ");
        left.Errors.ShouldContain("nothing was written");
        (await RowsAsync(world.Store)).ShouldBe(rows);
    }

    [SlowTheory]
    [InlineData("experiences", 12)]
    [InlineData("full", 12)]
    [InlineData("csv", 12)]
    [InlineData("pairs", 12)]
    [InlineData("chat", 12)]
    [InlineData("sharegpt", 12)]
    public async Task What_export_writes_in_any_form_import_takes(string form, int experiences)
    {
        var file = Path.Combine(world.NewDirectory(), form);
        (await world.ReadAsync("export", "keep-all-1", "--as", form, "--out", file)).Well();
        (await world.ReadAsync("import", file, "--into", "frozen-1", "--dry-run"))
            .Well()
            .Output.ShouldContain($"{experiences} experiences would be given to small-");
    }

    [Fact]
    public async Task The_charter_before_an_exported_prompt_is_not_told_again()
    {
        var (store, file) = (world.CopyOfStore(), Path.Combine(world.NewDirectory(), "pairs.jsonl"));
        (await Aime.RunAsync(store, ["export", "keep-all-1", "--as", "pairs", "--limit", "1", "--out", file, "--store", store])).Well();
        (await Aime.RunAsync(store, ["import", file, "--into", "frozen-1", "--store", store]))
            .Well()
            .Errors.ShouldContain("the instance's own charter was taken off 1 input");
        var inputs = (await Aime.RunAsync(store, ["export", "frozen-1", "--store", store]))
            .Well()
            .Lines.Select(l => Text(JsonDocument.Parse(l).RootElement, "input"))
            .ToList();
        inputs[^1].ShouldBe(inputs[0], "both begin with the first stimulus of the block");
    }

    [Fact]
    public async Task Both_answers_of_an_imported_preference_are_exported_as_one()
    {
        var store = world.CopyOfStore();
        var file = await FileAsync("pair.jsonl", """{"prompt":"Where were you?","chosen":"At home.","rejected":"Guess."}""");
        (await Aime.RunAsync(store, ["import", file, "--into", "keep-all-1", "--store", store])).Well();
        var pair = JsonDocument
            .Parse((await Aime.RunAsync(store, ["export", "keep-all-1", "--as", "preferences", "--store", store])).Well().Lines.Single())
            .RootElement;
        (Text(pair, "chosen"), Text(pair, "rejected"), Text(pair, "source")).ShouldBe(("At home.", "Guess.", "candidates"));
    }

    [Fact]
    public async Task An_export_of_a_run_is_its_plans_unless_more_is_asked_for()
    {
        var (store, file) = (world.CopyOfStore(), await FileAsync("chat.jsonl", Chat));
        (await Aime.RunAsync(store, ["import", file, "--into", "keep-all-1", "--store", store])).Well();
        (await Aime.RunAsync(store, ["inject", "keep-all-1", "Who are you?", "--store", store])).Well();

        var planned = (await Aime.RunAsync(store, ["export", "small", "--as", "csv", "--store", store])).Well();
        planned.Lines.Length.ShouldBe(1 + 8 * 12);
        planned.Lines.Skip(1).ShouldAllBe(l => l.Contains(",planned,,", StringComparison.Ordinal));
        planned.Errors.ShouldContain("3 experiences outside the plan left out; --with-unplanned includes them");

        var all = (await Aime.RunAsync(store, ["export", "small", "--as", "csv", "--with-unplanned", "--store", store])).Well().Lines;
        (
            all.Count(l => l.Contains(",told,,", StringComparison.Ordinal)),
            all.Count(l => l.Contains(",injected,,", StringComparison.Ordinal))
        ).ShouldBe((2, 1));
        (await Aime.RunAsync(store, ["export", "keep-all-1", "--as", "csv", "--store", store])).Well().Lines.Length.ShouldBe(1 + 12 + 3);
    }

    [Fact]
    public async Task The_earlier_name_of_the_form_of_whole_instances_is_still_understood()
    {
        var (earlier, now) = (Path.Combine(world.NewDirectory(), "a"), Path.Combine(world.NewDirectory(), "b"));
        (await world.ReadAsync("export", "keep-all-1", "--as", "life", "--out", earlier)).Well();
        (await world.ReadAsync("export", "keep-all-1", "--as", "instance", "--out", now)).Well();
        (await File.ReadAllBytesAsync(earlier)).ShouldBe(await File.ReadAllBytesAsync(now));
    }

    [Fact]
    public async Task Twenty_problems_are_printed_and_the_rest_counted()
    {
        var file = await FileAsync("broken.jsonl", [.. Enumerable.Repeat("""{"prompt":"a"}""", 23)]);
        var left = await world.ReadAsync("import", file, "--into", "keep-all-1");
        left.Code.ShouldBe(2);
        var lines = left.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(20 + 2);
        lines[^2].ShouldEndWith("and 3 more problems");
        lines[^1].ShouldContain("has 23 problems; 23 of 23 records cannot be imported; nothing was written");
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused_in_one_line()
    {
        var file = await FileAsync("log.json", """{"version": 2, "status": "success", "eval": {}}""");
        var left = await world.ReadAsync("import", file, "--into", "keep-all-1");
        left.Code.ShouldBe(2);
        left.Errors.Trim().ShouldNotContain("\n");
        left.Errors.ShouldContain("this looks like a log of Inspect AI");
    }

    private async Task<string> FileAsync(string name, params string[] lines)
    {
        var file = Path.Combine(world.NewDirectory(), name);
        await File.WriteAllLinesAsync(file, lines);
        return file;
    }

    private static async Task<string> RowsAsync(string store) =>
        (await World.QueryAsync(store, "SELECT (SELECT count(*) FROM journal) || ' ' || (SELECT count(*) FROM aime_inbox)"))[0];

    private static string Text(JsonElement element, string key) => element.GetProperty(key).ToString();
}
