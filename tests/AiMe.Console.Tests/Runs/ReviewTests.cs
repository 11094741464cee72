using System.Text.Json;
using AiMe.Console.Commands.Reviews;
using AiMe.Console.Tests.Replay;
using AiMe.Hosts;
using AiMe.Journal;
using AiMe.Lab.Runs.Reviews;

namespace AiMe.Console.Tests.Runs;

/// <summary>People who decide on held experiences, by the real console: what they answer decides, not when or in which order.</summary>
public sealed class ReviewTests(World world) : IClassFixture<World>
{
    private const int InReview = 6;

    private static readonly string[] Held = ["--set", "replicates=1", "--set", "variants.keep-all.curate=[{review: {when: {share: 60%}}}]"];

    [Fact]
    public async Task A_run_waits_for_people_and_their_answers_in_any_order_lead_to_one_digest()
    {
        var (one, other) = (world.NewStore(), world.NewStore());
        var waiting = await world.RunAsync(one, Held);
        waiting.Code.ShouldBe(InReview, waiting.Errors);
        Json(waiting).GetProperty("state").GetString().ShouldBe("in-review");
        waiting.Errors.ShouldContain("and all other work is done. Nothing is lost.");
        waiting.Errors.ShouldContain("review small-");
        var again = await world.RunAsync(one, Held);
        (again.Code, Json(again).GetProperty("openReviews").GetInt32()).ShouldBe((InReview, (await OpenAsync(one)).Length));
        (await Aime.RunAsync(one, ["status", "--store", one])).Well().Output.ShouldContain("waiting for review");

        var digest = await FinishAsync(one, reversed: false);
        (await FinishAsync(other, reversed: true)).ShouldBe(digest);
        (await Aime.RunAsync(one, ["verify", "--store", one])).Well();

        var full = (await Aime.RunAsync(one, ["export", "small", "--as", "full", "--store", one])).Well();
        var reviewed = full.Lines.Select(l => JsonDocument.Parse(l).RootElement).Where(e => e.TryGetProperty("reviews", out _)).ToArray();
        reviewed.Length.ShouldBeGreaterThan(2);
        reviewed[0].GetProperty("reviews")[0].GetProperty("note").GetString().ShouldBe("by hand");
        reviewed.ShouldAllBe(e => e.GetProperty("verdict").GetString() != "hold");
        reviewed.ShouldAllBe(e => e.GetProperty("kind").GetString() == "planned", "a review is no intervention");
        (await Aime.RunAsync(one, ["compare", "--store", one]))
            .Well()
            .Output.ReplaceLineEndings(" ")
            .ShouldContain($"people decided on {reviewed.Length} of");
        (await Aime.RunAsync(one, ["replay", "keep-all-1", "--store", one])).Well().Output.ShouldContain("Ada: by hand");
    }

    [Fact]
    public async Task An_answer_can_be_repeated_changed_and_withdrawn_and_a_sealed_round_takes_none()
    {
        var store = world.NewStore();
        (await world.RunAsync(store, Held)).Code.ShouldBe(InReview);
        var first = (await OpenAsync(store))[0];
        var (instance, id) = (Text(first, "instance"), Text(first, "experience"));
        (await AnswerAsync("--keep", "Ada")).ShouldBe((0, "taken"));
        (await AnswerAsync("--keep", "Ada")).ShouldBe((0, "unchanged"));
        (await AnswerAsync("--reject", "Ada")).ShouldBe((0, "taken"));
        (await AnswerAsync("--undo", "Ada")).ShouldBe((0, "taken"));
        (await AnswerAsync("--undo", "Ada")).ShouldBe((0, "unchanged"));
        (await OpenAsync(store)).Select(e => Text(e, "experience")).ShouldContain(id);
        (await FinishAsync(store, reversed: false)).ShouldNotBeEmpty();
        (await AnswerAsync("--keep", "Ada")).ShouldBe((1, "not-open"));

        async Task<(int, string)> AnswerAsync(string answer, string by)
        {
            var left = await Aime.RunAsync(store, ["review", instance, id, answer, "--as", by, "--store", store, "--json"]);
            return (left.Code, Text(Json(left), "receipt"));
        }
    }

