using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

public sealed class BadInputTests(World world) : IClassFixture<World>
{
    /// <summary>File, what stands there, what is put instead, and what is said of it.</summary>
    public static TheoryData<string, string, string, string> Spoilt =>
        new()
        {
            { "small.yaml", "charter: charter.yaml", "charter: nobody.yaml", "small.yaml:5:10: charter: " },
            { "small.yaml", "set: probes.yaml}", "set: probes.yaml", "this is not YAML" },
            {
                "small.yaml",
                "replicates: 4",
                "replicats: 4",
                "small.yaml:4:1: replicats: the key is unknown, expected one of name, loop-version, seed, replicates"
            },
            { "small.yaml", "replicates: 4", "replicats: 4", "did you mean 'replicates'?" },
            { "small.yaml", "curate: [keep-all]", "curate: [keep-al]", "did you mean 'keep-all'?" },
            {
                "small.yaml",
                "count: 10",
                "count: -1",
                "small.yaml:7:41: stimuli.count: found '-1', expected a whole number from 1 to 1000000"
            },
            { "small.yaml", "records: 600", "records: 0", "model.records: found '0', expected a whole number from 1 to 1000000" },
            { "charter.yaml", "traits: [calm, curious]", "traits: []", "charter.yaml:3:9: traits: found an empty list" },
            { "probes.yaml", "kind: open", "kind: opn", "did you mean 'open'?" },
            { "stimuli.jsonl", "{\"id\": \"s3\"", "{\"id\" \"s3\"", "stimuli.jsonl:3:" },
            { "corpus.yaml", "{ask}", "{aks}", "did you mean 'ask'?" },
            { "corpus.yaml", "stimulus: \"{ask}\"", "stimulus: \"{oops\"", "corpus.yaml:" },
        };

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task What_is_wrong_with_a_file_is_said_with_its_place_and_nothing_is_written(
        string file,
        string before,
        string after,
        string said
    ) => await ShouldBeRefusedAsync(["run", world.Spoilt(file, before, after)], said);

    [Fact]
    public async Task A_corpus_that_says_too_little_is_refused_before_anything_is_trained()
    {
        var small = world.Spoilt("small.yaml", "name: small", "name: small");
        await File.WriteAllTextAsync(
            Path.Combine(Path.GetDirectoryName(small)!, "corpus.yaml"),
            """
            records:
              - {kind: only, weight: 1, in-character: true, topic: one, stimulus: Hello., outcomes: [{weight: 1, answer: Hello.}]}
            """
        );

        await ShouldBeRefusedAsync(["run", small], "too few different exchanges");
    }

    [Theory]
    [InlineData("nowhere.yaml: there is no such file", "run", "nowhere.yaml")]
    [InlineData("unknown word '--stor'; did you mean '--store'?", "run", "SMALL", "--stor", "x")]
    [InlineData("unknown word 'rn'; did you mean 'run'?", "rn")]
    [InlineData("--parallel: found '0', expected a whole number from 1 to", "run", "SMALL", "--parallel", "0")]
    [InlineData("--seed: found 'x', expected a whole number from 0 to 9223372036854775807", "run", "SMALL", "--seed", "x")]
    [InlineData("--set train.evry=2: train.evry: the key is unknown", "run", "SMALL", "--set", "train.evry=2")]
    [InlineData("did you mean 'every'?", "run", "SMALL", "--set", "train.evry=2")]
    [InlineData("There is no store at", "list", "--store", "nowhere")]
    [InlineData("There is no store at", "compare", "--store", "nowhere")]
    [InlineData(
        "--role and --health apply to a node of a cluster; expected --node, --join or --discovery with them",
        "run",
        "quickstart",
        "--role",
        "mind"
    )]
    [InlineData("--discovery: found 'dns', expected kubernetes: and a label selector", "run", "quickstart", "--discovery", "dns")]
    [InlineData("--discovery: this process is not in a pod of Kubernetes", "run", "quickstart", "--discovery", "kubernetes:app=aime")]
    [InlineData("--contact-points applies to --discovery", "run", "quickstart", "--contact-points", "3")]
    [InlineData("--journal: found 'sql', expected one of aime, akka-sql", "run", "quickstart", "--journal", "sql")]
    public async Task What_is_wrong_with_the_command_line_is_said_and_nothing_is_written(string said, params string[] arguments) =>
        await ShouldBeRefusedAsync([.. arguments.Select(a => a == "SMALL" ? world.Small : a)], said);

    [Fact]
    public async Task A_file_where_the_store_s_directory_belongs_is_the_error()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "store"), "precious");

        var left = await Aime.RunAsync(directory, ["run", world.Small, "--store", "store"]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("is a file, expected a directory");
        (await File.ReadAllTextAsync(Path.Combine(directory, "store"))).ShouldBe("precious");
    }

    [Fact]
    public async Task All_problems_are_told_at_once_and_each_stays_on_its_line()
    {
        var small = world.Spoilt(
            "small.yaml",
            "replicates: 4",
            "replicates: none\nlengthy: a-text-that-is-long-enough-to-be-wrapped-by-a-terminal-of-a-hundred-columns"
        );

        var left = await Aime.RunAsync(world.NewDirectory(), ["validate", small]);

        left.Code.ShouldBe(2);
        left.Errors.Split('\n').Count(l => l.StartsWith(small, StringComparison.Ordinal)).ShouldBe(2);
        left.Errors.ShouldContain("has 2 problems; nothing was written.");
    }

    [Fact]
    public async Task Validate_with_json_prints_an_object_for_each_problem()
    {
        var left = await Aime.RunAsync(world.NewDirectory(), ["validate", world.Spoilt("small.yaml", "count: 10", "count: -1"), "--json"]);

        left.Code.ShouldBe(2);
        var problem = JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement;
        problem.GetProperty("key").GetString().ShouldBe("stimuli.count");
        problem.GetProperty("line").GetInt32().ShouldBe(7);
        problem.GetProperty("severity").GetString().ShouldBe("error");
    }

    [Fact]
    public async Task A_dry_run_says_what_a_run_comes_to_and_writes_nothing()
    {
        var directory = world.NewDirectory();

        var left = (await Aime.RunAsync(directory, ["run", world.Small, "--dry-run", "--json"])).Well();

        var json = JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement;
        json.GetProperty("instances").GetInt32().ShouldBe(8);
        json.GetProperty("cycles").GetInt32().ShouldBe(12);
        Directory.GetFileSystemEntries(directory).ShouldBeEmpty();
    }

    private async Task ShouldBeRefusedAsync(string[] arguments, string said)
    {
        var directory = world.NewDirectory(); // the default store would be made in it

        var left = await Aime.RunAsync(directory, arguments);

        left.Errors.ShouldContain(said);
        left.Output.ShouldBeEmpty();
        left.Code.ShouldBe(2, left.Errors);
        Directory.GetFileSystemEntries(directory).ShouldBeEmpty();
    }
}
