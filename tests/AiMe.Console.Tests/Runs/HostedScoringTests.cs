using System.Text.Json;
using AiMe.Models.Tests.OpenAi;

namespace AiMe.Console.Tests.Runs;

/// <summary>Whole runs of a hosted model whose server scores given text.</summary>
public sealed class HostedScoringTests : IAsyncLifetime
{
    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-scored-").FullName;
    private OpenAiStub _stub = null!;
    private int _answers;

    private string Store => Path.Combine(_root, "store");

    public async Task InitializeAsync()
    {
        _stub = await OpenAiStub.StartAsync();
        _stub.Answers = (context, asked) =>
            asked.Path == "/version" ? OpenAiStub.JsonAsync(context, """{"version":"0.9.1"}""")
            : asked.Path == "/v1/models" ? OpenAiStub.JsonAsync(context, """{"data":[{"id":"some-chat"}]}""")
            : asked.Path == "/v1/fine_tuning/jobs" ? OpenAiStub.JsonAsync(context, """{"detail":"Not Found"}""", 404)
            : asked.Path == "/v1/load_lora_adapter" ? OpenAiStub.JsonAsync(context, """{"error":{"message":"lora_name is missing"}}""", 400)
            : asked.Text.Contains("prompt_logprobs", StringComparison.Ordinal) || asked.Path is "/tokenize" or "/v1/completions"
                ? WordScores.AnswerAsync(context, asked)
            : asked.Path == "/v1/chat/completions" ? OpenAiStub.JsonAsync(context, Chat())
            : OpenAiStub.Well(context, asked);
        await File.WriteAllTextAsync(
            Path.Combine(_root, "text.jsonl"),
            """{"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":"It is I."}]}"""
        );
    }

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_model_that_writes_no_JSON_lives_the_whole_loop_if_its_server_scores_text()
    {
        (await RunAsync("--json")).Well();

        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'memory.stored@1'")).ShouldBe(["6"]);
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest LIKE '%failed%'")).ShouldBe(["0"]);
        _stub.Requests.ShouldAllBe(r => !r.Text.Contains("response_format", StringComparison.Ordinal));
        (
            await QueryAsync(
                "SELECT count(*) FROM journal WHERE manifest = 'self.probed@1' "
                    + "AND json_extract(CAST(message AS TEXT), '$.d.results.heldOut') = 2"
            )
        ).ShouldBe(["4"], "three words of two letters, of which ln p is minus their number");
        (
            await QueryAsync(
                "SELECT DISTINCT typeof(json_extract(CAST(message AS TEXT), '$.d.reflection.alignment')) FROM journal "
                    + "WHERE manifest = 'reflector.reflected@1'"
            )
        ).ShouldBe(["real"], "alignment is a rank among the base's own outputs");
        Directory.GetFiles(Path.Combine(Store, "models"), "calibration-*.json").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_changes_in_mid_run_is_journalled_once_and_told_in_the_comparison()
    {
        (await RunAsync("--parallel", "1")).Well();

        (
            await QueryAsync(
                "SELECT json_extract(CAST(message AS TEXT), '$.d.fingerprint') || ' ' || json_extract(CAST(message AS TEXT), '$.d.engine') "
                    + "FROM journal WHERE manifest = 'supervisor.server-identified@1'"
            )
        ).ShouldBe(["fp_old 0.9.1", "fp_new 0.9.1"]);
        var comparison = JsonDocument.Parse((await AimeAsync("compare", "hosted", "--json")).Lines[0]).RootElement;
        comparison.GetProperty("servers").GetArrayLength().ShouldBe(2);
        comparison
            .GetProperty("findings")
            .EnumerateArray()
            .ShouldContain(f => f.GetRawText().Contains("what answers as some-chat changed during the run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Doctor_says_what_the_server_can_do()
    {
        var left = await AimeAsync("doctor", "--model", Experiment, "--json");

        left.Code.ShouldNotBe(0, "the experiment's own server is not this one");
        var settled = Path.Combine(_root, "here.yaml");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Experiment)!))
            File.Copy(file, Path.Combine(_root, Path.GetFileName(file)));
        await File.WriteAllTextAsync(
            settled,
            (await File.ReadAllTextAsync(Experiment)).Replace(
                "retries: 0",
                $"retries: 0, base-url: {_stub.BaseUrl}",
                StringComparison.Ordinal
            )
        );

        var told = (await AimeAsync("doctor", "--model", settled, "--json")).Well();

        told.Lines.Select(l => JsonDocument.Parse(l).RootElement)
            .Select(l => (l.GetProperty("check").GetString(), l.GetProperty("answer").GetString()))
            .ShouldBe([
                ("version", "ok"),
                ("models", "ok"),
                ("chat", "ok"),
                ("seeds", "unknown"),
                ("log-probabilities", "no"),
                ("json-schema", "no"),
                ("scoring: prompt-logprobs", "ok"),
                ("scoring: completions", "ok"),
                ("embeddings", "ok"),
                ("jobs", "no"),
                ("adapters", "ok"),
            ]);
    }

    // After some answers, another model answers behind the same name.
    private string Chat() =>
        OpenAiStub
            .Chat("I am I.")
            .Replace(
                "\"model\":\"m\"",
                $"\"model\":\"m\",\"system_fingerprint\":\"{(Interlocked.Increment(ref _answers) < 20 ? "fp_old" : "fp_new")}\"",
                StringComparison.Ordinal
            );

    private Task<Left> RunAsync(params string[] more) =>
        Aime.RunAsync(
            _root,
            [
                "run",
                Experiment,
                "--store",
                Store,
                "--set",
                $"model.base-url={_stub.BaseUrl}",
                "--set",
                "model.scoring=auto",
                "--set",
                $"model.held-out={Path.Combine(_root, "text.jsonl")}",
                "--set",
                "reflect.form=text",
                .. more,
            ],
            "AIME_TEST_KEY=a-key-of-the-tests"
        );

    private Task<Left> AimeAsync(params string[] arguments) =>
        Aime.RunAsync(_root, [.. arguments, "--store", Store], "AIME_TEST_KEY=a-key-of-the-tests");

    private Task<List<string>> QueryAsync(string sql) => World.QueryAsync(Store, sql);
}
