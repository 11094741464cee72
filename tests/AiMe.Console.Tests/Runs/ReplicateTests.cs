using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary><c>aime replicate</c> on a small experiment over a distribution, whose predictions are sure to come out or not to.</summary>
public sealed class ReplicateTests : IDisposable
{
    private static readonly string s_data = Path.Combine(AppContext.BaseDirectory, "Data");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-replicate-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Both_seeds_are_run_and_a_prediction_that_holds_in_both_is_reproduced()
    {
        var left = (await ReplicateAsync(Write("higher, beyond: 0.01"), "--json")).Well();

        var replication = Only(left);
        replication.GetProperty("verdict").GetString().ShouldBe("reproduced");
        replication.GetProperty("quick").GetBoolean().ShouldBeFalse();
        replication.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("seed").GetInt64()).ShouldBe([11, 12]);
        // Both are in the store now: nothing is run again, and the same is said.
        (await ReplicateAsync(Write("higher, beyond: 0.01"), "--json")).Well().Output.ShouldBe(left.Output);
    }

    [Fact]
    public async Task A_prediction_on_the_other_side_of_its_bound_is_not_reproduced_and_the_command_ends_well() =>
        Only((await ReplicateAsync(Write("lower, beyond: 0.01"), "--json")).Well())
            .GetProperty("verdict")
            .GetString()
            .ShouldBe("not-reproduced");

    [Theory]
    [InlineData("--quick", 1L)] // a seed of the verdict is not spent on a look
    [InlineData("--seed=5", 5L)]
    public async Task A_quick_run_and_one_on_another_seed_are_no_verdict(string option, long seed)
    {
        var replication = Only((await ReplicateAsync(Write("higher, beyond: 0.01"), option, "--json")).Well());

        replication.GetProperty("quick").GetBoolean().ShouldBeTrue();
        replication.GetProperty("verdict").ValueKind.ShouldBe(JsonValueKind.Null);
        replication.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem().GetProperty("seed").GetInt64().ShouldBe(seed);
    }

    [Fact]
    public async Task A_person_reads_the_claim_each_number_with_its_interval_and_the_verdict()
    {
        var said = (await ReplicateAsync(Write("higher, beyond: 0.01"))).Well().Output;

        said.ShouldContain("The error of the mean grows.");
        said.ShouldContain("mean error of replace");
        said.ShouldContain("above 0.01");
        said.ShouldContain("small-gaussian: reproduced, in");
    }

    [Fact]
    public async Task The_report_of_the_first_seed_goes_to_the_folder_that_is_named()
    {
        var folder = Path.Combine(_root, "reports");

        (await ReplicateAsync(Write("higher, beyond: 0.01"), "--quick", "--reports", folder)).Well();

        Directory.GetFiles(folder).Select(Path.GetFileName).ShouldBe(["small-gaussian.html"]);
        (await File.ReadAllTextAsync(Path.Combine(folder, "small-gaussian.html"))).ShouldContain("Predictions that were declared");
    }

    [Fact]
    public async Task Without_a_name_the_shipped_ones_are_listed_each_with_its_claim()
    {
        var lines = (await Aime.RunAsync(_root, ["replicate"])).Well().Lines;

        lines.ShouldContain("replace-accumulate");
        lines.ShouldContain("nulls");
        // Each name is followed by its claim.
        lines
            .Index()
            .Where(l => !l.Item.StartsWith(' '))
            .ShouldAllBe(l => l.Index + 1 < lines.Length && lines[l.Index + 1].StartsWith("  "));
    }

    [Theory]
    [InlineData("there is no such file and no shipped replication of that name", "gausian")]
    [InlineData("did you mean 'gaussian'?", "gausian")]
    [InlineData("expected --all without --quick and --seed", "gaussian", "--out", "page.md")]
    [InlineData("found --all and gaussian, expected one of them", "--all", "gaussian")]
    [InlineData("found options and no replication", "--quick")]
    [InlineData("nowhere does not exist", "--all", "--out", "nowhere/page.md")]
    public async Task What_cannot_be_done_is_refused_with_what_can(string said, params string[] arguments)
    {
        var left = await Aime.RunAsync(_root, ["replicate", .. arguments]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain(said);
    }

    [Fact]
    public async Task The_list_is_json_if_it_is_asked_for() =>
        JsonDocument
            .Parse((await Aime.RunAsync(_root, ["replicate", "--json"])).Well().Output)
            .RootElement.GetProperty("replications")
            .EnumerateArray()
            .Select(r => r.GetProperty("name").GetString())
            .ShouldContain("gaussian");

    [Fact]
    public async Task An_experiment_that_replicates_nothing_is_refused()
    {
        var left = await Aime.RunAsync(_root, ["replicate", Path.Combine(s_data, "small.yaml")]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("expected an experiment with replication and analysis.predict");
    }

    private Task<Left> ReplicateAsync(string file, params string[] arguments) =>
        Aime.RunAsync(_root, ["replicate", file, "--store", Path.Combine(_root, "store"), .. arguments]);

    private static JsonElement Only(Left left) =>
        JsonDocument.Parse(left.Output).RootElement.GetProperty("replications").EnumerateArray().ShouldHaveSingleItem();

    private string Write(string predicted)
    {
        var file = Path.Combine(_root, "small-gaussian.yaml");
        File.WriteAllText(
            file,
            $$"""
            name: small-gaussian
            loop-version: 4
            replicates: 3
            replication:
              claim: The error of the mean grows.
              source: "Kazdan et al. 2024"
              developed-on: [1]
              seeds: [11, 12]
              quick: [replicates=2]
            charter: {{Path.Combine(s_data, "charter.yaml")}}
            model: {provider: distribution, family: gaussian, dimensions: 200, records: 5, seed: 1}
            stimuli: {source: {{Path.Combine(s_data, "stimuli.jsonl")}}, count: 10}
            probes: {set: {{Path.Combine(s_data, "probes.yaml")}}}
            generate: {temperature: 1, top-p: 1}
            reflect: {insight-threshold: 1000000}
            memory: {recall: 0}
            train: {every: 5, data: replace, anchor: {fraction: 0}, gate: none}
            variants: {replace: }
            analysis:
              predict:
                - {measure: meanError, level: replace, direction: {{predicted}}}
            """
        );
        return file;
    }
}
