using AiMe.Models.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

public sealed class OpenAiFailureTests : Served
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    /// <summary>Status, what the server says, and what is told of it.</summary>
    public static TheoryData<int, string, string> Refusals =>
        new()
        {
            {
                401,
                """{"error":{"message":"Incorrect API key provided: sk-secr******6789."}}""",
                "the key was refused (HTTP 401). Check the key in the environment variable OPENAI_API_KEY."
            },
            { 403, "{}", "the key was refused (HTTP 403)" },
            {
                404,
                """{"error":{"message":"The model `some-model` does not exist"}}""",
                "no such model or address (HTTP 404: The model `some-model` does not exist). Check model.chat"
            },
            { 400, """{"error":{"message":"logprobs are not supported with this model"}}""", "set model.log-probabilities: false" },
            { 400, """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported"}}""", "Set model.token-limit" },
            { 422, """{"detail":"too\nmany\nlines"}""", "the request was refused (HTTP 422: too many lines)" },
            {
                429,
                """{"error":{"message":"Rate limit reached for sk-secret-0123456789."}}""",
                "too busy, or your quota is used up (HTTP 429: Rate limit reached for [key])"
            },
            { 500, "<html>oops</html>", "the server failed (HTTP 500). Run the same command again" },
            { 503, """{"message":"loading"}""", "the server failed (HTTP 503: loading)" },
        };

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_is_told_with_its_status_and_what_to_do(int status, string body, string told)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body, status);
        (await FailureAsync(() => Chat().GetResponseAsync(Hello))).ShouldContain(told);
        (await FailureAsync(() => Embedder().GenerateAsync(["a"]))).ShouldContain($"HTTP {status}");
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names_and_then_told_of()
    {
        Stub.Answers = (context, _) =>
        {
            context.Response.Headers.RetryAfter = "7";
            return OpenAiStub.JsonAsync(context, "{}", 429);
        };
        (await FailureAsync(() => Chat(o => o with { Retries = 2 }).GetResponseAsync(Hello))).ShouldContain("HTTP 429 in 3 attempts");
        Stub.Requests.Count.ShouldBe(3);
        Time.Waits.ShouldBe([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7)]);
    }

    [Fact]
    public async Task A_server_that_wants_an_hour_is_not_waited_for_longer_than_the_time_limit()
    {
        Stub.Answers = (context, _) =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return OpenAiStub.JsonAsync(context, "{}", 429);
        };
        await FailureAsync(() => Chat(o => o with { Retries = 1, Timeout = TimeSpan.FromSeconds(9) }).GetResponseAsync(Hello));
        Time.Waits.ShouldBe([TimeSpan.FromSeconds(9)]);
    }

    [Fact]
    public async Task A_server_that_is_well_again_is_no_failure()
    {
        Stub.Answers = (context, asked) =>
            Stub.Requests.Count < 3 ? OpenAiStub.JsonAsync(context, "{}", 500) : OpenAiStub.Well(context, asked);
        (await Chat(o => o with { Retries = 2 }).GetResponseAsync(Hello)).Text.ShouldBe("A");
    }

    [Theory]
    [InlineData(0, "there is no connection (Connection refused")]
    [InlineData(2, "in 3 attempts. Check that the server runs, and model.base-url.")]
    public async Task A_server_that_is_not_there_is_told_of(int retries, string told)
    {
        await Stub.DisposeAsync();
        var failure = await FailureAsync(() => Chat(o => o with { Retries = retries }).GetResponseAsync(Hello));
        failure.ShouldContain("there is no connection (Connection refused");
        failure.ShouldContain(told);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_told_of()
    {
        var chat = new OpenAiChat(
            OpenAiServer.Connect(new OpenAiOptions(new Uri("http://nowhere.invalid/v1")) { Retries = 0 }, _ => Key, Time),
            "some-model"
        );
        (await Should.ThrowAsync<ProviderException>(chat.GetResponseAsync(Hello))).Message.ShouldBe(
            "http://nowhere.invalid/v1 (model some-model): there is no such host. Check that the server runs, and model.base-url."
        );
    }

    [Theory]
    [InlineData(0, "it gave no answer within 0.2 s. Raise model.timeout")]
    [InlineData(1, "it gave no answer within 0.2 s in 2 attempts. Raise model.timeout")]
    public async Task A_server_that_is_silent_is_told_of(int retries, string told)
    {
        Stub.Answers = (context, _) => OpenAiStub.Silence(context);
        (
            await FailureAsync(() =>
                Chat(o => o with { Retries = retries, Timeout = TimeSpan.FromMilliseconds(200) }).GetResponseAsync(Hello)
            )
        ).ShouldContain(told);
    }

    [Fact]
    public async Task A_server_that_stands_still_in_mid_answer_is_told_of()
    {
        Stub.Answers = async (context, _) =>
        {
            await context.Response.WriteAsync("{\"choices\":");
            await context.Response.Body.FlushAsync();
            await OpenAiStub.Silence(context);
        };
        (await FailureAsync(() => Chat(o => o with { Timeout = TimeSpan.FromMilliseconds(200) }).GetResponseAsync(Hello))).ShouldContain(
            "it gave no answer within 0.2 s"
        );
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_told_of()
    {
        Stub.Answers = async (context, _) =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"choices\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        (await FailureAsync(() => Chat().GetResponseAsync(Hello))).ShouldContain("the answer was cut off");
    }

    /// <summary>What comes in place of an answer, and what is told of it.</summary>
    public static TheoryData<string, string> Nonsense =>
        new()
        {
            { "", "it is empty" },
            { "<html>Welcome</html>", "it is not JSON, and begins '<html>Welcome</html>'. Check that model.base-url" },
            { "[]", "the answer is a list, expected an object" },
            { "{}", "choices is missing" },
            { """{"choices":"none"}""", "choices is a text, expected a list" },
            { """{"choices":[]}""", "an empty list of choices" },
            { """{"choices":[7]}""", "choices[0] is a number, expected an object" },
            { """{"choices":[{"index":0}]}""", "choices[0].message is missing" },
            { """{"choices":[{"message":{"content":7}}]}""", "choices[0].message.content is a number, expected a text" },
            {
                """{"choices":[{"message":{"content":"a"},"logprobs":{"content":[{"token":"a"}]}}]}""",
                "choices[0].logprobs.content.logprob is missing"
            },
            { """{"error":{"message":"out of memory"}}""", "it answered with an error: out of memory" },
            { """{"choices":[{"message":{"content":""}}]}""", "the model returned an empty answer, and no reason why it ended" },
            { OpenAiStub.Chat("", "tool_calls"), "the model called a tool, of which it was offered none, and gave no text" },
            { OpenAiStub.Chat("", "length"), "its 9 tokens were used up before any text. Raise max-tokens" },
            { """{"choices":[{"message":{"content":null,"refusal":"I cannot."}}]}""", "the model refused to answer: I cannot" },
            { OpenAiStub.Chat("Half", "content_filter"), "withheld the answer (content filter)" },
        };

    [Theory, MemberData(nameof(Nonsense))]
    public async Task What_is_no_answer_is_never_taken_for_one(string body, string told)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);
        (await FailureAsync(() => Chat().GetResponseAsync(Hello, new ChatOptions { MaxOutputTokens = 9 }))).ShouldContain(told);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":" \n"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":""},"finish_reason":"eos"}]}""")]
    public async Task A_model_that_stops_without_text_has_answered(string body)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);
        var response = await Chat().GetResponseAsync(Hello);
        (response.Text.Trim(), response.FinishReason).ShouldBe(("", ChatFinishReason.Stop));
    }

    [Fact]
    public async Task Only_an_empty_answer_is_something_that_the_model_did()
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("", "tool_calls"));
        (await Should.ThrowAsync<ProviderException>(Chat().GetResponseAsync(Hello))).NothingSaid.ShouldBeTrue();
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "{}", 500);
        (await Should.ThrowAsync<ProviderException>(Chat().GetResponseAsync(Hello))).NothingSaid.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task The_callers_own_cancellation_stays_one(int retries)
    {
        using CancellationTokenSource stop = new();
        Stub.Answers = async (context, _) =>
        {
            await stop.CancelAsync();
            await OpenAiStub.Silence(context);
        };
        var cancelled = await Should.ThrowAsync<OperationCanceledException>(
            Chat(o => o with { Retries = retries }).GetResponseAsync(Hello, cancellationToken: stop.Token)
        );
        cancelled.CancellationToken.ShouldBe(stop.Token);
        await Should.ThrowAsync<OperationCanceledException>(Embedder().GenerateAsync(["a"], cancellationToken: stop.Token));
    }

    [Theory]
    [InlineData(null, "the environment variable MY_KEY is not set")]
    [InlineData(" ", "the environment variable MY_KEY is not set")]
    [InlineData("sk-a b", "MY_KEY contains characters")]
    public void A_missing_key_is_told_by_the_name_of_its_variable(string? value, string told)
    {
        var missing = Should.Throw<MissingKeyException>(() =>
            OpenAiServer.Connect(new OpenAiOptions(Stub.BaseUrl) { KeyVariable = "MY_KEY" }, _ => value, Time)
        );
        missing.Message.ShouldContain(told);
        missing.Message.ShouldNotContain("sk-a");
    }

    [Fact]
    public async Task A_server_without_a_key_is_given_none_of_the_environment()
    {
        var server = OpenAiServer.Connect(
            new OpenAiOptions(Stub.BaseUrl) { KeyVariable = null },
            _ => throw new InvalidOperationException("nothing is to be read"),
            Time
        );
        await new OpenAiChat(server, "m").GetResponseAsync(Hello);
        Stub.Requests.Single().Authorization.ShouldBe("Bearer no-key");
    }

    [Fact]
    public void Options_hold_no_key() => new OpenAiOptions(Stub.BaseUrl).ToString().ShouldNotContain(Key);
}
