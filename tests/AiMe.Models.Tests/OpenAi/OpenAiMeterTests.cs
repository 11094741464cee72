using AiMe.Models.Jobs;
using AiMe.Models.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>What is asked before a call, and what is told behind it.</summary>
public sealed class OpenAiMeterTests : Served
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.System, "I am AiMe."), new(ChatRole.User, "Hello.")];

    private static readonly TokenUse Most = new(Input: 4 + 4 + 2 + 4, Output: 16);

    private readonly Recorder _told = new();

    public OpenAiMeterTests() => Meter = _told;

    [Fact]
    public async Task A_chat_sets_aside_what_it_may_use_waits_for_its_turn_and_tells_what_the_server_says()
    {
        await AskAsync();
        _told.All.ShouldBe([$"aside {Most}", $"turn {Most.Total}", $"used {new TokenUse(Input: 5, Output: 3)}"]);
    }

    [Fact]
    public async Task A_schema_is_read_too_and_an_answer_without_a_limit_may_be_long()
    {
        await Chat()
            .GetResponseAsync(
                Hello,
                new ChatOptions
                {
                    ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonElement.Parse("{\"type\":\"object\"}"), "it"),
                }
            );
        _told.All[0].ShouldBe($"aside {new TokenUse(Input: 14 + 6, Output: 4096)}");
    }

    [Fact]
    public async Task Embeddings_are_told_apart()
    {
        await Embedder().GenerateAsync(["one", "two"]);
        _told.All.ShouldBe([$"aside {new TokenUse(Embedded: 2)}", "turn 2", $"used {new TokenUse(Embedded: 1)}"]);
    }

    [Fact]
    public async Task Each_try_is_set_aside_waits_for_its_turn_and_is_told()
    {
        Stub.Answers = (context, asked) =>
            Stub.Requests.Count < 3 ? OpenAiStub.JsonAsync(context, "{}", 500) : OpenAiStub.Well(context, asked);
        await AskAsync(o => o with { Retries = 2 });
        _told.All.Select(t => t.Split(' ')[0]).ShouldBe(["aside", "turn", "used", "aside", "turn", "used", "aside", "turn", "used"]);
        _told.Uses.ShouldBe(
            [$"used {default(TokenUse)}", $"used {default(TokenUse)}", $"used {new TokenUse(Input: 5, Output: 3)}"],
            "an error is not billed"
        );
    }

    [Fact]
    public async Task A_try_that_was_never_answered_counts_though_the_next_one_was()
    {
        Stub.Answers = (context, asked) =>
        {
            if (Stub.Requests.Count > 1)
                return OpenAiStub.Well(context, asked);
            context.Abort();
            return Task.CompletedTask;
        };
        await AskAsync(o => o with { Retries = 1 });
        _told.Uses.ShouldBe([$"used {Most}", $"used {new TokenUse(Input: 5, Output: 3)}"]);
    }

    [Fact]
    public async Task A_try_that_is_not_admitted_ends_the_call_and_whoever_asked_hears_why()
    {
        Stub.Answers = (context, _) =>
        {
            _told.Refuses = true;
            context.Abort();
            return Task.CompletedTask;
        };
        (await Should.ThrowAsync<InvalidOperationException>(() => AskAsync(o => o with { Retries = 2 }))).Message.ShouldBe("not now");
        Stub.Requests.Count.ShouldBe(1);
        _told.Uses.ShouldBe([$"used {Most}"]);
    }

    [Fact]
    public async Task A_call_whose_turn_does_not_come_cost_nothing()
    {
        _told.HasNoTurn = true;
        (await Should.ThrowAsync<InvalidOperationException>(() => AskAsync())).Message.ShouldBe("no turn");
        _told.Uses.ShouldBe([$"used {default(TokenUse)}"]);
        Stub.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task What_a_server_answered_with_an_error_cost_nothing(int status)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "{}", status);
        await FailureAsync(() => AskAsync());
        _told.All[^1].ShouldBe($"used {default(TokenUse)}");
    }

    [Fact]
    public async Task What_may_have_been_answered_counts_at_its_most()
    {
        Stub.Answers = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await FailureAsync(() => AskAsync());
        _told.All[^1].ShouldBe($"used {Most}");
    }

    [Fact]
    public async Task A_server_that_tells_no_usage_is_counted_at_the_most()
    {
        Stub.Answers = (context, _) =>
            OpenAiStub.JsonAsync(
                context,
                """{"choices":[{"index":0,"message":{"role":"assistant","content":"A"},"finish_reason":"stop"}]}"""
            );
        await AskAsync();
        _told.All[^1].ShouldBe($"used {Most}");
    }

    [Fact]
    public async Task A_stream_is_told_when_it_has_ended()
    {
        Stub.Answers = async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":6,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n"
            );
        };
        await foreach (var _ in Chat().GetStreamingResponseAsync(Hello, new ChatOptions { MaxOutputTokens = 16 }))
            _told.All.Count.ShouldBe(2);
        _told.All[^1].ShouldBe($"used {new TokenUse(Input: 6, Output: 2)}");
    }

    [Fact]
    public async Task A_call_that_is_not_admitted_is_not_made_and_whoever_asked_hears_why()
    {
        _told.Refuses = true;
        (await Should.ThrowAsync<InvalidOperationException>(() => AskAsync())).Message.ShouldBe("not now");
        Stub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_training_job_is_counted_when_it_is_submitted()
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, """{"id":"job-1"}""");
        var order = new JobOrder("key", "some-model", 3, 0.001, 1, "run", "kept-1", 1) { Tokens = 1_500 };
        await new OpenAiJobs(Server(), null, null, Time).SubmitAsync(order, "file-1", CancellationToken.None);
        _told.All.ShouldBe([$"aside {new TokenUse(Trained: 1_500)}", $"used {new TokenUse(Trained: 1_500)}"]);
    }

    private Task<ChatResponse> AskAsync(Func<OpenAiOptions, OpenAiOptions>? with = null) =>
        Chat(with).GetResponseAsync(Hello, new ChatOptions { MaxOutputTokens = 16 });

    private sealed class Recorder : IUsageMeter
    {
        public List<string> All { get; } = [];

        public IEnumerable<string> Uses => All.Where(t => t.StartsWith("used", StringComparison.Ordinal));

        public bool Refuses { get; set; }

        public bool HasNoTurn { get; set; }

        public Task<Action<TokenUse>> SetAsideAsync(TokenUse most, CancellationToken cancellationToken)
        {
            if (Refuses)
                throw new InvalidOperationException("not now");
            All.Add($"aside {most}");
            return Task.FromResult<Action<TokenUse>>(used => All.Add($"used {used}"));
        }

        public Task TurnAsync(long tokens, CancellationToken cancellationToken)
        {
            if (HasNoTurn)
                throw new InvalidOperationException("no turn");
            All.Add($"turn {tokens}");
            return Task.CompletedTask;
        }
    }
}
