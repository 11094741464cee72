using System.Text.Json;
using AiMe.Models.Tests.OpenAi;

namespace AiMe.Console.Tests.Runs;

/// <summary>Whole runs against servers with quirks: what is spoilt is not stored, and what is missing is told.</summary>
public sealed class HostedQuirkTests : IAsyncLifetime
{
    private const string Thought = "They want to know me.";

    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-quirks-").FullName;
    private OpenAiStub _stub = null!;

    private string Store => Path.Combine(_root, "store");

    public async Task InitializeAsync() => _stub = await OpenAiStub.StartAsync();

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task What_a_model_thinks_aloud_is_in_the_journal_and_in_no_answer_memory_or_training_pair()
    {
        _stub.Answers = (context, asked) =>
            IsChat(asked)
                ? OpenAiStub.JsonAsync(
                    context,
                    OpenAiStub.Chat($"<think>\n{Thought}\n</think>\n\n{(IsReflection(asked) ? Reflection : "A")}")
                )
                : OpenAiStub.Well(context, asked);

        (await RunAsync("--json")).Well();

        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'memory.stored@1'")).ShouldBe(["6"]);
        (
            await QueryAsync($"SELECT DISTINCT manifest FROM journal WHERE CAST(message AS TEXT) LIKE '%{Thought}%' ORDER BY manifest")
        ).ShouldBe(["reflector.insight-formed@1", "reflector.reflected@1", "self.answered@1", "self.probed@1"]);
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'reflector.generation-failed@1'")).ShouldBe(["0"]);
        (
            await QueryAsync(
                "SELECT DISTINCT json_extract(CAST(message AS TEXT), '$.d.candidates[0].text') FROM journal WHERE manifest = 'self.answered@1'"
            )
        ).ShouldBe(["A"]);
        (await AimeAsync("replay", "plain-1")).Output.ShouldContain($"(reasoning, not remembered: {Thought})");
        (await AimeAsync("export", "hosted", "--as", "pairs")).Output.ShouldNotContain(Thought);
        (await AimeAsync("show", "plain-1")).Output.ShouldNotContain(Thought);
    }

    [Fact]
    public async Task A_server_that_refuses_what_is_optional_is_served_without_it_and_each_refusal_is_journalled_once()
    {
        string[] refused = ["response_format", "seed", "encoding_format", "top_logprobs"];
        _stub.Answers = (context, asked) =>
            refused.FirstOrDefault(p => asked.Json.TryGetProperty(p, out _)) is { } parameter
                ? OpenAiStub.JsonAsync(
                    context,
                    $$$"""{"error":{"message":"Unsupported parameter: '{{{parameter}}}'","type":"invalid_request_error","param":"{{{parameter}}}","code":"unsupported_parameter"} }""",
                    400
                )
            : IsChat(asked) && asked.Text.Contains("alignment", StringComparison.Ordinal)
                ? OpenAiStub.JsonAsync(context, OpenAiStub.Chat($"```json\n{Reflection}\n```"))
            : OpenAiStub.Well(context, asked);

        var summary = JsonDocument.Parse((await RunAsync("--json")).Well().Lines.ShouldHaveSingleItem()).RootElement;

        var left = await QueryAsync(
            "SELECT json_extract(CAST(message AS TEXT), '$.d.parameter') || ' ' || json_extract(CAST(message AS TEXT), '$.d.instead') "
                + "FROM journal WHERE manifest = 'supervisor.parameter-left-out@1'"
        );
        left.ShouldBeUnique();
        left.Select(l => l.Split(' ')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(["alternatives", "encoding-format", "response-format", "seed"]);
        summary.GetProperty("leftOut").GetArrayLength().ShouldBe(4, "the last refusal of each");
        var page = (await AimeAsync("show", "hosted")).Output;
        foreach (var parameter in left.Select(l => l.Split(' ')[0]))
            page.ShouldContain(parameter);
        page.ShouldContain("the same request may be answered");

        _stub.Requests.Clear();
        (await AimeAsync("inject", "plain-1", "Who are you?")).Code.ShouldBe(0);
        _stub.Requests.ShouldAllBe(r => refused.All(p => !r.Text.Contains($"\"{p}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_share_of_failed_reflections_is_told_on_the_last_screen_in_the_status_and_as_json()
    {
        var reflections = 0;
        _stub.Answers = (context, asked) =>
            IsReflection(asked) && Interlocked.Increment(ref reflections) == 2
                ? OpenAiStub.JsonAsync(context, OpenAiStub.Chat("I did well."))
                : OpenAiStub.Well(context, asked);

        var screen = (await RunAsync("--parallel", "1")).Well();

        const string Said = "1 of 4 calls for reflections failed (25%)";
        screen.Output.Replace('\n', ' ').ShouldContain("Warning: ");
        string.Join(' ', screen.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ShouldContain(Said);
        screen.Errors.ShouldContain("attempt 1: no reflection");
        (await AimeAsync("status", "--once")).Output.ShouldContain("1 of 7 calls for reflections failed (14%)");
        var calls = JsonDocument.Parse((await AimeAsync("compare", "hosted", "--json")).Lines[0]).RootElement;
        calls
            .GetProperty("variants")
            .EnumerateArray()
            .SelectMany(v => v.GetProperty("calls").EnumerateArray())
            .Single(c => c.GetProperty("failed").GetInt32() > 0)
            .GetProperty("warning")
            .GetBoolean()
            .ShouldBeTrue();
    }

    [Fact]
    public async Task A_run_whose_reflections_all_fail_is_no_success()
    {
        _stub.Answers = (context, asked) =>
            IsReflection(asked) ? OpenAiStub.JsonAsync(context, OpenAiStub.Chat("I did well.")) : OpenAiStub.Well(context, asked);

        var left = await RunAsync();

        left.Code.ShouldBe(1);
        string.Join(' ', left.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ShouldContain("none ever succeeded");
        (await QueryAsync("SELECT count(*) FROM journal WHERE manifest = 'memory.stored@1'")).ShouldBe(["6"]);
    }

    private const string Reflection = """{"reflection":"I could say more.","alignment":0.8,"quality":0.7}""";

    private static bool IsChat(Asked asked) => asked.Path.EndsWith("/completions", StringComparison.Ordinal);

    private static bool IsReflection(Asked asked) => IsChat(asked) && asked.Json.TryGetProperty("response_format", out _);

    private Task<Left> RunAsync(params string[] more) =>
        Aime.RunAsync(
            _root,
            ["run", Experiment, "--store", Store, "--set", $"model.base-url={_stub.BaseUrl}", .. more],
            "AIME_TEST_KEY=a-key-of-the-tests"
        );

    private Task<Left> AimeAsync(params string[] arguments) =>
        Aime.RunAsync(_root, [.. arguments, "--store", Store], "AIME_TEST_KEY=a-key-of-the-tests");

    private Task<List<string>> QueryAsync(string sql) => World.QueryAsync(Store, sql);
}
