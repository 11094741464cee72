using System.Text.Json;
using AiMe.Console.Repl.Slash;
using AiMe.Console.Tests.Runs;
using AiMe.Hosts;

namespace AiMe.Console.Tests.Repl;

/// <summary>Conversations with the real process, by a script on its standard input.</summary>
public sealed class ConversationTests(World world) : IClassFixture<World>
{
    private static readonly string[] Script =
    [
        "# every command, and enough said for rounds, insights and trainings",
        "",
        "Who are you?",
        "What do you want?",
        "/why",
        "/memory",
        "Ich bin müde, 漢字 😀 e\u0301",
        "/memory Who are you?",
        "/goals",
        "What is good?",
        "/self",
        "/history 2",
        "/probe",
        "Are you honest?",
        "Do you learn?",
        "/train",
        "/train",
        "Tell me a word.",
        "What is calm?",
        "/rewind -1",
        "What is calm?",
        "/why",
        "/compare ada-1",
        "//slash first",
        "Who are you?",
        "What do you want?",
        "What is good?",
        "Are you honest?",
        "/rewind e3",
        "/history",
        "And now?",
        "/rewind 20",
        "Who are you?",
        "/self",
        "Do you learn?",
        "What is calm?",
        "/memory calm",
        "/help",
        "/save talk.md",
        "/save talk.jsonl",
        "/probe",
        "/quit",
        "This is not heard any more.",
    ];

    [Fact]
    public async Task A_script_with_every_command_gives_the_same_conversation_and_digest_in_two_stores()
    {
        var (first, second) = (await TalkAsync(world.NewStore(), "--json"), await TalkAsync(world.NewStore(), "--json"));

        second.Well().Lines.ShouldBe(first.Well().Lines);
        var objects = first.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        objects[0].GetProperty("new").GetBoolean().ShouldBeTrue();
        objects[^1].GetProperty("digest").GetString()!.Length.ShouldBe(64);
        objects
            .Where(o => Text(o, "is") == "command")
            .Select(o => Text(o, "command"))
            .Distinct()
            .ShouldBe(SlashCommand.All.Select(c => c.Name), ignoreOrder: true);
        objects.Select(o => Text(o, "error")).ShouldAllBe(e => e.Length == 0);
        objects.Where(o => Text(o, "is") == "turn").ShouldAllBe(o => Text(o, "output").Length > 0);
        objects
            .Where(o => Text(o, "command") == "rewind")
            .Select(o => Text(o, "fork"))
            .ShouldBe(["ada-1-fork-1", "ada-1-fork-2", "ada-1-fork-3"]);
    }

    [SlowFact]
    public async Task Another_seed_is_another_instance()
    {
        var store = world.NewStore();
        var (first, second) = (await TalkAsync(store, "--json"), await TalkAsync(store, "--json", "--seed", "8"));

        Property(first, 0, "run").ShouldNotBe(Property(second, 0, "run"));
        Property(first, ^1, "digest").ShouldNotBe(Property(second, ^1, "digest"));
    }

    [SlowFact]
    public async Task The_same_command_goes_on_with_the_same_instance_and_a_name_does_too()
    {
        var store = world.NewStore();
        await SayAsync(Ada(store, "--json"), "Who are you?");
        var again = await SayAsync(Ada(store, "--json"), "What do you want?");
        var named = await SayAsync(["console", "ada-1", "--store", store, "--json"], "What is good?");

        (Property(again, 0, "new"), Property(again, 0, "cycle"), Property(named, 0, "cycle"), Property(named, ^1, "cycle")).ShouldBe(
            ("False", "1", "2", "3")
        );
    }

    [Fact]
    public async Task Without_json_the_conversation_stands_on_standard_output_and_all_else_on_standard_error()
    {
        var left = (await SayAsync(Ada(world.NewStore()), "# a remark", "", "Who are you?", "/quit")).Well();

        left.Lines[0].ShouldBe("> Who are you?");
        left.Lines[1].ShouldNotBeEmpty();
        left.Lines[2].ShouldContain(", e1 in cycle 1, events 9 to ");
        left.Lines[3].ShouldBe("> /quit");
        left.Output.ShouldNotContain("\u001b");
        left.Errors.ShouldContain("ada-1 of ada-");
        left.Errors.ShouldContain("a new instance");
        left.Errors.ShouldContain("console ada-1 --store");
    }

    [Fact]
    public async Task A_finished_instance_of_a_run_answers_and_the_run_s_digest_stays()
    {
        var store = world.CopyOfStore();

        var left = (
            await SayAsync(
                ["console", "keep-all-1", "--store", store, "--json"],
                "Who are you?",
                "/rewind e2",
                "Who are you?",
                "/compare keep-all-1"
            )
        ).Well();

        Property(left, 1, "cycle").ShouldBe("13");
        Property(left, 2, "fork").ShouldBe("keep-all-1-fork-1");
        Property(left, 3, "cycle").ShouldBe("3");
        World.DigestOf(await world.RunAsync(store)).ShouldBe(world.Digest);
    }

