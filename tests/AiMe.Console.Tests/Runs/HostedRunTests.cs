using System.Text.Json;
using AiMe.Hosts;
using AiMe.Models.Tests.OpenAi;
using Microsoft.AspNetCore.Http;

namespace AiMe.Console.Tests.Runs;

/// <summary>Whole runs of a hosted model, against a server on this machine.</summary>
public sealed class HostedRunTests : IAsyncLifetime
{
    private const string Key = "sk-a-secret-of-the-tests";

    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-hosted-").FullName;
    private OpenAiStub _stub = null!;

    private string Store => Path.Combine(_root, "store");

    /// <summary>What may go wrong with a server, and what is said of it.</summary>
    public static TheoryData<string, string> Troubles =>
        new()
        {
            { "gone", "there is no connection (Connection refused" },
            { "failing", "the server failed (HTTP 500: out of order). Run the same command again later." },
            { "refusing", "the key was refused (HTTP 401). Check the key in the environment variable AIME_TEST_KEY." },
            { "talking nonsense", "its answer is not what OpenAI's API describes: it is not JSON" },
            { "silent", "it gave no answer within 1 s. Raise model.timeout" },
        };

    public async Task InitializeAsync() => _stub = await OpenAiStub.StartAsync();

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Instances_of_a_hosted_model_run_to_the_end()
    {
        var left = (await RunAsync()).Well();

        var summary = JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement;
        (summary.GetProperty("instances").GetInt32(), summary.GetProperty("experiences").GetInt32()).ShouldBe((2, 6));
        (await CountAsync("memory.stored@1")).ShouldBe(6);
        (await CountAsync("self.probed@1")).ShouldBe(4, "at birth and after the round, of two lives");
        left.Errors.Split('\n')
            .Where(l => l.Contains("has answered the probes", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                .. new[] { "aligned-1", "plain-1" }.SelectMany(instance =>
                    new[] { $"{instance} has answered the probes of generation 0", $"{instance} has answered the probes of generation 1" }
                ),
            ]);
        _stub.Requests.ShouldAllBe(r => r.Authorization == $"Bearer {Key}");
        // The reflection's own scores are those that are curated by.
        (
            await QueryAsync(
                "SELECT DISTINCT json_extract(CAST(message AS TEXT), '$.d.scores.alignment') FROM journal WHERE manifest = 'curator.judged@1'"
            )
        ).ShouldBe(["0.8"]);
    }

    [Fact]
    public async Task What_is_not_known_is_shown_as_that()
    {
        await RunAsync();

        var page = (await Aime.RunAsync(_root, ["show", "plain-1", "--store", Store])).Well().Output;
        page.ShouldContain("some-chat");
        page.ShouldContain("unknown: this provider cannot score texts");
        page.ShouldNotContain("NaN");
        (await Aime.RunAsync(_root, ["replay", "plain-1", "--store", Store]))
            .Well()
            .Output.ShouldContain("held-out cross-entropy is unknown for this provider");
        (
            await QueryAsync(
                "SELECT DISTINCT json_extract(CAST(message AS TEXT), '$.d.results.heldOut') FROM journal WHERE manifest = 'self.probed@1'"
            )
        ).ShouldBe(["NaN"]);
    }

    [Fact]
    public async Task Questions_that_are_never_answered_end_no_run_and_are_counted()
    {
        _stub.Answers = (context, asked) =>
            asked.Text.Contains("Answer with one letter", StringComparison.Ordinal)
                ? OpenAiStub.JsonAsync(context, OpenAiStub.Chat("I'd rather not say."))
                : OpenAiStub.Well(context, asked);

        (await RunAsync()).Well();

        (await Aime.RunAsync(_root, ["show", "plain-1", "--store", Store])).Well().Output.ShouldContain("0 of 8 answers named an option");
        (await Aime.RunAsync(_root, ["compare", "--store", Store])).Well().Output.ShouldNotContain("NaN");
    }

    [SlowTheory, MemberData(nameof(Troubles))]
    public async Task A_server_in_trouble_parks_the_instances_and_the_same_command_goes_on_when_it_is_well(string trouble, string said)
    {
        var port = _stub.BaseUrl.Port;
        await MakeTroubleAsync(trouble);

        var left = await RunAsync("--set", "model.timeout=1s");

        left.Code.ShouldBe(1, left.Errors);
        left.Errors.Split('\n')
            .ShouldContain(line =>
                line.Contains(" is parked: http://127.0.0.1:", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal)
            );
        (await CountAsync("supervisor.parked@1")).ShouldBe(2);
        (await CountAsync("self.probing-failed@1")).ShouldBeGreaterThan(0);
        (await CountAsync("memory.stored@1")).ShouldBe(0);

        if (trouble == "gone")
            _stub = await OpenAiStub.StartAsync(port);
        _stub.Answers = OpenAiStub.Well;

        (await RunAsync("--set", "model.timeout=60s")).Well(); // how long to wait is no part of what a run is
        (await CountAsync("memory.stored@1")).ShouldBe(6);
        (await CountAsync("supervisor.revived@1")).ShouldBe(2);
    }

