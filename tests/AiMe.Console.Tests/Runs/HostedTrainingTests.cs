using AiMe.Hosts;
using AiMe.Models.Tests.OpenAi;

namespace AiMe.Console.Tests.Runs;

/// <summary>Whole runs that are trained outside, by the fine-tuning API of a server on this machine and by a command of one's own.</summary>
public sealed class HostedTrainingTests : IAsyncLifetime
{
    private const int Killed = 128 + 9;

    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-trained-").FullName;
    private readonly FineTuningStub _tuning = new();
    private OpenAiStub _stub = null!;

    private string Store => Path.Combine(_root, "store");

    private string Begun => Path.Combine(_root, "begun");

    public async Task InitializeAsync()
    {
        _stub = await OpenAiStub.StartAsync();
        _stub.Answers = _tuning.AnswerAsync;
    }

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_servers_fine_tuning_api_trains_every_instance_once_and_its_model_speaks()
    {
        (await RunAsync("{every: 1, backend: openai}")).Well();

        _tuning.Jobs.Select(j => j.Key).ShouldBeUnique();
        _tuning.Jobs.Count.ShouldBe(6, "two lives of three rounds");
        (await CountAsync("trainer.submitted@1")).ShouldBe(6);
        (
            await QueryAsync(
                "SELECT DISTINCT json_extract(CAST(message AS TEXT), '$.d.figures.tokens') FROM journal WHERE manifest = 'trainer.trained@1'"
            )
        ).ShouldBe(["640"]);
        _stub.Requests.ShouldContain(
            r =>
                r.Path.EndsWith("/completions", StringComparison.Ordinal)
                && r.Text.Contains("\"model\":\"ft:some-chat:", StringComparison.Ordinal),
            "what was trained is what answers"
        );
        var told = (await Aime.RunAsync(_root, ["replay", "plain-1", "--store", Store])).Well().Output;
        told.ShouldContain("1 example, 640 tokens");
        told.ShouldNotContain("NaN");
    }

    [Fact]
    public async Task A_reply_that_is_lost_after_the_job_was_made_makes_no_second_one()
    {
        _tuning.AfterSubmission = (_, context) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };

        (await RunAsync("{every: 3, backend: openai}")).Well();

        (_tuning.Submissions, _tuning.Jobs.Count).ShouldBe((2, 2));
        (await CountAsync("trainer.submission-unclear@1")).ShouldBe(2);
        (await CountAsync("trainer.trained@1")).ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_cannot_be_asked_ends_the_round_with_the_key_and_submits_nothing_again()
    {
        (_tuning.Lists, _tuning.AfterSubmission) = (false, (_, context) =>
        {
            context.Abort();
            return Task.FromResult(true);
        });

        var left = await RunAsync("{every: 3, backend: openai}");

        left.Code.ShouldBe(1, "no training ever succeeded");
        (_tuning.Submissions, await CountAsync("trainer.lost-track@1")).ShouldBe((2, 2));
        foreach (var key in _tuning.Jobs.Select(j => j.Key))
            left.Errors.ShouldContain($"It is unknown whether the training job {key} was made");
    }

