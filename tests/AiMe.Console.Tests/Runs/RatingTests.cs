using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>Rating in the terminal, and the reports on ratings.</summary>
public sealed class RatingTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_rater_sees_no_variant_rates_skips_takes_back_and_goes_on_later()
    {
        var root = world.NewDirectory();
        var file = Path.Combine(root, "mine.jsonl");
        string[] rate = ["rate", "--store", world.Store, "--pair", "keep-all", "frozen", "--as", "me", "--file", file];

        var seen = await TypeAsync(root, rate, "1", "x", "2", "b", "t a remark", "n", "s", "u", "q");
        seen.ShouldNotContain("keep-all");
        seen.ShouldNotContain("frozen");
        seen.ShouldContain("found 'x', expected: 1 first, 2 second");
        seen.ShouldContain("1 of ");
        File.ReadAllLines(file).Length.ShouldBe(3, "a rating, a skip, and that it was taken back");
        File.ReadAllText(file).ShouldContain("\"note\":\"a remark\"");

        (await TypeAsync(root, rate, "q")).ShouldContain("1 done; your ratings are in");

        var report = JsonDocument
            .Parse((await Aime.RunAsync(root, ["rate", "--store", world.Store, "--report", file, "--json"])).Well().Lines[0])
            .RootElement;
        report.GetProperty("variants").EnumerateArray().Select(v => v.GetString()).ShouldBe(["frozen", "keep-all"]);
        report.GetProperty("raters")[0].GetProperty("pairs").GetInt32().ShouldBe(1);
        (await Aime.RunAsync(root, ["rate", "--store", world.Store, "--report", file])).Well().Output.ShouldContain("contradicts-itself");
    }

    [Theory]
    [InlineData("--pair keep-all keepall --as me", "--pair: found 'keepall', expected two of keep-all, frozen; did you mean 'keep-all'?")]
    [InlineData("--pair keep-all keep-all --as me", "--pair: expected two different variants")]
    [InlineData("--pair keep-all frozen", "--as: found '', expected a name of your own choice")]
    [InlineData("--report none.jsonl", "--report: there is no file 'none.jsonl'")]
    [InlineData("--report", "--report: nobody has rated small-")]
    [InlineData("--pair keep-all frozen --as me --limit 0", "--limit: found '0', expected a whole number from 1")]
    public async Task What_is_missing_is_named(string arguments, string message)
    {
        var left = await Aime.RunAsync(world.NewDirectory(), ["rate", "--store", world.Store, .. arguments.Split(' ')]);
        (left.Code, left.Output).ShouldBe((2, ""));
        left.Errors.ShouldContain(message);
    }

    [Fact]
    public async Task Ratings_are_kept_in_the_store_where_the_report_finds_them_and_a_limit_ends_early()
    {
        var (root, store) = (world.NewDirectory(), world.CopyOfStore());
        string[] rate = ["rate", "--store", store, "--pair", "keep-all", "frozen", "--as"];
        var seen = await TypeAsync(root, [.. rate, "me", "--limit", "2"], "s", "1", "1", "n", "n");
        seen.ShouldContain("2 of ");
        seen.ShouldContain("Run the same command to resume");
        await TypeAsync(root, [.. rate, "ada", "--limit", "1"], "b", "b", "b", "b");
        File.Exists(Path.Combine(store, "ratings", $"{World.RunOf(world.First)}.me.jsonl")).ShouldBeTrue();
        Directory.GetFiles(root).ShouldBeEmpty();

        (await Aime.RunAsync(root, ["rate", "--store", store, "--report"])).Well().Output.ShouldContain("rated blind by ada (1), me (1)");
    }

    [Fact]
    public async Task Agreement_of_people_is_shown_and_wrong_files_are_named()
    {
        var root = world.NewDirectory();
        string[] values = ["1", "0", "1", "0", "1", "1"];
        foreach (var rater in (string[])["one", "two"])
            File.WriteAllLines(
                Path.Combine(root, $"{rater}.jsonl"),
                values.Select((v, i) => $$"""{"id": "keep-all-1/e{{i + 1}}", "value": {{v}}, "rater": "{{rater}}"}""")
            );
        string[] agree = ["agreement", "--store", world.Store, "--ratings", "one.jsonl", "--ratings", "two.jsonl"];

        var shown = (await Aime.RunAsync(root, agree)).Well();
        shown.Output.ShouldContain("people");
        shown.Output.ShouldContain("No judge rated these experiences");
        var rows = JsonDocument.Parse((await Aime.RunAsync(root, [.. agree, "--json"])).Well().Lines[0]).RootElement.GetProperty("rows");
        (rows[0].GetProperty("of").GetString(), rows[0].GetProperty("alpha").GetDouble(), rows[0].GetProperty("units").GetInt32()).ShouldBe(
            ("people", 1.0, 6)
        );

        File.AppendAllText(Path.Combine(root, "one.jsonl"), """{"id": "keep-all-1/e99", "value": 1, "rater": "one"}""");
        var left = await Aime.RunAsync(root, agree);
        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("one.jsonl:7:1: id: the instance keep-all-1 has no experience e99; expected e1 to e12");
    }

    private static async Task<string> TypeAsync(string root, string[] arguments, params string[] lines)
    {
        using var aime = Aime.Listen(root, arguments);
        foreach (var line in lines)
            aime.Say(line);
        return (await aime.EndAsync()).Well().Output;
    }
}
