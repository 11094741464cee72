using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary><c>aime memory</c> on the undisturbed run.</summary>
public sealed class MemoryTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task An_instance_is_audited_on_one_screen()
    {
        var page = (await world.ReadAsync("memory", "keep-all-1")).Well().Output;

        page.ShouldContain("12 experiences: 12 kept");
        page.ShouldContain("recalled text stored as new: 0 of 12 experiences");
        page.Split('\n').Length.ShouldBeLessThanOrEqualTo(41, "40 lines, each ended");
    }

    [Fact]
    public async Task The_figures_are_those_of_the_journal()
    {
        var audit = (await JsonAsync("memory", "keep-all-1", "--json")).Single();
        var totals = audit.GetProperty("totals");

        totals.GetProperty("experiences").GetInt32().ShouldBe(12);
        totals.GetProperty("storedAgain").GetInt32().ShouldBe(0);
        totals
            .GetProperty("insights")
            .GetInt32()
            .ToString()
            .ShouldBe(
                (
                    await World.QueryAsync(
                        world.Store,
                        "SELECT COUNT(*) FROM journal WHERE persistence_id LIKE '%/keep-all-1/memory' "
                            + "AND manifest LIKE 'memory.insight-stored%'"
                    )
                ).Single()
            );
        audit
            .GetProperty("mostRecalled")
            .EnumerateArray()
            .Sum(m => m.GetProperty("recalls").GetInt32())
            .ShouldBe(audit.GetProperty("recalls").GetInt32());
        audit
            .GetProperty("junk")
            .EnumerateArray()
            .Sum(c => c.GetProperty("count").GetInt32())
            .ShouldBe(totals.GetProperty("junk").GetInt32());
    }

    [Fact]
    public async Task A_run_is_a_table_of_its_instances_and_totals_by_variant()
    {
        (await world.ReadAsync("memory", "small")).Well().Output.ShouldContain("8 planned instances");

        var lines = await JsonAsync("memory", "small", "--json");
        var instances = lines.Where(l => l.GetProperty("is").GetString() == "instance").ToList();
        var variants = lines.Where(l => l.GetProperty("is").GetString() == "variant").ToList();
        (instances.Count, variants.Count).ShouldBe((8, 2));
        Sum(instances).ShouldBe(Sum(variants));

        static int Sum(IEnumerable<JsonElement> lines) => lines.Sum(l => l.GetProperty("totals").GetProperty("recallable").GetInt32());
    }

    [Fact]
    public async Task Stored_texts_are_found_by_words()
    {
        var all = await JsonAsync("memory", "keep-all-1", "--json");
        var text = all.Single().GetProperty("mostRecalled")[0].GetProperty("text").GetString()!;

        var found = await JsonAsync("memory", "keep-all-1", "--search", text, "--json");

        found[0].GetProperty("memory").GetProperty("text").GetString().ShouldBe(text);
        found[0].GetProperty("phrase").GetBoolean().ShouldBeTrue();
        (await world.ReadAsync("memory", "small", "--search", text, "--top", "3")).Well().Output.ShouldContain("Found  instance, id");
    }

    [Theory]
    [InlineData("--search: found '?!', expected at least one word", "--search", "?!")]
    [InlineData("found --all and --top, expected one of them", "--all", "--top", "3")]
    [InlineData("--top: found '0', expected a whole number from 1", "--top", "0")]
    public async Task Wrong_input_is_refused(string problem, params string[] options)
    {
        var left = await world.ReadAsync(["memory", "keep-all-1", .. options]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain(problem);
    }

    private async Task<JsonElement[]> JsonAsync(params string[] arguments) =>
        [.. (await world.ReadAsync(arguments)).Well().Lines.Select(l => JsonDocument.Parse(l).RootElement)];
}