    [Fact]
    public async Task One_parked_instance_is_tried_again_and_the_other_stays_parked()
    {
        await MakeTroubleAsync("failing");
        (await RunAsync("--set", "model.timeout=1s")).Code.ShouldBe(1);
        string[] retry = ["retry", "plain-1", "--json", "--store", Store];
        var again = await Aime.RunAsync(_root, retry, $"AIME_TEST_KEY={Key}");
        again.Code.ShouldBe(1, again.Errors);
        JsonDocument.Parse(again.Lines.ShouldHaveSingleItem()).RootElement.GetProperty("state").GetString().ShouldBe("parked");
        _stub.Answers = OpenAiStub.Well;

        var left = (await Aime.RunAsync(_root, retry, $"AIME_TEST_KEY={Key}")).Well();

        var told = JsonDocument.Parse(left.Lines.ShouldHaveSingleItem()).RootElement;
        (told.GetProperty("state").GetString(), told.GetProperty("generation").GetInt32()).ShouldBe(("finished", 1));
        (await CountAsync("memory.stored@1")).ShouldBe(3);
        (
            await QueryAsync(
                "SELECT json_extract(CAST(message AS TEXT), '$.d.instance') FROM journal WHERE manifest = 'supervisor.revived@1'"
            )
        )
            .Distinct()
            .ShouldBe(["plain-1"]);
    }

    [Fact]
    public async Task A_server_that_fails_in_mid_run_leaves_typed_events_and_no_half_experience()
    {
        _stub.Answers = (context, asked) =>
            Says(asked, "song")
            && !asked.Text.Contains("Answer with one letter", StringComparison.Ordinal)
            && asked.Path.EndsWith("/completions", StringComparison.Ordinal)
                ? OpenAiStub.JsonAsync(context, """{"error":{"message":"out of order"}}""", 500)
                : OpenAiStub.Well(context, asked);

        (await RunAsync()).Code.ShouldBe(1);

        (await CountAsync("self.generation-failed@1")).ShouldBe(4, "two attempts of each life");
        (await QueryAsync("SELECT count(*) FROM aime_experiences WHERE experience LIKE '%out of order%'")).ShouldBe(["0"]);
        _stub.Answers = OpenAiStub.Well;
        (await RunAsync()).Well();
        (await CountAsync("memory.stored@1")).ShouldBe(6);
    }

    [Fact]
    public async Task A_reply_of_another_form_is_an_empty_reflection_and_the_instance_continues()
    {
        _stub.Answers = (context, asked) =>
            asked.Text.Contains("json_schema", StringComparison.Ordinal)
                ? OpenAiStub.JsonAsync(context, OpenAiStub.Chat("I did well."))
                : OpenAiStub.Well(context, asked);

        (await RunAsync()).Code.ShouldBe(1, "a faculty that never succeeds is no success");

        (await CountAsync("memory.stored@1")).ShouldBe(6);
        (await CountAsync("reflector.generation-failed@1")).ShouldBe(12, "two attempts at each of six");
        (await QueryAsync("SELECT count(*) FROM journal WHERE CAST(message AS TEXT) LIKE '%\"text\":\"I did well.\"%'")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Recognition_of_a_hosted_model_is_refused_for_want_of_exact_log_probabilities()
    {
        (await RunAsync()).Well();

        var left = await Aime.RunAsync(_root, ["recognition", "--store", Store]);

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("recognition by likelihood needs exact log-probabilities");
    }

    [Fact]
    public async Task Without_a_key_the_variable_is_named_and_nothing_is_written()
    {
        var left = await Aime.RunAsync(_root, ["run", Experiment, "--store", Store], "AIME_TEST_KEY=");

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("the environment variable AIME_TEST_KEY is not set");
        Directory.GetFileSystemEntries(_root).ShouldBeEmpty();
        (await Aime.RunAsync(_root, ["validate", Experiment], "AIME_TEST_KEY=")).Well();
        (await Aime.RunAsync(_root, ["run", Experiment, "--dry-run"], "AIME_TEST_KEY=")).Well();
    }

    [Fact]
    public async Task The_key_stands_nowhere_in_the_store_and_in_nothing_that_is_printed()
    {
        _stub.Answers = (context, asked) =>
            _stub.Requests.Count < 30
                ? OpenAiStub.Well(context, asked)
                : OpenAiStub.JsonAsync(context, $$"""{"error":{"message":"Incorrect API key provided: {{Key}}"} }""", 400);

        var left = await RunAsync();

        left.Code.ShouldBe(1);
        (left.Output + left.Errors).ShouldNotContain(Key);
        foreach (var file in Directory.GetFiles(Store, "*", SearchOption.AllDirectories))
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(Key, customMessage: file);
    }

    private static bool Says(Asked asked, string word) =>
        asked.Path.EndsWith("/completions", StringComparison.Ordinal)
        && asked
            .Json.GetProperty("messages")
            .EnumerateArray()
            .Last()
            .GetProperty("content")
            .GetString()!
            .Contains(word, StringComparison.Ordinal);

    private async Task MakeTroubleAsync(string trouble)
    {
        if (trouble == "gone")
            await _stub.DisposeAsync();
        _stub.Answers = (HttpContext context, Asked _) =>
            trouble switch
            {
                "failing" => OpenAiStub.JsonAsync(context, """{"error":{"message":"out of order"}}""", 500),
                "refusing" => OpenAiStub.JsonAsync(context, """{"error":{"message":"Incorrect API key provided: sk-a-se***tests"}}""", 401),
                "talking nonsense" => OpenAiStub.JsonAsync(context, "<html>Welcome</html>"),
                _ => OpenAiStub.Silence(context),
            };
    }

    private Task<Left> RunAsync(params string[] more) =>
        Aime.RunAsync(
            _root,
            ["run", Experiment, "--json", "--store", Store, "--set", $"model.base-url={_stub.BaseUrl}", .. more],
            $"AIME_TEST_KEY={Key}"
        );

    private Task<List<string>> QueryAsync(string sql) => World.QueryAsync(Store, sql);

    private async Task<int> CountAsync(string manifest) =>
        int.Parse((await QueryAsync($"SELECT count(*) FROM journal WHERE manifest = '{manifest}'"))[0]);
}
