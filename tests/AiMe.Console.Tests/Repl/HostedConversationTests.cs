using AiMe.Console.Tests.Runs;
using AiMe.Hosts;
using AiMe.Models.Tests.OpenAi;

namespace AiMe.Console.Tests.Repl;

/// <summary>Conversations with a hosted model, whose server can be slow or in trouble.</summary>
public sealed class HostedConversationTests : IAsyncLifetime
{
    private const string KeyVariable = "AIME_TEST_KEY=sk-a-secret-of-the-tests";

    private readonly string _root = Directory.CreateTempSubdirectory("aime-talk-").FullName;
    private OpenAiStub _stub = null!;

    private string[] Command =>
        [
            "console",
            "--experiment",
            Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml"),
            "--variant",
            "plain",
            "--store",
            Path.Combine(_root, "store"),
            "--set",
            $"model.base-url={_stub.BaseUrl}",
            "--set",
            "model.timeout=5s",
        ];

    public async Task InitializeAsync() => _stub = await OpenAiStub.StartAsync();

    public async Task DisposeAsync()
    {
        await _stub.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_turn_that_the_server_fails_at_is_told_in_a_line_and_the_next_is_answered()
    {
        _stub.Answers = (context, asked) =>
            IsAboutSinging(asked)
                ? OpenAiStub.JsonAsync(context, """{"error":{"message":"out of order"}}""", 500)
                : OpenAiStub.Well(context, asked);

        var left = await SayAsync("Who are you?", "Will you sing?", "What do you want?");

        left.Code.ShouldBe(1);
        left.Lines.ShouldContain(l =>
            l.StartsWith("! not answered: http://127.0.0.1:", StringComparison.Ordinal)
            && l.Contains("out of order", StringComparison.Ordinal)
        );
        left.Output.ShouldContain("kept, e1 in cycle 1");
        left.Output.ShouldContain("kept, e3 in cycle 3");
    }

    [SlowFact]
    public async Task Ctrl_C_while_it_answers_takes_the_stimulus_back_and_the_instance_goes_on_later()
    {
        var asked = new TaskCompletionSource();
        _stub.Answers = (context, request) =>
        {
            if (!IsAboutSinging(request))
                return OpenAiStub.Well(context, request);
            asked.TrySetResult();
            return OpenAiStub.Silence(context);
        };
        using var aime = Aime.Listen(_root, Command, KeyVariable);
        aime.Say("Will you sing?");
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        aime.Interrupt();

        var left = await aime.EndAsync();

        left.Code.ShouldBe(130);
        left.Lines.ShouldBe(["> Will you sing?", "withdrawn"]);
        (await SayAsync("Who are you?")).Well().Output.ShouldContain("kept, e2 in cycle 2");
    }

    [Fact]
    public async Task Without_a_key_nothing_is_written()
    {
        using var aime = Aime.Listen(_root, Command, "AIME_TEST_KEY=");
        var left = await aime.HangUpAsync();

        left.Code.ShouldBe(2);
        left.Errors.ShouldContain("AIME_TEST_KEY is not set");
        Directory.GetFileSystemEntries(_root).ShouldBeEmpty();
    }

    // Of the stimulus itself: what it recalls later speaks of singing too.
    private static bool IsAboutSinging(Asked asked) =>
        asked.Path.EndsWith("/completions", StringComparison.Ordinal)
        && asked.Json.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString() == "Will you sing?";

    private async Task<Left> SayAsync(params string[] lines)
    {
        using var aime = Aime.Listen(_root, Command, KeyVariable);
        aime.Say(lines);
        return await aime.HangUpAsync();
    }
}