    [Fact]
    public async Task A_list_shows_the_experience_and_nothing_of_the_machine_s_opinion()
    {
        var store = world.NewStore();
        (await world.RunAsync(store, Held)).Code.ShouldBe(InReview);
        foreach (var item in await OpenAsync(store))
        {
            Text(item, "input").ShouldNotBeEmpty();
            item.EnumerateObject().Select(m => m.Name).Intersect(["scores", "reasons", "verdict", "novelty", "columns"]).ShouldBeEmpty();
        }

        (await Aime.RunAsync(store, ["review", "--list", "--store", store])).Well().Output.ShouldContain("its round waits");
    }

    [Fact]
    public async Task A_person_answers_by_keys_and_sees_the_rules_and_scores_after_the_answer()
    {
        var store = world.NewStore();
        string[] everything = ["--set", "replicates=1", "--set", "variants.keep-all.curate=[{review: {when: all}}]"];
        (await world.RunAsync(store, everything)).Code.ShouldBe(InReview);
        var all = (await OpenAsync(store)).Length;
        var page = await KeysAsync(store, "nit is me<Enter>ksur");
        page.ShouldContain($"1 of {all}");
        var (before, after) = (
            page[..page.IndexOf("Kept.", StringComparison.Ordinal)],
            page[page.IndexOf("Kept.", StringComparison.Ordinal)..]
        );
        before.ShouldContain("answers");
        before.ShouldNotContain("scores");
        before.ShouldNotContain("review:");
        before.ShouldNotContain("keep-all-1");
        after.ShouldContain("would keep it: none objects");
        after.ShouldContain("quality");
        after.ShouldContain("is withdrawn");
        after.ShouldContain("Rejected.");
        (await OpenAsync(store)).Length.ShouldBe(all - 1);
        (await KeysAsync(store, "skq")).ShouldContain($"2 of {all}");
    }

