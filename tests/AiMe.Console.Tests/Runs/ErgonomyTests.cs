using System.Diagnostics;
using System.Text.Json;
using AiMe.Console.Tests.Help;

namespace AiMe.Console.Tests.Runs;

/// <summary>What a newcomer meets: init, shipped experiments by name, schemas, completion, the version.</summary>
public sealed class ErgonomyTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_starter_is_written_validated_and_named_after_its_directory()
    {
        var directory = world.NewDirectory();

        var left = (await Aime.RunAsync(directory, ["init", "My Study"])).Well();

        left.Lines.ShouldContain(Path.Combine("My Study", "experiment.yaml"));
        left.Errors.ShouldContain("run 'My Study/experiment.yaml'");
        var validated = (await Aime.RunAsync(directory, ["validate", "My Study/experiment.yaml"])).Well();
        validated.Output.ShouldContain("its run is my-study-");
        validated.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(l => l.Contains(": note: "));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/EXPERIMENTS.md")]
    public async Task The_experiment_of_a_page_is_valid(string page)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(HelpTests.RepositoryRoot(), page));
        var begin = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var yaml = text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)];
        var directory = world.NewDirectory();
        (await Aime.RunAsync(directory, ["init", "."])).Well();
        foreach (
            var (from, to) in new[] { ("charters/aime", "charter"), ("corpora/aime-2", "corpus/aime-2"), ("probes/identity", "probes") }
        )
            yaml = yaml.Replace($"../{from}.yaml", $"{to}.yaml", StringComparison.Ordinal);
        yaml = yaml.Replace("../stimuli/daily.jsonl", "stimuli.jsonl", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(directory, "experiment.yaml"), yaml);

        var left = await Aime.RunAsync(directory, ["validate", "experiment.yaml"]);

        left.Code.ShouldBe(0, left.Errors);
    }

    [Fact]
    public async Task A_starter_writes_over_nothing_unless_it_is_told_to()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "charter.yaml"), "mine");

        var left = await Aime.RunAsync(directory, ["init", "--name", "study"]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("charter.yaml exists already; nothing was written");
        left.Output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(directory).ShouldHaveSingleItem();
        (await Aime.RunAsync(directory, ["init", "--name", "study", "--force", "--charter-name", "Ada"])).Well();
        (await File.ReadAllTextAsync(Path.Combine(directory, "charter.yaml"))).ShouldContain("stem: I am Ada.");
    }

    [Theory]
    [InlineData("--name: found 'My Study', expected at most 40", "init", "here", "--name", "My Study")]
    [InlineData("--charter-name: found 'a: b', expected at most 40", "init", "here", "--charter-name", "a: b")]
    [InlineData(
        "schema: found 'charta', expected experiment, charter, probes, rubric, stimuli, or an output such as agreement-output; "
            + "did you mean 'charter'?",
        "schema",
        "charta"
    )]
    [InlineData("did you mean 'compare-output'?", "schema", "compare-outptu")]
    [InlineData("completion: found 'zhs', expected one of bash, zsh, fish, pwsh; did you mean 'zsh'?", "completion", "zhs")]
    [InlineData("quikstart: there is no such file", "run", "quikstart")]
    [InlineData("did you mean 'quickstart'?", "validate", "quikstart")]
    public async Task What_is_misspelt_is_told_with_the_nearest_word(string said, params string[] arguments)
    {
        var directory = world.NewDirectory();

        var left = await Aime.RunAsync(directory, arguments);

        left.Errors.ShouldContain(said);
        left.Output.ShouldBeEmpty();
        left.Code.ShouldBe(2);
        Directory.GetFileSystemEntries(directory).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("quickstart", "quickstart-224165f3")]
    [InlineData("quickstart-0.1", "quickstart-331f16cc")]
    public async Task A_shipped_experiment_is_found_by_its_name_and_said_to_be_taken(string name, string run)
    {
        var left = (await Aime.RunAsync(world.NewDirectory(), ["validate", name])).Well();

        left.Output.ShouldContain($"its run is {run}.");
        left.Errors.ShouldContain($"{name}: the shipped experiment ");
    }

    [Fact]
    public async Task A_file_of_that_name_goes_before_the_shipped_experiment()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "quickstart"), "name: 1");

        (await Aime.RunAsync(directory, ["validate", "quickstart"])).Errors.ShouldContain("quickstart:1:1: charter: the key is missing");
    }

    [Fact]
    public async Task Validate_gives_advice_and_a_run_does_not()
    {
        string[] more = ["--set", "replicates=1"];

        (await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small, .. more]))
            .Well()
            .Errors.ShouldContain("warning: replicates: with one replicate of each variant there is no interval");
        (await world.RunAsync(world.NewStore(), more)).Well().Errors.ShouldNotContain("anecdote");
    }

    [Fact]
    public async Task A_schema_is_printed_as_it_is_shipped() =>
        (await Aime.RunAsync(world.NewDirectory(), ["schema", "charter"]))
            .Well()
            .Output.ShouldBe(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "config", "schema", "charter.json")));

    [Fact]
    public async Task The_version_names_the_commit_where_the_build_knew_it() =>
        (await Aime.RunAsync(world.NewDirectory(), ["--version"]))
            .Well()
            .Lines.ShouldHaveSingleItem()
            .ShouldMatch(@"^[0-9]+\.[0-9]+\.[0-9]+(\+[0-9a-f]{40})?$");

    [Fact]
    public async Task A_dry_run_guesses_the_time_from_an_earlier_run_of_the_store()
    {
        var json = JsonDocument
            .Parse((await Aime.RunAsync(world.NewDirectory(), world.Command(world.Store, "--dry-run"))).Well().Lines.ShouldHaveSingleItem())
            .RootElement;

        json.GetProperty("secondsFrom").GetString().ShouldStartWith("the run small-");
        json.GetProperty("seconds")
            .GetProperty("low")
            .GetDouble()
            .ShouldBeLessThan(json.GetProperty("seconds").GetProperty("high").GetDouble());
        json.GetProperty("baseModelSeconds").GetProperty("high").GetDouble().ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_counts_the_training_of_a_base_model_that_the_store_lacks_though_it_has_another_of_the_preset()
    {
        var json = JsonDocument
            .Parse(
                (await Aime.RunAsync(world.NewDirectory(), world.Command(world.Store, "--dry-run", "--set", "model.seed=2")))
                    .Well()
                    .Lines.ShouldHaveSingleItem()
            )
            .RootElement;

        json.GetProperty("baseModelSeconds").GetProperty("low").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("secondsInAll")
            .GetProperty("high")
            .GetDouble()
            .ShouldBeGreaterThan(json.GetProperty("seconds").GetProperty("high").GetDouble());
    }

    [Fact]
    public async Task A_dry_run_names_the_journal_and_no_file_of_one_kind_of_store() =>
        (await Aime.RunAsync(world.NewDirectory(), ["run", world.Small, "--dry-run", "--store", world.Store]))
            .Well()
            .Lines.Select(l => l.Trim().Split(' ')[0])
            .ShouldContain("journal");

    [Theory]
    [InlineData("comp", "compare")]
    [InlineData("run --par", "--parallel")]
    [InlineData("run qu", "quickstart")]
    [InlineData("completion z", "zsh")]
    [InlineData("schema pro", "probes")]
    public async Task The_directive_proposes_what_can_come_next(string line, string proposal)
    {
        var lines = await ProposedAsync(line);

        lines.ShouldContain(proposal);
        lines.ShouldNotContain("/h");
    }

    [Fact]
    public async Task The_instances_and_the_runs_of_the_store_are_proposed()
    {
        (await ProposedAsync($"show --store {world.Store} froz")).ShouldBe(["frozen-1", "frozen-2", "frozen-3", "frozen-4"]);
        (await ProposedAsync($"diff --store {world.Store} frozen-1 keep-all-")).ShouldBe([
            "keep-all-1",
            "keep-all-2",
            "keep-all-3",
            "keep-all-4",
        ]);
        (await ProposedAsync($"diff --store {world.Store} keep-all-3")).ShouldBe(["keep-all-3"]);
        (await ProposedAsync($"status --store {world.Store} sma")).ShouldHaveSingleItem().ShouldStartWith("small-");
        (await ProposedAsync($"compare --store {world.Store} sma")).ShouldHaveSingleItem().ShouldStartWith("small-");
    }

    [Fact]
    public async Task Without_a_store_no_instance_is_proposed_and_nothing_is_said()
    {
        var left = await Aime.RunAsync(world.NewDirectory(), ["[suggest:4]", "show k"]);

        left.ShouldBe(new Left(0, left.Output, ""));
        left.Lines.ShouldAllBe(l => l.StartsWith('-'));
    }

    [SkippableTheory]
    [InlineData("aime comp", "compare,completion")]
    [InlineData("aime run quick", "quickstart,quickstart-0.1")]
    [InlineData("aime show --store STORE frozen-", "frozen-1,frozen-2,frozen-3,frozen-4")]
    public async Task A_real_bash_completes(string line, string replies)
    {
        Skip.IfNot(File.Exists("/bin/bash"), "there is no bash");
        var script = (await Aime.RunAsync(world.NewDirectory(), ["completion", "bash"])).Well().Output;
        var typed = line.Replace("STORE", world.Store, StringComparison.Ordinal);
        var words = typed.Split(' ');
        var test = $$"""
            aime() { "{{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}}" "{{Path.Combine(
                AppContext.BaseDirectory,
                "aime.dll"
            )}}" "$@"; }
            {{script}}
            COMP_WORDS=({{typed}}) COMP_CWORD={{words.Length - 1}} COMP_LINE='{{typed}}' COMP_POINT={{typed.Length}}
            _aime
            (IFS=,; echo "${COMPREPLY[*]}")
            """;
        using var bash = Process.Start(
            new ProcessStartInfo("/bin/bash", ["--norc", "-c", test])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                WorkingDirectory = world.NewDirectory(),
            }
        )!;

        (await bash.StandardOutput.ReadToEndAsync()).Trim().ShouldBe(replies);
    }

    private async Task<string[]> ProposedAsync(string line)
    {
        line = line.Replace("STORE", world.Store, StringComparison.Ordinal);
        return (await Aime.RunAsync(world.NewDirectory(), [$"[suggest:{line.Length}]", line])).Well().Lines;
    }
}