    [SlowTheory]
    [InlineData("unknown command /wy; did you mean '/why'?", "/wy")]
    [InlineData("found '-1', but ada-1 has 0 exchanges", "/rewind 5", "/rewind -1")]
    [InlineData("found event 5, expected one after generation 0", "/rewind 5")]
    [InlineData("expected an earlier one", "Who are you?", "/rewind e1")]
    [InlineData("expected the index of an event such as 97", "/rewind back")]
    [InlineData("has no instance 'nobody'", "/compare nobody")]
    [InlineData("expected a file whose name ends in .md or .jsonl", "/save talk.txt")]
    [InlineData("exists already; use another name", "/save a.md", "/save a.md")]
    [InlineData("expected the number of exchanges, 1 or more", "/history all")]
    public async Task What_cannot_be_done_is_said_in_a_line_and_a_script_then_ends_with_1(string said, params string[] lines)
    {
        var left = await SayAsync(Ada(world.NewStore()), [.. lines, "Are you there?"]);

        left.Code.ShouldBe(1);
        left.Errors.ShouldContain(said);
        left.Output.ShouldContain("> Are you there?\n", customMessage: "the session goes on");
    }

    [Theory]
    [InlineData("--seed describes a new instance", "keep-all-1", "--seed", "3")]
    [InlineData("has no instance 'keep-al-1'; did you mean 'keep-all-1'?", "keep-al-1")]
    [InlineData("expected a name of at most 22 small letters", "--as", "Ada B")]
    [InlineData("--variant: ", "--experiment", "quickstart", "--variant", "inwrad")]
    [InlineData("expected --variant with one of inward, drawn, keep-all, frozen", "--experiment", "quickstart")]
    [InlineData("nobody.yaml", "--charter", "nobody.yaml")]
    public async Task A_wrong_command_line_is_refused_before_anything_is_written(string said, params string[] arguments)
    {
        var store = world.CopyOfStore();
        var before = File.GetLastWriteTimeUtc(Path.Combine(store, "journal.db"));
        var left = await SayAsync(["console", .. arguments, "--store", store], "Who are you?");

        left.Code.ShouldBe(2);
        left.Output.ShouldBeEmpty();
        left.Errors.ShouldContain(said);
        File.GetLastWriteTimeUtc(Path.Combine(store, "journal.db")).ShouldBe(before);
    }

    [Fact]
    public async Task An_instance_that_another_process_runs_answers_through_the_inbox()
    {
        var store = world.NewStore();
        using var host = Aime.Listen(world.NewDirectory(), Ada(store));
        await host.LineAsync("Type to talk");

        var left = await SayAsync(["console", "ada-1", "--store", store], "Who are you?", "/rewind -1", "/why", "/train");

        left.Code.ShouldBe(1);
        left.Errors.ShouldContain($"Process {host.Id} on ");
        left.Errors.ShouldContain("another process runs this instance");
        left.Output.ShouldContain(", e1 in cycle 1");
        (await host.HangUpAsync()).Well().Errors.ShouldContain("cycle 1, generation 1");
    }

    [Fact]
    public Task An_interrupt_ends_a_script_gently_and_the_instance_goes_on_later() => EndsGentlyAsync(interrupt: true);

    [SlowFact]
    public Task A_termination_ends_a_script_gently_and_the_instance_goes_on_later() => EndsGentlyAsync(interrupt: false);

    private async Task EndsGentlyAsync(bool interrupt)
    {
        var store = world.NewStore();
        using var aime = Aime.Listen(world.NewDirectory(), Ada(store));
        await aime.LineAsync("Type to talk");
        if (interrupt)
            aime.Interrupt();
        else
            aime.Terminate();

        var left = await aime.EndAsync();

        left.Code.ShouldBe(130);
        left.Errors.ShouldContain("  resume  ");
        (await SayAsync(Ada(store), "Who are you?")).Well();
    }

    private string[] Ada(string store, params string[] more) =>
        ["console", "--experiment", world.Small, "--variant", "keep-all", "--as", "ada", "--store", store, .. more];

    private Task<Left> TalkAsync(string store, params string[] more) => SayAsync(Ada(store, more), Script);

    private Task<Left> SayAsync(string[] arguments, params string[] lines)
    {
        var aime = Aime.Listen(world.NewDirectory(), arguments);
        try
        {
            aime.Say(lines);
        }
        catch (IOException)
        {
            // It has left without listening to the end: what it said then counts.
        }

        return EndAsync(aime);
    }

    private static async Task<Left> EndAsync(Aime aime)
    {
        using (aime)
            return await aime.HangUpAsync();
    }

    private static string Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Property(Left left, Index line, string key) =>
        JsonDocument.Parse(left.Lines[line]).RootElement.GetProperty(key).ToString();
}
