using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

public sealed class ReplayTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task Only_the_events_of_the_faculties_that_are_named_are_printed()
    {
        var printed = (await world.ReadAsync("replay", "keep-all-1", "--faculty", "curator", "--faculty", "trainer", "--json")).Well();

        printed
            .Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("faculty").GetString())
            .Distinct()
            .ShouldBe(["curator", "trainer"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_state_behind_the_last_event_is_that_of_the_host()
    {
        var printed = (await world.ReadAsync("replay", "keep-all-1", "--to", "9", "--state", "--json")).Well();
        var state = JsonDocument.Parse(printed.Lines[^1]).RootElement;

        printed.Lines.Length.ShouldBe(10);
        state.GetProperty("after").GetInt64().ShouldBe(9);
        state.GetProperty("states").EnumerateObject().Select(s => s.Name).ShouldBe(["self", "memory", "reflector", "curator", "trainer"]);
        (await world.ReadAsync("replay", "keep-all-1", "--to", "9", "--state")).Well().Output.ShouldContain("after #9");
    }

    [Fact]
    public async Task Played_at_a_speed_it_prints_the_same_and_says_so_on_standard_error()
    {
        var played = (await world.ReadAsync("replay", "keep-all-1", "--to", "20", "--speed", "1000x")).Well();

        played.Output.ShouldBe((await world.ReadAsync("replay", "keep-all-1", "--to", "20")).Output);
        played.Errors.ShouldContain("1000 times the recorded pace; no pause is longer than 2 s");
    }

    [Theory]
    [InlineData("did you mean 'curator'?", "--faculty", "curater")]
    [InlineData("such as 10x or 0.5x", "--speed", "fast")]
    [InlineData("such as 10x or 0.5x", "--speed", "0x")]
    [InlineData("found --speed and --step", "--speed", "2x", "--step")]
    [InlineData("standard input is redirected", "--step")]
    [InlineData("--interactive needs a terminal", "--interactive")]
    [InlineData("found --interactive with an option for printed output", "-i", "--json")]
    public async Task What_cannot_be_is_refused_with_words(string said, params string[] options)
    {
        var left = await world.ReadAsync(["replay", "keep-all-1", .. options]);

        left.Code.ShouldBe(2);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain(said);
    }
}