    [Fact]
    public async Task A_round_that_leaves_open_ones_out_waits_for_nobody()
    {
        string[] leftOut =
        [
            "--set",
            "replicates=1",
            "--set",
            "variants.keep-all.curate=[{review: {when: {share: 60%}, on-open: leave-out}}]",
        ];
        var store = world.NewStore();
        var run = await world.RunAsync(store, leftOut);
        World.DigestOf(run).ShouldNotBeEmpty();
        (await OpenAsync(store)).ShouldBeEmpty();
        (await Aime.RunAsync(store, ["compare", "--store", store]))
            .Well()
            .Output.ReplaceLineEndings(" ")
            .ShouldContain("left out without a verdict");
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_says_what_to_do()
    {
        var store = world.NewStore();
        (await world.RunAsync(store, Held)).Code.ShouldBe(InReview);
        (await RefusedAsync("review", "keep-all-1", "e1", "--keep")).ShouldContain("found no --as, expected your name");
        (await RefusedAsync("review", "--as", "Ada")).ShouldContain("aime review --from answers.jsonl");
        (await RefusedAsync("review", "keep-all-1", "e1", "--keep", "--reject", "--as", "Ada")).ShouldContain("expected one");
        (await RefusedAsync("review", "--list", "--note", "x")).ShouldContain("--list or --from with an answer");
        (await RefusedAsync("review", "--as", "", "--list")).ShouldContain("a reviewer's name is empty");
        (await RefusedAsync("inject", "keep-all-1", "Hello?")).ShouldContain("takes no input before its round is sealed");
        var file = Path.Combine(world.NewDirectory(), "answers.jsonl");
        await File.WriteAllLinesAsync(file, ["{\"id\": \"keep-all-1/e1\", \"value\": \"kept\", \"rater\": \"Ada\"}", "nonsense"]);
        var refused = await RefusedAsync("review", "--from", file);
        refused.ShouldContain("answers.jsonl:1:1: found value 'kept', expected keep or reject");
        refused.ShouldContain("answers.jsonl:2:1: found what is no JSON object");
        var validated = await Aime.RunAsync(
            store,
            ["validate", world.Small, "--set", "variants.keep-all.curate=[{review: {when: {score: quality}}}]"]
        );
        validated.Errors.ShouldContain("found neither below nor above");

        async Task<string> RefusedAsync(params string[] arguments)
        {
            var left = await Aime.RunAsync(store, [.. arguments, "--store", store]);
            left.Code.ShouldBe(2, left.Errors + left.Output);
            return left.Errors;
        }
    }

    [SlowFact]
    public async Task Killed_at_random_moments_between_answers_a_run_asks_nobody_twice_and_has_the_same_digest()
    {
        var undisturbed = await FinishAsync(world.NewStore(), reversed: false);
        for (var trial = 1; trial <= 2; trial++)
        {
            var store = world.NewStore();
            var asked = new HashSet<string>(StringComparer.Ordinal);
            for (var rows = 20 + 17 * trial; ; rows += 60)
            {
                using JournalWatch watch = new(store);
                using var run = Aime.Start(store, world.Command(store, Held));
                var end = run.EndAsync();
                await watch.RowsAsync(rows, end);
                foreach (var item in File.Exists(Path.Combine(store, "journal.db")) ? await OpenAsync(store) : []) // while it runs
                {
                    asked.Add($"{Text(item, "instance")}/{Text(item, "experience")}").ShouldBeTrue("nobody is asked twice");
                    await AnswerAsync(store, item);
                }

                run.Kill();
                if ((await end).Code == 0)
                    break;
                if (rows < 1000)
                    continue;
                await FinishAsync(store, reversed: false);
                break;
            }

            World.DigestOf(await world.RunAsync(store, Held)).ShouldBe(undisturbed, $"trial {trial}");
            (await Aime.RunAsync(store, ["verify", "--store", store])).Well();
        }
    }

    [SlowFact]
    public async Task A_running_run_goes_on_at_once_when_the_answers_arrive_from_another_terminal()
    {
        var undisturbed = await FinishAsync(world.NewStore(), reversed: false);
        var store = world.NewStore();
        using var run = Aime.Start(store, world.Command(store, [.. Held, "--parallel", "1"]));
        var end = run.EndAsync();
        while (!end.IsCompleted)
        {
            // The store is there a moment before the run is: until then there is nothing to list.
            var listed = await Aime.RunAsync(store, ["list", "--json", "--store", store]);
            foreach (var item in listed is { Code: 0, Output.Length: > 0 } ? await OpenAsync(store) : [])
                await AnswerAsync(store, item);
        }

        (await end).Code.ShouldBeOneOf(0, InReview);
        (await FinishAsync(store, reversed: false)).ShouldBe(undisturbed);
    }

    // Answers until the run ends. The verdict depends on the experience alone.
    private async Task<string> FinishAsync(string store, bool reversed)
    {
        while (true)
        {
            var left = await world.RunAsync(store, Held);
            if (left.Code != InReview)
                return World.DigestOf(left);
            var open = await OpenAsync(store);
            var file = Path.Combine(world.NewDirectory(), "answers.jsonl");
            await File.WriteAllLinesAsync(file, (reversed ? open.Reverse() : open).Select(Line));
            (await Aime.RunAsync(store, ["review", "--from", file, "--store", store])).Well();
        }
    }

    private static Task<Left> AnswerAsync(string store, JsonElement item) =>
        Aime.RunAsync(
            store,
            [
                "review",
                Text(item, "instance"),
                Text(item, "experience"),
                IsKept(item) ? "--keep" : "--reject",
                "--as",
                "Ada",
                "--note",
                "by hand",
                "--store",
                store,
            ]
        );

    private static string Line(JsonElement item) =>
        $$"""{"id": "{{Text(item, "instance")}}/{{Text(item, "experience")}}", "value": "{{(IsKept(
            item
        ) ? "keep" : "reject")}}", "rater": "Ada", "note": "by hand"}""";

    private static bool IsKept(JsonElement item) => Text(item, "experience").Sum(c => c) % 3 > 0;

    private static async Task<JsonElement[]> OpenAsync(string store) =>
        [
            .. (await Aime.RunAsync(store, ["review", "--list", "--json", "--store", store]))
                .Well()
                .Lines.Select(l => JsonDocument.Parse(l).RootElement),
        ];

    // The loop itself, with keys written beforehand; when they are used up, the person leaves.
    private static async Task<string> KeysAsync(string path, string keys)
    {
        await using var store = await EventStore.OpenAsync(
            StoreAddress.Parse(path, blobs: null),
            TimeProvider.System,
            new StoreSettings(),
            Processes.IsRunning,
            CancellationToken.None
        );
        var target = await ReviewTarget.FindAsync(store, null);
        using var written = new StringWriter();
        ScriptedTerminal terminal = new(100, 40, ScriptedTerminal.Of(keys), written);
        ReviewDesk desk = new(store, target.Run, TimeProvider.System);
        await new ReviewLoop(desk, new ReviewSheets(store, target.Run), target, "Ada", terminal).RunAsync(CancellationToken.None);
        return written.ToString();
    }

    private static JsonElement Json(Left left) => JsonDocument.Parse(left.Output).RootElement;

    private static string Text(JsonElement item, string member) => item.GetProperty(member).GetString()!;
}