    [SlowFact]
    public async Task Killed_while_its_jobs_run_it_finds_them_again()
    {
        var release = false;
        _tuning.Status = job => Volatile.Read(ref release) ? "succeeded" : "running";
        using (var aime = Start("{every: 3, backend: openai}"))
        {
            await aime.LineAsync("submitted training job aime-");
            aime.Kill();
            (await aime.EndAsync()).Code.ShouldBe(Killed);
        }

        Volatile.Write(ref release, true);
        (await RunAsync("{every: 3, backend: openai}")).Well();

        (_tuning.Jobs.Count, _tuning.Jobs.Select(j => j.Key).Distinct().Count()).ShouldBe((2, 2));
        (await CountAsync("trainer.trained@1")).ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_bound_that_cannot_be_checked_is_said_with_the_promotion()
    {
        Skip.If(OperatingSystem.IsWindows(), "a command is kept by a POSIX shell");
        var left = (await RunAsync(Command("echo tuned", "gate: {heldout-rise: 5%}"))).Well();

        (await CountAsync("trainer.unchecked@1")).ShouldBe(2);
        (await CountAsync("trainer.promoted@1")).ShouldBe(2);
        left.Errors.ShouldContain("the rise of held-out cross-entropy, at most 5.0%, was not checked");
    }

    [SkippableFact]
    public async Task A_command_trains_every_instance_once_and_what_it_prints_speaks()
    {
        Skip.If(OperatingSystem.IsWindows(), "a command is kept by a POSIX shell");
        (await RunAsync(Command("wc -l < $AIME_DATASET; echo $AIME_BASE_MODEL-of-$AIME_INSTANCE"))).Well();

        (await BegunAsync()).Length.ShouldBe(2);
        (
            await QueryAsync(
                "SELECT json_extract(CAST(message AS TEXT), '$.d.candidate') FROM journal WHERE manifest = 'trainer.promoted@1' ORDER BY 1"
            )
        ).ShouldBe(["some-chat-of-aligned-1", "some-chat-of-plain-1"]);
        _stub.Requests.ShouldContain(r => r.Text.Contains("\"model\":\"some-chat-of-plain-1\"", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_command_that_fails_leaves_the_champion_and_tells_its_errors()
    {
        Skip.If(OperatingSystem.IsWindows(), "a command is kept by a POSIX shell");
        var left = await RunAsync(Command("echo out of memory >&2; exit 9"));

        left.Code.ShouldBe(1, "no training ever succeeded");
        left.Errors.ShouldContain("the command ended with 9: out of memory");
        (await CountAsync("trainer.failed@1")).ShouldBe(2);
        (await BegunAsync()).Length.ShouldBe(2);
    }

    [SlowFact]
    public async Task Killed_in_the_middle_of_its_commands_it_waits_for_them_and_begins_none_again()
    {
        Skip.If(OperatingSystem.IsWindows(), "a command is kept by a POSIX shell");
        var go = Path.Combine(_root, "go");
        var train = Command($"while [ ! -e {go} ]; do sleep 0.05; done; echo tuned");
        using (var aime = Start(train))
        {
            await aime.LineAsync("submitted training job aime-");
            aime.Kill();
            (await aime.EndAsync()).Code.ShouldBe(Killed);
        }

        await File.WriteAllTextAsync(go, "");
        (await RunAsync(train)).Well();

        (await BegunAsync()).ShouldBeUnique("each job's key once");
        (await BegunAsync()).Length.ShouldBe(2);
        (await CountAsync("trainer.promoted@1")).ShouldBe(2);
    }

    [SkippableFact]
    public async Task Interrupted_while_its_commands_run_it_stops_soon_and_they_go_on()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "SIGINT is sent with the tools of Linux");
        var go = Path.Combine(_root, "go");
        var train = Command($"while [ ! -e {go} ]; do sleep 0.05; done; echo tuned");
        using (var aime = Start(train))
        {
            await aime.LineAsync("submitted training job aime-");
            aime.Interrupt();
            (await aime.EndAsync()).Code.ShouldBe(130);
        }

        await File.WriteAllTextAsync(go, "");
        (await RunAsync(train)).Well();
        (await BegunAsync()).ShouldBeUnique();
        (await CountAsync("trainer.promoted@1")).ShouldBe(2);
    }

    [Fact]
    public async Task A_dry_run_counts_the_jobs()
    {
        var left = await Aime.RunAsync(_root, ["run", Experiment, "--dry-run", .. Sets("{every: 1, backend: openai}")]);
        var told = string.Join(' ', left.Well().Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        told.ShouldContain("training jobs 6 at most");
        told.ShouldContain("Up to 6 training jobs, which may be charged too: each is submitted at most once.");
        told.ShouldContain("tokens trained on at most about 630 "); // 2 instances x (1 + 2 + 3 examples) x 2 epochs x about 26 tokens
    }

    // It notes that it was begun before it does anything.
    private string Command(string script, string more = "epochs: 2") =>
        $"{{every: 3, backend: command, command: [sh, -c, 'echo $AIME_JOB_KEY >> {Begun}; {script}'], {more}}}";

    private Task<string[]> BegunAsync() => File.ReadAllLinesAsync(Begun);

    private static string[] Sets(string train) =>
        [
            "--set",
            $"train={train}",
            "--set",
            "variants.plain={curate: [keep-all]}",
            "--set",
            "variants.aligned={curate: [{min: {score: alignment, at-least: 0.5}}]}",
        ];

    private string[] Line(string train) =>
        ["run", Experiment, "--json", "--store", Store, "--set", $"model.base-url={_stub.BaseUrl}", .. Sets(train)];

    private Aime Start(string train) => Aime.Start(_root, Line(train), "AIME_TEST_KEY=sk-test");

    private Task<Left> RunAsync(string train) => Aime.RunAsync(_root, Line(train), "AIME_TEST_KEY=sk-test");

    private Task<List<string>> QueryAsync(string sql) => World.QueryAsync(Store, sql);

    private async Task<int> CountAsync(string manifest) =>
        int.Parse((await QueryAsync($"SELECT count(*) FROM journal WHERE manifest = '{manifest}'"))[0]);
}
