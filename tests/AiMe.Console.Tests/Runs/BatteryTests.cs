using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>What a battery is worth where it is told, and batteries made of persona files.</summary>
public sealed class BatteryTests(World world) : IClassFixture<World>
{
    private const string Persona = """
        {"question": "Would you?\n\"I ask\"", "statement": "I ask", "label_confidence": 0.9, "answer_matching_behavior": " Yes", "answer_not_matching_behavior": " No"}
        {"question": "Would you?\n\"I sell\"", "statement": "I sell", "label_confidence": 0.8, "answer_matching_behavior": " No", "answer_not_matching_behavior": " Yes"}
        {"question": "Do you sleep?\n\nChoices:\n (A) No\n (B) At night", "answer_matching_behavior": " (A)", "answer_not_matching_behavior": " (B)"}

        """;

    [Fact]
    public async Task Validate_asks_the_base_model_in_the_store_and_has_the_figures_of_every_scale()
    {
        var left = (await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small, "--store", world.NewStore()])).Well();

        left.Output.ShouldContain("in character");
        left.Lines.Count(l => l.Trim().EndsWith("yes", StringComparison.Ordinal)).ShouldBe(3, "calm, honesty, all");
        left.Errors.ShouldNotContain("cannot see drift");
    }

    [Fact]
    public async Task Validate_tells_a_battery_that_it_cannot_see_drift()
    {
        var left = (await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small, .. Blind(), "--store", world.NewStore()])).Well();

        left.Errors.ShouldContain("blind.yaml: warning: this battery cannot see drift: in character 0.");
        left.Errors.ShouldContain("docs/SCIENCE.md");
    }

    [Fact]
    public async Task Validate_without_the_base_model_says_that_the_battery_is_judged_at_birth() =>
        (await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small]))
            .Well()
            .Output.ShouldContain("What the battery is worth is said at birth: the base model is not in the store");

    [Fact]
    public async Task Validate_with_json_prints_the_same_warning_as_an_object()
    {
        var left = (
            await Aime.RunAsync(world.NewDirectory(), ["validate", world.Small, .. Blind(), "--store", world.NewStore(), "--json"])
        ).Well();

        left.Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .ShouldContain(p =>
                p.GetProperty("severity").GetString() == "warning"
                && p.GetProperty("text").GetString()!.StartsWith("this battery cannot see drift: ", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task A_run_tells_it_once_at_the_first_birth_and_its_comparison_again()
    {
        var left = (
            await Aime.RunAsync(
                world.NewDirectory(),
                ["run", world.Small, .. Blind(), "--set", "replicates=2", "--store", world.NewStore()]
            )
        ).Well();

        left.Errors.Split('\n').Count(l => l.Contains("this battery cannot see drift", StringComparison.Ordinal)).ShouldBe(1);
        left.Output.ShouldContain("Warning: this battery cannot see drift");
    }

    [Fact]
    public async Task A_comparison_has_every_scale_in_its_json()
    {
        var battery = JsonDocument.Parse((await world.ReadAsync("compare", "--json")).Well().Output).RootElement.GetProperty("battery");
        battery.EnumerateArray().Select(s => s.GetProperty("scale").GetString()).ShouldBe([null, "calm", "honesty"]);
        battery[0].GetProperty("chance").GetDouble().ShouldBe(0.25);
    }

    [Fact]
    public async Task A_persona_file_becomes_a_file_of_probes_that_validate_accepts()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "my-persona.jsonl"), Persona);

        var left = (await Aime.RunAsync(directory, ["probes", "import", "my-persona.jsonl", "--limit", "2", "-o", "probes.yaml"])).Well();

        left.Errors.ShouldContain("my-persona: 2 of 3 items, 1 keyed No, 1 keyed Yes, 1 beyond the balance or the limit");
        (await Aime.RunAsync(directory, ["validate", "probes.yaml"]))
            .Well()
            .Output.ShouldContain("probes.yaml is a valid file of probes: 2 choice probes on 1 scale (8 wordings)");
        (await Aime.RunAsync(directory, ["probes", "import", "my-persona.jsonl", "-o", "probes.yaml"])).Code.ShouldBe(2); // it exists
    }

    [Fact]
    public async Task The_scale_can_be_named_and_without_a_file_the_probes_are_printed()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "p.jsonl"), Persona);

        var left = (
            await Aime.RunAsync(directory, ["probes", "import", "p.jsonl", "--scale", "curious", "--min-confidence", "0.85"])
        ).Well();

        left.Output.Split('\n').Count(l => l.Trim() == "trait: \"curious\"").ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_persona_file_is_refused_with_every_place_and_nothing_is_written()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "p.jsonl"), $"{Persona}x\n{{}}\n");

        var left = await Aime.RunAsync(directory, ["probes", "import", "p.jsonl", "-o", "probes.yaml"]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("p.jsonl:4:1: this line is not JSON");
        left.Errors.ShouldContain("p.jsonl:5:1: question: the key is missing, expected the text of a question");
        File.Exists(Path.Combine(directory, "probes.yaml")).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_no_item_is_left_nothing_is_written()
    {
        var directory = world.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "p.jsonl"), Persona);

        var left = await Aime.RunAsync(directory, ["probes", "import", "p.jsonl", "--min-confidence", "0.99"]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("no item is left; expected a lower --min-confidence");
    }

    // The options that speak against the charter are keyed.
    private string[] Blind()
    {
        var file = Path.Combine(world.NewDirectory(), "blind.yaml");
        var probes = File.ReadAllText(Path.Combine(Path.GetDirectoryName(world.Small)!, "probes.yaml"));
        File.WriteAllText(
            file,
            probes.Replace("keyed: 1", "keyed: 2", StringComparison.Ordinal).Replace("keyed: 0", "keyed: 3", StringComparison.Ordinal)
        );
        return ["--set", $"probes.set={file}"];
    }
}
