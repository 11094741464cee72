using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>Checkpoints looked at, by the real console.</summary>
[Collection(nameof(World))]
public sealed class ModelsTests(World world)
{
    [Fact] public async Task A_run_is_listed_as_a_tree_below_its_base()
    {
        var page = (await world.ReadAsync("models", "list", "small")).Well().Output;
        page.ShouldContain("generation 0");
        page.ShouldContain("keep-all-1@1");
        page.ShouldContain("No checkpoint in 12 rounds of frozen-1 and 3 more: the variant is never trained.");
        page.Split('\n').ShouldAllBe(l => l.Length <= 100);
    }

    [Fact] public async Task Without_a_name_the_base_models_of_the_store_are_listed_too()
    {
        var first = Json((await world.ReadAsync("models", "list", "--json")).Well().Lines[0]);
        (Text(first, "is"), Text(first, "preset"), Text(first, "parameters")).ShouldBe(("base-model", "tiny", "149824"));
    }

    [Fact] public async Task A_life_is_listed_round_by_round_with_one_champion()
    {
        var lines = (await world.ReadAsync("models", "list", "keep-all-2", "--json")).Well().Lines.Select(Json).ToArray();
        lines.Select(l => $"{Text(l, "is")} {Text(l, "round")}").ShouldBe(["base 0", "checkpoint 1", "checkpoint 2", "checkpoint 3"]);
        lines.Count(l => l.GetProperty("champion").GetBoolean()).ShouldBe(1);
    }

    [Fact] public async Task A_checkpoint_is_shown_by_its_place_or_the_beginning_of_its_id()
    {
        var byPlace = Json((await world.ReadAsync("models", "show", "keep-all-1@2", "--json")).Well().Output);
        var byId = Json((await world.ReadAsync("models", "show", Text(byPlace, "id")[..12], "--json")).Well().Output);
        byId.ToString().ShouldBe(byPlace.ToString());
        (Text(byPlace, "round"), Text(byPlace, "blobBytes").Length).ShouldBe(("2", 6));
        byPlace.GetProperty("dataset").EnumerateArray().Count(p => Text(p, "is") == "kept").ShouldBe(2);
        (await world.ReadAsync("models", "show", "keep-all-1@2")).Well().Output.ShouldContain("keep-all-1@1");
    }

    [Fact] public async Task The_base_is_shown_with_what_it_was_made_from() =>
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

    private static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    private static string Text(JsonElement element, string key) => element.GetProperty(key).ToString();
}
