using System.Text.Json;

namespace AiMe.Console.Tests.Runs;

/// <summary>Instances that receive unplanned input, by the real console: finished, paused and running.</summary>
public sealed class InjectTests(World world) : IClassFixture<World>
{
    [Fact]
    public async Task A_finished_instance_answers_and_the_digest_of_its_run_stays()
    {
        var store = world.CopyOfStore();
        var left = (await Aime.RunAsync(store, ["inject", "keep-all-1", "Who are you?", "--store", store])).Well();
        left.Output.ShouldContain("input");
        left.Output.ShouldContain("Who are you?");
        left.Output.ShouldContain("is kept");
        World.DigestOf(await Aime.RunAsync(store, world.Command(store))).ShouldBe(world.Digest);
    }

    [Fact]
    public async Task What_is_said_is_replayed_at_its_index_and_the_chain_holds()
    {
        var store = world.CopyOfStore();
        var answer = Json(await Aime.RunAsync(store, ["inject", "frozen-1", "Where is the sea?", "--store", store, "--json"]));
        var replayed = (
            await Aime.RunAsync(
                store,
                ["replay", "frozen-1", "--from", Text(answer, "first"), "--to", Text(answer, "last"), "--store", store, "--json"]
            )
        ).Well();
        replayed.Lines[0].ShouldContain("Where is the sea?");
        replayed.Lines[^1].ShouldContain("memory.stored@1");
    }

    [Fact]
    public async Task The_same_said_to_the_same_instance_is_answered_the_same()
    {
        var answers = new List<string>();
        foreach (var store in new[] { world.CopyOfStore(), world.CopyOfStore() })
            answers.Add(
                Text(Json(await Aime.RunAsync(store, ["inject", "keep-all-2", "What now?", "--store", store, "--json"])), "output")
            );
        answers[0].ShouldBe(answers[1]);
    }

    [Fact]
    public async Task A_paused_instance_answers_and_the_run_goes_on_with_all_its_stimuli()
    {
        var store = world.NewStore();
        using (var watch = new JournalWatch(store))
        using (var run = Aime.Start(store, world.Command(store)))
        {
            var left = run.EndAsync();
            await watch.RowsAsync(60, left);
            run.Interrupt();
            (await left).Code.ShouldBe(130);
        }

        (await Aime.RunAsync(store, ["inject", "keep-all-3", "Are you there?", "--store", store]))
            .Well()
            .Output.ShouldContain("Are you there?");
        var ended = Json(await Aime.RunAsync(store, world.Command(store)));
        ended.GetProperty("experiences").GetInt32().ShouldBe(8 * 12 + 1);
    }

    [Fact]
    public async Task Into_a_running_run_it_goes_through_the_inbox_and_the_run_goes_on()
    {
        var store = world.NewStore();
        using var watch = new JournalWatch(store);
        using var run = Aime.Start(store, world.Command(store, "--parallel", "1"));
        var ended = run.EndAsync();
        await watch.RowsAsync(40, ended);
        (await Aime.RunAsync(store, ["inject", "keep-all-4", "Can you hear me?", "--store", store]))
            .Well()
            .Output.ShouldContain("Can you hear me?");
        Json(await ended)
            .GetProperty("experiences")
            .GetInt32()
            .ShouldBeInRange(
                8 * 12,
                (8 * 12) + 1,
                "counted where it was heard before the plan's end, which a fast machine may have reached"
            );
        (await Aime.RunAsync(store, ["replay", "keep-all-4", "--store", store])).Well().Output.ShouldContain("Can you hear me?");
    }

    [Fact]
    public async Task What_an_instance_cannot_answer_is_said_to_wait_and_the_doctor_names_it()
    {
        var store = world.CopyOfStore();
        Directory.Delete(Path.Combine(store, "blobs"), recursive: true);
        var left = await Aime.RunAsync(store, ["inject", "keep-all-1", "Who are you?", "--store", store]);
        left.Code.ShouldBe(1, left.Output);
        left.Errors.ShouldContain("Your input waits in the run's inbox.");
        (await Aime.RunAsync(store, ["doctor", "--store", store]))
            .Output.ReplaceLineEndings(" ")
            .ShouldContain("waiting: 1 to keep-all-1 of small");
        (await world.ReadAsync("doctor")).Output.ShouldContain("no pending input");
    }

    [Fact]
    public async Task What_is_not_waited_for_is_processed_at_the_next_run()
    {
        var store = world.CopyOfStore();
        (await Aime.RunAsync(store, ["inject", "keep-all-1", "Later, please.", "--no-wait", "--store", store]))
            .Well()
            .Output.ShouldContain("in the inbox");
        World.DigestOf(await Aime.RunAsync(store, world.Command(store))).ShouldBe(world.Digest);
        (await Aime.RunAsync(store, ["replay", "keep-all-1", "--store", store])).Well().Output.ShouldContain("Later, please.");
    }

