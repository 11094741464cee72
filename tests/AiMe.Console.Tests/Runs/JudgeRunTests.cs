using System.Text.Json;
using AiMe.Hosts;
using AiMe.Models.Tests.OpenAi;
using Microsoft.AspNetCore.Http;

namespace AiMe.Console.Tests.Runs;

/// <summary>Whole runs whose policy asks a judge: what the judge says is on record, and only a rating is a score.</summary>
public sealed class JudgeRunTests : IAsyncLifetime
{
    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "Data");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-judges-").FullName;
    private OpenAiStub _stub = null!;

    private string Store => Path.Combine(_root, "store");

    private int Ratings => _stub.Requests.Count(IsRating);

    public async Task InitializeAsync()
    {
        _stub = await OpenAiStub.StartAsync();
        _stub.Answers = (context, asked) => IsRating(asked) ? RateAsync(context, asked, 3) : OpenAiStub.Well(context, asked);
    }

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Every_experience_is_rated_before_its_verdict_and_recurated_without_a_question()
    {
        (await RunAsync("--json")).Well();

        Ratings.ShouldBe(9, "three experiences, three samples");
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'curator.rated@1'")).ShouldBe(["9"]);
        (await VerdictsAsync()).ShouldBe(["keep", "keep", "keep"]);
        (await AimeAsync("verify")).Well();

        _stub.Requests.Clear();
        var again = (await AimeAsync("recurate", "hosted", "--policy", Policy("at-least: 3.5"), "--json")).Well();
        var outcomes = JsonDocument.Parse(again.Lines[0]).RootElement.GetProperty("policies").EnumerateArray().ToArray();
        outcomes.Select(o => o.GetProperty("kept").GetInt32()).ShouldBe([3, 0]);
        var other = (await AimeAsync("recurate", "hosted", "--policy", Policy("at-least: 2", "samples: 5"), "--json")).Well();
        JsonDocument
            .Parse(other.Lines[0])
            .RootElement.GetProperty("policies")[1]
            .GetProperty("apart")
            .GetRawText()
            .ShouldContain("5 ratings of fit-", Case.Sensitive);
        _stub.Requests.ShouldBeEmpty("nobody is asked again");
    }

    [Fact]
    public async Task What_is_unparsable_refused_empty_or_too_slow_is_never_a_score()
    {
        var n = 0;
        _stub.Answers = (context, asked) =>
            !IsRating(asked)
                ? OpenAiStub.Well(context, asked)
                : Interlocked.Increment(ref n) switch
                {
                    1 => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("A solid 3 out of 3!")),
                    2 => OpenAiStub.JsonAsync(
                        context,
                        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I cannot rate this."},"finish_reason":"stop"}]}"""
                    ),
                    3 => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("", "content_filter")),
                    4 => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("")),
                    5 => OpenAiStub.Silence(context),
                    _ => RateAsync(context, asked, 3),
                };

        (await RunAsync("--set", "model.timeout=1s", "--json")).Well();

        (
            await QueryAsync(
                "SELECT json_extract(CAST(message AS TEXT), '$.d.answer.kind') FROM journal WHERE manifest = 'curator.rated@1' ORDER BY ordering"
            )
        )
            .Take(5)
            .ShouldBe(["unparsable", "refused", "refused", "empty", "rated"]);
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'curator.judging-failed@1'")).ShouldBe(["1"]);
        (await VerdictsAsync()).ShouldBe(["reject", "keep", "keep"]);
        (
            await QueryAsync(
                "SELECT json_extract(CAST(message AS TEXT), '$.d.judgement.columns[0].reason') FROM journal WHERE manifest = 'curator.judged@1' ORDER BY ordering"
            )
        )[0]
            .ShouldBe("fit: 0 of 3 rated, 2 refused, 1 unparsable, and a mean needs 2");

        var compared = (await AimeAsync("compare", "hosted", "--json")).Well();
        var judge = JsonDocument.Parse(compared.Lines[0]).RootElement.GetProperty("judges")[0];
        (
            judge.GetProperty("rated").GetInt32(),
            judge.GetProperty("unparsable").GetInt32(),
            judge.GetProperty("refused").GetInt32(),
            judge.GetProperty("empty").GetInt32(),
            judge.GetProperty("failed").GetInt32(),
            judge.GetProperty("orderPairs").GetInt32()
        ).ShouldBe((5, 1, 2, 1, 0, 2));
        judge.GetProperty("orderEffect").GetDouble().ShouldBe(0);
        (await AimeAsync("compare", "hosted")).Output.Replace('\n', ' ').ShouldContain("Warning: The judge fit-");
        (await AimeAsync("replay", "judged-1")).Output.ShouldContain("no rating: unparsable, it is not JSON: A solid 3 out of 3!");
    }

    [Fact]
    public async Task A_judge_that_is_away_parks_the_instance_which_goes_on_when_it_is_back()
    {
        _stub.Answers = (context, asked) =>
            IsRating(asked) ? OpenAiStub.JsonAsync(context, """{"error":{"message":"down"}}""", 503) : OpenAiStub.Well(context, asked);
        (await RunAsync()).Code.ShouldNotBe(0);
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'curator.judging-failed@1'")).ShouldBe(["3"]);
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest IN ('curator.rated@1', 'curator.judged@1')")).ShouldBe(["0"]);

        _stub.Answers = (context, asked) => IsRating(asked) ? RateAsync(context, asked, 3) : OpenAiStub.Well(context, asked);
        (await RunAsync()).Well();
        (await VerdictsAsync()).ShouldBe(["keep", "keep", "keep"]);
    }

    [Fact]
    public async Task A_judge_with_a_model_of_its_own_is_asked_there_and_costs_of_the_same_budget()
    {
        await using var other = await OpenAiStub.StartAsync();
        other.Answers = (context, asked) => RateAsync(context, asked, 2);
        var own = $"model: {{chat: a-judge, base-url: '{other.BaseUrl}', key-env: none, retries: 0, prices: {{input: 1, output: 2}}}}";
        string[] more = ["--set", "model.prices={input: 2, output: 10, embeddings: 100}", "--set", "budget.usd=1"];

        var forecast = JsonDocument.Parse((await RunAsync(own, [.. more, "--dry-run", "--json"])).Well().Lines[0]).RootElement;
        forecast.GetProperty("ratings").GetInt32().ShouldBe(9);
        forecast.GetProperty("judgeUsd").GetProperty("high").GetDouble().ShouldBeGreaterThan(0);

        var summary = JsonDocument.Parse((await RunAsync(own, [.. more, "--json"])).Well().Lines[^1]).RootElement;
        other.Requests.Count.ShouldBe(9);
        other.Requests.ShouldAllBe(r => r.Json.GetProperty("model").GetString() == "a-judge" && r.Authorization != "Bearer key");
        Ratings.ShouldBe(0, "the run's own model is not asked");
        (await VerdictsAsync()).ShouldBe(["keep", "keep", "keep"]);
        var chats = _stub.Requests.Count(r => r.Path.EndsWith("/completions", StringComparison.Ordinal));
        var embeddings = _stub.Requests.Count - chats;
        summary.GetProperty("spentTokens").GetInt64().ShouldBe(8 * (chats + 9) + embeddings);
        summary
            .GetProperty("spentUsd")
            .GetDecimal()
            .ShouldBe(((5 * 2 + 3 * 10) * chats + 100 * embeddings + (5 * 1 + 3 * 2) * 9) / 1_000_000m);
    }

    [Fact]
    public async Task The_address_of_a_judge_is_part_of_the_run_and_how_it_is_reached_is_not()
    {
        var run = await RunOfAsync("model: {chat: a-judge, base-url: 'http://127.0.0.1:1/v1', key-env: none}");
        (await RunOfAsync("model: {chat: a-judge, base-url: 'http://127.0.0.1:1/v1', key-env: AIME_TEST_KEY, timeout: 5s}")).ShouldBe(run);
        (await RunOfAsync("model: {chat: another, base-url: 'http://127.0.0.1:1/v1', key-env: none}")).ShouldNotBe(run);

        async Task<string> RunOfAsync(string more) =>
            JsonDocument.Parse((await RunAsync(more, "--dry-run", "--json")).Well().Lines[0]).RootElement.GetProperty("run").GetString()!;
    }

    [SlowFact]
    public async Task What_was_rated_before_a_kill_is_not_asked_again()
    {
        using (var dies = Aime.Start(_root, Arguments("", []), "AIME_TEST_KEY=key"))
        {
            await UntilAsync(() => Ratings > 4);
            dies.Kill();
            await dies.EndAsync();
        }

        (await RunAsync()).Well();
        Ratings.ShouldBeLessThanOrEqualTo(10, "at most the one that was under way is asked again");
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'curator.rated@1'")).ShouldBe(["9"]);
        (await AimeAsync("verify")).Well();
    }

    // A low answer for the scale as it stands, so that a judge that follows the order would be seen.
    private static Task RateAsync(HttpContext context, Asked asked, int score)
    {
        string[] labels = ["contrary", "neutral", "own"];
        return OpenAiStub.JsonAsync(
            context,
            OpenAiStub.Chat($$"""{"score":{{score}},"label":"{{labels[score - 1]}}","explanation":"It is so."}""")
        );
    }

    private static bool IsRating(Asked asked) => asked.Text.Contains("Rate the answer in this JSON object", StringComparison.Ordinal);

    private static string Policy(string keep, params string[] more) =>
        $"[{{judge: {{rubric: '{Path.Combine(Data, "rubric.yaml")}', keep: {{{keep}}}{string.Concat(more.Select(m => $", {m}"))}}}}}]";

    private static async Task UntilAsync(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        while (!holds())
            await Task.Delay(20, patience.Token);
    }

    private string[] Arguments(string judge, string[] more) =>
        [
            "run",
            Path.Combine(Data, "hosted.yaml"),
            "--store",
            Store,
            "--set",
            $"model.base-url={_stub.BaseUrl}",
            "--set",
            $"variants={{judged: {{train: none, curate: {Policy("at-least: 2", judge.Length == 0 ? [] : [judge])}}}}}",
            .. more,
        ];

    private Task<Left> RunAsync(params string[] more) =>
        more is [['m', ..] judge, .. var rest]
            ? Aime.RunAsync(_root, Arguments(judge, rest), "AIME_TEST_KEY=key")
            : Aime.RunAsync(_root, Arguments("", more), "AIME_TEST_KEY=key");

    private Task<Left> RunAsync(string judge, string[] more) => RunAsync([judge, .. more]);

    private Task<Left> AimeAsync(params string[] arguments) => Aime.RunAsync(_root, [.. arguments, "--store", Store], "AIME_TEST_KEY=key");

    private async Task<List<string>> VerdictsAsync() =>
        await QueryAsync(
            "SELECT json_extract(CAST(message AS TEXT), '$.d.judgement.verdict') FROM journal WHERE manifest = 'curator.judged@1' ORDER BY ordering"
        );

    private Task<List<string>> QueryAsync(string sql) => World.QueryAsync(Store, sql);
}
