using AiMe.Models.Tests.OpenAi;

namespace AiMe.Console.Tests.Runs;

/// <summary>Whole runs of a hosted model whose generation 0 is made by one job: of a server's fine-tuning API, or of a command.</summary>
public sealed class HostedIdentityTests : IAsyncLifetime
{
    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("aime-identity-").FullName;
    private readonly FineTuningStub _tuning = new();
    private OpenAiStub _stub = null!;

    private string Store => Path.Combine(_root, "store");

    private string Exchanges => Path.Combine(_root, "exchanges.jsonl");

    public async Task InitializeAsync()
    {
        _stub = await OpenAiStub.StartAsync();
        _stub.Answers = _tuning.AnswerAsync;
        await File.WriteAllTextAsync(Exchanges, """{"prompt": "What is your trade?", "completion": "I am a clockmaker."}""");
    }

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_run_has_one_job_and_its_model_is_generation_0_of_every_instance()
    {
        (await RunAsync("backend: openai")).Well();

        _tuning.Jobs.Count.ShouldBe(1);
        _tuning.Files.Values.Single().ShouldContain("I am a clockmaker.");
        (
            await World.QueryAsync(
                Store,
                "SELECT DISTINCT json_extract(CAST(message AS TEXT), '$.d.spec.base') FROM journal WHERE manifest LIKE 'self.began@%'"
            )
        )
            .ShouldHaveSingleItem()
            .ShouldStartWith("ft:some-chat:");
        (await Aime.RunAsync(_root, ["verify", "--store", Store])).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Killed_while_its_job_runs_it_finds_the_job_again()
    {
        var release = false;
        _tuning.Status = _ => Volatile.Read(ref release) ? "succeeded" : "running";
        TaskCompletionSource looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var status = _tuning.Status;
        _tuning.Status = job =>
        {
            looked.TrySetResult();
            return status(job);
        };
        using (var aime = Aime.Start(_root, Line("backend: openai"), "AIME_TEST_KEY=sk-test"))
        {
            await looked.Task;
            aime.Kill();
            await aime.EndAsync();
        }

        Volatile.Write(ref release, true);
        (await RunAsync("backend: openai")).Well();
        (_tuning.Submissions, _tuning.Jobs.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_store_that_lost_its_records_finds_the_job_by_its_key()
    {
        _tuning.Status = _ => "failed";
        (await RunAsync("backend: openai")).Code.ShouldNotBe(0);
        Directory.Delete(Path.Combine(Store, "identity"), recursive: true);
        _tuning.Status = _ => "succeeded";
        (await RunAsync("backend: openai")).Well();
        _tuning.Jobs.Count.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_command_that_fails_is_told_once_and_not_begun_again()
    {
        Skip.If(OperatingSystem.IsWindows(), "a command is kept by a POSIX shell");
        var begun = Path.Combine(_root, "begun");
        var command = $"backend: command, command: [sh, -c, 'echo $AIME_INSTANCE >> {begun}; echo out of memory >&2; exit 9']";
        foreach (var _ in new[] { 1, 2 })
        {
            var left = await RunAsync(command);
            left.Code.ShouldBe(1);
            left.Errors.ShouldContain("The identity was not trained");
            left.Errors.ShouldContain("the command ended with 9: out of memory");
            left.Errors.ShouldContain("delete");
        }

        (await File.ReadAllLinesAsync(begun)).ShouldBe(["identity"]);
    }

    private string[] Line(string backend) =>
        [
            "run",
            Experiment,
            "--json",
            "--store",
            Store,
            "--set",
            $"model.base-url={_stub.BaseUrl}",
            "--set",
            $"identity={{data: {Exchanges}, {backend}}}",
        ];

    private Task<Left> RunAsync(string backend) => Aime.RunAsync(_root, Line(backend), "AIME_TEST_KEY=sk-test");
}