    [Fact]
    public async Task All_of_a_variant_answer_side_by_side()
    {
        var store = world.CopyOfStore();
        var left = (
            await Aime.RunAsync(store, ["inject", "--all-of", "small", "--variant", "frozen", "Who are you?", "--store", store])
        ).Well();
        foreach (var name in new[] { "frozen-1", "frozen-2", "frozen-3", "frozen-4" })
            left.Output.ShouldContain(name);
        left.Output.ShouldNotContain("keep-all-1");
    }

    [Fact]
    public async Task What_was_exported_is_imported_with_its_answers_reflections_and_times()
    {
        var store = world.CopyOfStore();
        var file = Path.Combine(store, "lived.jsonl");
        (await Aime.RunAsync(store, ["export", "keep-all-1", "--store", store, "--out", file])).Well();
        (await Aime.RunAsync(store, ["import", file, "--into", "frozen-1", "--store", store]))
            .Well()
            .Output.ShouldContain("12 experiences given to frozen-1: 12 kept");
        var told = (await Aime.RunAsync(store, ["export", "frozen-1", "--store", store])).Well().Lines[12..];
        told.ShouldBe(await File.ReadAllLinesAsync(file));
    }

    [Fact]
    public async Task Pairs_and_chats_are_told_too_and_reflected_on()
    {
        var store = world.CopyOfStore();
        var file = Path.Combine(store, "told.jsonl");
        await File.WriteAllLinesAsync(
            file,
            [
                """{"prompt": "Where were you?", "completion": "At home."}""",
                """{"messages": [{"role": "user", "content": "And then?"}, {"role": "assistant", "content": "I slept."}]}""",
            ]
        );
        var told = (await Aime.RunAsync(store, ["import", file, "--into", "keep-all-1", "--store", store, "--json"]))
            .Well()
            .Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .ToArray();
        told.Select(t => (Text(t, "input"), Text(t, "output"))).ShouldBe([("Where were you?", "At home."), ("And then?", "I slept.")]);
        Text(told[0], "reflection").ShouldNotBeEmpty();
    }

    public static TheoryData<string[], string> Wrong =>
        new()
        {
            { ["inject", "keep-al-1", "Hello."], "did you mean 'keep-all-1'" },
            { ["inject", "keep-all-1"], "found no input" },
            { ["inject", "keep-all-1", "  "], "found an empty text" },
            { ["inject", "--all-of", "small", "--variant", "frosen", "Hello."], "did you mean 'frozen'" },
            { ["inject", "--all-of", "smal-1", "Hello."], "has no run 'smal-1'" },
            { ["inject", "keep-all-1", "Hello.", "--all-of", "small"], "expected only the text" },
            { ["inject", "keep-all-1", "--file", "no-such.jsonl"], "no such file" },
            { ["import", "no-such.jsonl", "--into", "keep-all-1"], "no such file" },
        };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Wrong_input_is_told_and_nothing_is_written(string[] arguments, string message)
    {
        var before = await RowsAsync();
        var left = await Aime.RunAsync(world.NewDirectory(), [.. arguments, "--store", world.Store]);
        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain(message);
        (await RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("inject", "keep-all-1", "--file", "{\"id\": \"a\", \"text\": \"Hello.\"}\nnot json\n", "broken.jsonl:2:")]
    [InlineData("import", "--into", "keep-all-1", "{\"input\": \"Hello.\", \"outptu\": \"Hi.\"}\n", "did you mean 'output'")]
    [InlineData(
        "import",
        "--into",
        "keep-all-1",
        "{\"input\": \"Hello.\", \"output\": \"Hi.\", \"reflection\": \"\", \"timestamp\": \"yesterday\"}\n",
        "found 'yesterday'"
    )]
    public async Task A_broken_file_is_told_by_line_and_nothing_is_written(
        string command,
        string first,
        string second,
        string content,
        string message
    )
    {
        var (before, folder) = (await RowsAsync(), world.NewDirectory());
        await File.WriteAllTextAsync(Path.Combine(folder, "broken.jsonl"), content);
        string[] arguments = command == "inject" ? [command, first, second, "broken.jsonl"] : [command, "broken.jsonl", first, second];
        var left = await Aime.RunAsync(folder, [.. arguments, "--store", world.Store]);
        (left.Code, left.Output).ShouldBe((2, ""), left.Errors);
        left.Errors.ShouldContain(message);
        left.Errors.ShouldContain("nothing was written");
        (await RowsAsync()).ShouldBe(before);
    }

    private async Task<string> RowsAsync() =>
        (await World.QueryAsync(world.Store, "SELECT (SELECT count(*) FROM journal) || ' ' || (SELECT count(*) FROM aime_inbox)"))[0];

    private static JsonElement Json(Left left) => JsonDocument.Parse(left.Well().Lines.Single()).RootElement;

    private static string Text(JsonElement element, string key) => element.GetProperty(key).ToString();
}
