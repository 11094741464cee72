using System.Text.Json;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Runs;

public sealed class PowerTests(World world) : IClassFixture<World>
{
    private const string Declared =
        "variants:\n"
        + "  keep-all: {curate: [keep-all]}\n"
        + "  frozen: {train: none}\n"
        + "analysis:\n"
        + "  primary: [{measure: agentDrift, smallest-effect: 0.05}]\n"
        + "  contrasts:\n"
        + "    - {pair: [keep-all, frozen]}\n";

    [Fact]
    public async Task A_file_is_forecast_from_the_newest_finished_run_of_its_name()
    {
        var left = (await world.ReadAsync("power", File(), "--replicates", "8,40", "--json")).Well();

        var json = JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement;
        json.GetProperty("pilot").GetString().ShouldBe(World.RunOf(world.First));
        json.GetProperty("differing").GetArrayLength().ShouldBe(0);
        var test = json.GetProperty("tests").EnumerateArray().ShouldHaveSingleItem();
        test.GetProperty("status").GetString().ShouldBe("forecast");
        test.GetProperty("n").GetInt32().ShouldBe(4);
        test.GetProperty("detectable").EnumerateArray().Select(d => d.GetProperty("replicates").GetInt32()).ShouldBe([8, 40]);
        test.GetProperty("difference").GetDouble().ShouldBe(0.05);
    }

    [Fact]
    public async Task The_page_has_a_column_for_each_number_of_replicates_and_one_sentence()
    {
        var page = (await world.ReadAsync("power", File(), "--replicates", "8,40", "--difference", "0.01")).Well().Output;

        page.ShouldContain("8 replicates");
        page.ShouldContain("40 replicates");
        page.ReplaceLineEndings(" ").ShouldContain("With 8 replicates, a difference of ");
        page.ShouldContain("for 0.01 bits");
    }

    [Fact]
    public async Task A_file_without_a_pilot_is_refused_with_what_to_do()
    {
        var file = File();
        var left = await Aime.RunAsync(world.NewDirectory(), ["power", file, "--store", world.NewStore()]);

        left.Code.ShouldBe(2);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain("has no finished run of small");
        left.Errors.ShouldContain($"run {file} --set replicates=4 --store");
    }

    [Fact]
    public async Task A_dry_run_says_what_its_first_primary_test_can_show()
    {
        var file = File();
        var known = (await world.ReadAsync("run", file, "--dry-run", "--set", "replicates=8")).Well().Output;
        var unknown = (await Aime.RunAsync(world.NewDirectory(), ["run", file, "--dry-run", "--store", world.NewStore()])).Well().Output;

        known.ShouldContain("With 8 replicates, a difference of ");
        known.Split('\n').ShouldAllBe(line => line.Length <= 100);
        known.ShouldContain($"Pilot: {World.RunOf(world.First)}.");
        unknown.ShouldContain("Power is unknown before a pilot.");
        unknown.ShouldContain($"power {file} --store");
    }

    [Fact]
    public async Task A_dry_run_forecasts_the_first_primary_test_that_scatters_and_says_which_does_not()
    {
        var file = world.Spoilt(
            "small.yaml",
            "variants:\n  keep-all: {curate: [keep-all]}\n  frozen: {train: none}\n",
            Declared.Replace("primary: [", "primary: [bareDrift, ", StringComparison.Ordinal)
        );
        var left = (await world.ReadAsync("run", file, "--dry-run", "--set", "replicates=8")).Well();
        var said = string.Join(' ', left.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        said.ShouldContain("With 8 replicates, a difference of ");
        said.ShouldContain("in agent drift between keep-all and frozen is found");
        said.ShouldContain("Not forecast: bare drift between keep-all and frozen (in the pilot frozen has the base model");
    }

    [Fact]
    public async Task A_percentage_of_a_measure_in_bits_is_refused_as_in_a_file()
    {
        var left = await world.ReadAsync("power", File(), "--difference", "5%");

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("--difference: found '5%', but agentDrift is not a percentage");
    }

    [Fact]
    public async Task A_run_that_declares_nothing_and_trains_one_variant_has_nothing_to_forecast()
    {
        var left = await world.ReadAsync("power", "small");

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("small has no test whose power can be forecast");
    }

    [Theory]
    [InlineData("--replicates", "8,x", "--replicates: found 'x', expected whole numbers from 2 to 10000")]
    [InlineData("--power", "1", "--power: found '1', expected a number from 0.5 to 0.999")]
    [InlineData("--measure", "bareDrft", "did you mean")]
    public async Task What_cannot_be_understood_is_refused(string option, string value, string said)
    {
        var left = await world.ReadAsync("power", "small", option, value);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain(said);
    }

    private string File() => world.Spoilt("small.yaml", "variants:\n  keep-all: {curate: [keep-all]}\n  frozen: {train: none}\n", Declared);
}
