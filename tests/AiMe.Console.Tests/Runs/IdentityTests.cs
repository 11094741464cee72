using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>A charter of one's own, from the draft of its exchanges to a newborn of the embedded model.</summary>
public sealed class IdentityTests(World world) : IClassFixture<World>
{
    private static readonly string Charter = Path.Combine(AppContext.BaseDirectory, "Data", "charter.yaml");

    private static readonly string[] Short = ["--set", "replicates=1"];

    [Fact]
    public async Task A_drafted_identity_is_trained_once_and_the_run_has_one_digest_whatever_the_threads()
    {
        var (store, identity) = await DraftedAsync();
        var first = await world.RunAsync(store, [.. Short, .. identity]);
        first.Well().Errors.ShouldContain("Generation 0: the newborn says its name in ");
        Directory.GetDirectories(Path.Combine(store, "models"), "nano-*").Length.ShouldBe(2, "the base model and what it became");

        var other = world.NewStore();
        World.DigestOf(await world.RunAsync(other, [.. Short, .. identity, "--parallel", "1"])).ShouldBe(World.DigestOf(first));

        var run = World.RunOf(first);
        (await Aime.RunAsync(store, ["verify", "--store", store])).Code.ShouldBe(0);
        (await Aime.RunAsync(store, ["gc", "--dry-run", "--store", store])).Well();
        var page = (await Aime.RunAsync(store, ["show", run, "--store", store])).Well().Output;
        page.ShouldContain("newborn");
        page.ShouldContain("of its identity");
    }

    [Fact]
    public async Task The_instances_begin_with_another_model_than_without_it()
    {
        var (store, identity) = await DraftedAsync();
        (await world.RunAsync(store, [.. Short, .. identity])).Well();
        (await BasesAsync(store)).ShouldNotContain((await BasesAsync(world.Store)).Single());
        (await BasesAsync(store)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Validate_tells_what_the_newborn_shows_where_the_store_has_it()
    {
        var told = (await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small, "--store", world.Store])).Well().Output;
        told.ShouldContain("Generation 0: the newborn says its name in ");
        told.ShouldContain(" of 20 answers, ");
        told.ShouldContain(" of 2 goals of its charter");
        var without = (await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small, "--store", world.NewDirectory()])).Well().Output;
        without.ShouldNotContain("newborn");
    }

    [Fact]
    public async Task A_draft_goes_to_standard_output_or_to_a_new_file_and_overwrites_none()
    {
        var folder = world.NewDirectory();
        var lines = (await Aime.RunAsync(folder, ["identity", "draft", Charter])).Well().Lines;
        lines.Length.ShouldBeGreaterThan(24);
        JsonDocument.Parse(lines[0]).RootElement.GetProperty("completion").GetString().ShouldBe("I am Ada. I am a small mind.");

        (await Aime.RunAsync(folder, ["identity", "draft", Charter, "-o", "ex.jsonl"])).Well().Output.ShouldBeEmpty();
        (await File.ReadAllLinesAsync(Path.Combine(folder, "ex.jsonl"))).ShouldBe(lines);
        var again = await Aime.RunAsync(folder, ["identity", "draft", Charter, "-o", "ex.jsonl"]);
        (again.Code, again.Errors.Contains("ex.jsonl exists already", StringComparison.Ordinal)).ShouldBe((2, true));
    }

    [Fact]
    public async Task A_persona_becomes_a_charter_that_an_experiment_takes()
    {
        var folder = world.NewDirectory();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "p.json"),
            """{"persona": {"name": "Mira", "age": 41, "occupation": {"title": "Engineer"}, "personality": {"traits": ["You are calm."]}}}"""
        );
        var left = (await Aime.RunAsync(folder, ["identity", "import", "p.json", "-o", "charter.yaml"])).Well();
        left.Errors.ShouldContain("left out: persona.age");
        left.Errors.ShouldContain("assumed: it has no values");
        var valid = await Aime.RunAsync(folder, ["validate", world.Small, "--set", "charter=charter.yaml"]);
        valid.Well().Output.ShouldContain("is valid");
    }

    private async Task<(string Store, string[] Identity)> DraftedAsync()
    {
        var folder = world.NewDirectory();
        var file = Path.Combine(folder, "ex.jsonl");
        (await Aime.RunAsync(folder, ["identity", "draft", Charter, "-o", file])).Well();
        return (world.NewStore(), ["--set", $"identity={{data: {file}, epochs: 2}}"]);
    }

    private static Task<List<string>> BasesAsync(string store) =>
        World.QueryAsync(
            store,
            "SELECT DISTINCT json_extract(CAST(message AS TEXT), '$.d.spec.base') FROM journal WHERE manifest LIKE 'self.began@%'"
        );
}
