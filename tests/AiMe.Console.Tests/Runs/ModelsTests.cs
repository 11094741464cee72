using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>Checkpoints looked at, by the real console.</summary>
public sealed class ModelsTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_run_is_listed_as_a_tree_below_its_base()
    {
        var page = (await world.ReadAsync("models", "list", "small")).Well().Output;
        page.ShouldContain("generation 0");
        page.ShouldContain("keep-all-1@1");
        page.ShouldContain("No checkpoint in 12 rounds of frozen-1 and 3 more: the variant is never trained.");
        page.Split('\n').ShouldAllBe(l => l.Length <= 100);
    }

    [Fact]
    public async Task Without_a_name_the_base_models_of_the_store_are_listed_too()
    {
        var first = Json((await world.ReadAsync("models", "list", "--json")).Well().Lines[0]);
        (Text(first, "is"), Text(first, "preset"), Text(first, "parameters")).ShouldBe(("base-model", "tiny", "149824"));
    }

    [Fact]
    public async Task An_instance_is_listed_round_by_round_with_one_champion()
    {
        var lines = (await world.ReadAsync("models", "list", "keep-all-2", "--json")).Well().Lines.Select(Json).ToArray();
        lines.Select(l => $"{Text(l, "is")} {Text(l, "round")}").ShouldBe(["base 0", "checkpoint 1", "checkpoint 2", "checkpoint 3"]);
        lines.Count(l => l.GetProperty("champion").GetBoolean()).ShouldBe(1);
    }

    [Fact]
    public async Task A_checkpoint_is_shown_by_its_place_or_the_beginning_of_its_id()
    {
        var byPlace = Json((await world.ReadAsync("models", "show", "keep-all-1@2", "--json")).Well().Output);
        var byId = Json((await world.ReadAsync("models", "show", Text(byPlace, "id")[..12], "--json")).Well().Output);
        byId.ToString().ShouldBe(byPlace.ToString());
        (Text(byPlace, "round"), Text(byPlace, "blobBytes").Length).ShouldBe(("2", 6));
        byPlace.GetProperty("dataset").EnumerateArray().Count(p => Text(p, "is") == "kept").ShouldBe(2);
        (await world.ReadAsync("models", "show", "keep-all-1@2")).Well().Output.ShouldContain("keep-all-1@1");
    }

    [Fact]
    public async Task The_base_is_shown_with_what_it_was_made_from() =>
        (await world.ReadAsync("models", "show", "base")).Well().Output.ShouldContain("preset tiny, 600 records");

    [Theory]
    [InlineData("it has keep-all-1@1, keep-all-1@2, keep-all-1@3", "models", "show", "keep-all-1@9")]
    [InlineData("the variant is never trained", "models", "show", "frozen-1@1")]
    [InlineData("expected the first digits of a checkpoint's id", "models", "show", "ffffffffffff")]
    [InlineData("expected the number of a round", "models", "show", "keep-all-1@two")]
    [InlineData("has no run or instance 'smol'", "models", "list", "smol")]
    public async Task A_model_that_is_not_there_is_told(string message, params string[] arguments)
    {
        var left = await world.ReadAsync(arguments);
        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain(message);
    }

    [Fact]
    public async Task Samples_stand_one_a_line_behind_their_stimulus_and_again_the_same()
    {
        var left = (await world.ReadAsync("models", "sample", "keep-all-1@3", "--count", "25")).Well();
        left.Lines.Length.ShouldBe(25);
        left.Lines.ShouldAllBe(l => l.Split('\t').Length == 2);
        left.Lines.Take(10).Select(l => l.Split('\t')[0]).Distinct().Count().ShouldBe(10);
        left.Errors.ShouldContain("25 samples of 10 prompts");
        (await world.ReadAsync("models", "sample", "keep-all-1@3", "--count", "25")).Well().Output.ShouldBe(left.Output);
    }

    [Fact]
    public async Task A_sample_of_the_base_has_the_probability_of_every_token()
    {
        var samples = (await world.ReadAsync("models", "sample", "base", "--prompt", "Where is the sea?", "--count", "4", "--json"))
            .Well()
            .Lines.Select(Json)
            .ToArray();
        samples.Length.ShouldBe(4);
        foreach (var sample in samples)
        {
            Text(sample, "prompt").ShouldBe("Where is the sea?");
            sample
                .GetProperty("logProbabilities")
                .EnumerateArray()
                .Sum(t => t.GetProperty("nats").GetDouble())
                .ShouldBe(sample.GetProperty("nats").GetDouble(), 1e-9);
        }
    }

    [Fact]
    public async Task A_base_model_that_is_there_is_measured_against_the_grammars_floor()
    {
        var store = world.NewStore();
        var made = Json(
            (await Aime.RunAsync(store, ["models", "pretrain", world.Small, "--held-out", "200", "--json", "--store", store])).Well().Output
        );
        (made.GetProperty("wasThere").GetBoolean(), Text(made, "preset")).ShouldBe((true, "tiny"));
        foreach (var loss in new[] { made.GetProperty("heldOut"), made.GetProperty("fresh") })
        {
            loss.GetProperty("exchanges").GetInt32().ShouldBe(200);
            var (nats, floor) = (loss.GetProperty("crossEntropy").GetDouble(), loss.GetProperty("floor").GetDouble());
            floor.ShouldBeInRange(0.01, nats);
            loss.GetProperty("perplexity").GetDouble().ShouldBe(Math.Exp(nats), 1e-9);
        }

        (await Aime.RunAsync(store, ["models", "sample", world.Small, "--count", "2", "--store", store])).Well().Lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Another_seed_makes_another_base_model_which_is_then_listed()
    {
        var store = world.NewStore();
        var page = (
            await Aime.RunAsync(
                store,
                ["models", "pretrain", world.Small, "--records", "100", "--seed", "9", "--held-out", "20", "--store", store]
            )
        ).Well();
        page.Output.ShouldContain("100 records, seed 9");
        page.Output.ShouldContain("excluded from all training");
        page.Output.ShouldContain("drawn from the training");
        page.Errors.ShouldContain("100% trained");
        (await Aime.RunAsync(store, ["models", "list", "--json", "--store", store])).Well().Lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_checkpoint_is_exported_as_a_llama_that_says_what_it_is()
    {
        var folder = Path.Combine(world.NewDirectory(), "out");
        (await world.ReadAsync("models", "export", "keep-all-1@2", "--out", folder)).Well().Errors.ShouldContain("6 files");
        var shown = Json((await world.ReadAsync("models", "show", "keep-all-1@2", "--json")).Well().Output);
        Convert
            .ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "model.safetensors")))
            )
            .ShouldBe(Text(shown, "id"));
        Json(await File.ReadAllTextAsync(Path.Combine(folder, "config.json"))).GetProperty("model_type").GetString().ShouldBe("llama");
        var readme = await File.ReadAllTextAsync(Path.Combine(folder, "README.md"));
        readme.ShouldContain("keep-all-1");
        foreach (var part in shown.GetProperty("dataset").EnumerateArray())
            readme.ShouldContain(Text(part, "sha256"));
    }

    [Theory]
    [InlineData("all its weights were trained", "models", "export", "keep-all-1@2", "--as", "peft", "--out", "new")]
    [InlineData("is not empty", "models", "export", "keep-all-1@2", "--out", "/")]
    [InlineData("Option '--out' is required", "models", "export", "keep-all-1@2")]
    [InlineData("found 'hot', expected a number from 0 to 2", "models", "sample", "base", "--temperature", "hot")]
    [InlineData("found an empty text", "models", "sample", "base", "--prompt", "")]
    public async Task What_cannot_be_done_is_told(string message, params string[] arguments)
    {
        var left = await world.ReadAsync(arguments);
        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain(message);
    }

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    private static string Text(JsonElement element, string key) => element.GetProperty(key).ToString();
}
